# ends: limit instructions
x = []
for _ in range(60):
    x = [x, x]
repr(x)
