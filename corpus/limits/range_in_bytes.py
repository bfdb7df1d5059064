# ends: limit memory
bytes(range(256)) * 10 ** 10
