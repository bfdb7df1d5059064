# ends: limit instructions
def tree():
    x = []
    for _ in range(60):
        x = [x, x]
    return x
tree() == tree()
