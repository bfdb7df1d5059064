# ends: limit memory
print(*range(10 ** 12))
