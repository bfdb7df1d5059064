# ends: limit memory
x = 1 << (1 << 40)
