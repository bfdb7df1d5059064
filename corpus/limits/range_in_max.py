# ends: limit memory
max(range(10 ** 15))
