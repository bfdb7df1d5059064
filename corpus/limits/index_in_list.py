# ends: limit instructions
x = [0.5] * 10 ** 6
while True:
    x.count(1), 1 in x
