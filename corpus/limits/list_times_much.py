# ends: limit memory
x = [0] * 10 ** 12
