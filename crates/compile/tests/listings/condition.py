def f(a, b, c):
    if a < 5 and not b or c is None:
        return 1
    if a <= b < c:
        return 2
    x = a or b
    return x if c in [1, 2] else not a
