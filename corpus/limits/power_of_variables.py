# ends: limit instructions
a = 9
for _ in range(40):
    a = a ** 9
