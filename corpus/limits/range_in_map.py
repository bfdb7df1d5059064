# ends: limit instructions
for x in map(abs, range(10 ** 15)):
    pass
