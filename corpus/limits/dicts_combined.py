# ends: limit instructions
x = dict.fromkeys(range(10 ** 5))
while True:
    x | x, x == x, dict(x), list(x.items())
