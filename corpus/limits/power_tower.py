# ends: limit memory
x = 10 ** 10 ** 10
