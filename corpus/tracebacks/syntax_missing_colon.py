"""A missing colon."""


def double(x)
    return x * 2
