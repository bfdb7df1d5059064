# ends: limit memory
x = bytearray(10 ** 12)
