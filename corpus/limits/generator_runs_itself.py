# ends: raised ValueError: generator already executing
def g():
    yield next(x)
x = g()
next(x)
