"""Closures that count, adders made on the fly, calls with star-arguments."""


def make_counter():
    value = 0

    def bump(by=1):
        nonlocal value
        value += by
        return value

    return bump


def adder(amount):
    return lambda x: x + amount


def compose(*functions):
    def run(x):
        for function in functions:
            x = function(x)
        return x

    return run


def weigh(*args, scale=1, **named):
    total = 0
    for value in args:
        total += value * scale
    return total + named.get("extra", 0)


def main(n: int):
    bump = make_counter()
    pipeline = compose(adder(3), adder(-1), lambda x: x * 2)
    total = 0
    for turn in range(n):
        bump()
        bump(by=turn % 3)
        total += pipeline(turn)
        values = (turn, turn + 1, turn + 2)
        total += weigh(*values, scale=2)
        total -= weigh(*values, 5, **{"scale": 3, "extra": turn})
    return total, bump(0)
