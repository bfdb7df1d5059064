def f(xs, k):
    a = [x * k for x in xs if x]
    b = {x: y for x in xs for y in x}
    c = [lambda: x for x in xs]
    return a, b, c, sum(x for x in xs)
