# ends: limit instructions
x, y = 'a' * 10 ** 6 + 'b', 'a' * 10 ** 6 + 'c'
while True:
    x == y, x < y, hash(x + 'd')
