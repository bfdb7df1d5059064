# ends: limit memory
sorted(range(10 ** 12))
