# ends: limit memory
list(range(10 ** 12))
