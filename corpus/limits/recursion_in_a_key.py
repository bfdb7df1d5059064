# ends: raised RecursionError: maximum recursion depth exceeded
def key(x):
    return max([1, 2], key=key)
sorted([1, 2], key=key)
