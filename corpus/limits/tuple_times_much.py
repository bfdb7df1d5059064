# ends: limit memory
x = (1, 2) * 10 ** 12
