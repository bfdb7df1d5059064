# ends: raised RecursionError: maximum recursion depth exceeded
def g():
    yield from g()
next(g())
