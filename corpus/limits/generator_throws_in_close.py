# ends: raised ValueError: late
def g():
    try:
        yield 1
    finally:
        raise ValueError("late")
x = g()
next(x)
x.close()
