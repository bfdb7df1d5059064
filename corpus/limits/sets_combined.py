# ends: limit instructions
x = set(range(10 ** 5))
while True:
    x | x, x & x, x - x, x ^ x, x <= x
