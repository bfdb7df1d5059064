# ends: limit memory
x = bytes(10 ** 12)
