def f(g, *args, key=None, **kw):
    g(1, g(2), key=3)
    g.method(1).other(key)
    g(*args, 1, a=2, **kw)
    return g(*args)
