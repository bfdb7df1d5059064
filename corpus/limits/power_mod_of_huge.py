# ends: limit instructions
n = 10 ** 20000
while True:
    pow(n - 1, n - 3, n - 7)
