# ends: limit memory
x = 'a' * 10 ** 12
