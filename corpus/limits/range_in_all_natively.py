# ends: limit instructions
all(range(1, 10 ** 15))
