"""Deep recursion that ends in another error: only equal neighbours are folded."""


def descend(n):
    if n == 0:
        raise RuntimeError("bottom")
    return descend(n - 1)


descend(10)
