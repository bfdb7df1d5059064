# ends: limit instructions
def f():
    x = [0] * 1000
    yield x
keep = []
while True:
    g = f()
    next(g)
    keep.append(g)
