"""An exception of an own class without text, raised as a class."""


class Stop(Exception):
    pass


def run(depth):
    if depth:
        run(depth - 1)
    else:
        raise Stop


run(2)
