# ends: raised RecursionError: maximum recursion depth exceeded in comparison
def deep():
    x = []
    for _ in range(100000):
        x = [x]
    return x
deep() == deep()
