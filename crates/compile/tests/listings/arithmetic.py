def f(a, b):
    x = a + b
    x = x * 2 - 1
    x //= b
    x += 1
    return -x ** 2 % (10 ** 3 + 7)
