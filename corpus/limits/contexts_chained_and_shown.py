# ends: raised KeyError
def f(n):
    try:
        raise KeyError
    finally:
        if n:
            f(n - 1)
f(200)
