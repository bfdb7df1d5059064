# ends: raised ValueError: list modified during sort
x = list(range(100))
def key(n):
    x.append(n)
    return n
x.sort(key=key)
