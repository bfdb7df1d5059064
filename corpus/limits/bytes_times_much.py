# ends: limit memory
x = b'ab' * 10 ** 11
