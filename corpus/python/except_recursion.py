"""Recursion that never ends is an exception that can be caught."""


def forever(n):
    return forever(n + 1)


try:
    forever(0)
except RecursionError as error:
    assert str(error) == "maximum recursion depth exceeded"
else:
    raise AssertionError("no exception")


class Endless:
    def __getattr__(self, name):
        return getattr(self, name)

    def __eq__(self, other):
        return self == other


try:
    Endless().x
except RecursionError as error:
    assert str(error).startswith("maximum recursion depth exceeded")
else:
    raise AssertionError("no exception")
try:
    Endless() == Endless()
except RecursionError as error:
    assert str(error).startswith("maximum recursion depth exceeded")
else:
    raise AssertionError("no exception")


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


assert depth(900) == 900, "900 levels fit"
caught = 0
for _ in range(3):
    try:
        forever(0)
    except RecursionError:
        caught += 1
assert caught == 3
loop = []
loop.append(loop)
table = {}
table["self"] = table
assert repr(loop) == "[[...]]" and repr(table) == "{'self': {...}}"
print(caught, loop, table)
