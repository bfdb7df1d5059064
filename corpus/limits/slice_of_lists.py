# ends: limit instructions
x = list(range(10 ** 5))
while True:
    x[::-1], x[1:], x + x, x * 2
