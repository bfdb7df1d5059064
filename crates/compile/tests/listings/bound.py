def f(a):
    if a:
        x = 1
    print(x)
    print(x)
    del x
    for i in a:
        pass
    return i
