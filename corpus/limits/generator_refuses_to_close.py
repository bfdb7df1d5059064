# ends: raised RuntimeError: generator ignored GeneratorExit
def g():
    while True:
        try:
            yield 1
        except GeneratorExit:
            pass
x = g()
next(x)
x.close()
