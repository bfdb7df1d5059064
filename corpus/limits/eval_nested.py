# ends: limit asks
def f(n):
    return eval('f(n + 1)', {'f': f, 'n': n})
f(0)
