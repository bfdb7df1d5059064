# ends: raised RecursionError: maximum recursion depth exceeded
def f():
    f()
f()
