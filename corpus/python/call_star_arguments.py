"""Star arguments: unpacking on both sides, order of evaluation, defaults."""


def show(*args, **keywords):
    return args, list(keywords.items())


assert show(*[1, 2], 3, *(4,), **{"a": 1}, b=2, **{"c": 3}) == ((1, 2, 3, 4), [("a", 1), ("b", 2), ("c", 3)])
assert show(*"ab", *range(2), *{"k": 0}) == (("a", "b", 0, 1, "k"), [])


def full(a, b=2, /, c=3, *rest, d, e=5, **more):
    return a, b, c, rest, d, e, more


assert full(1, d=4) == (1, 2, 3, (), 4, 5, {})
assert full(1, 20, 30, 40, 50, d=4, z=9) == (1, 20, 30, (40, 50), 4, 5, {"z": 9})
assert full(1, d=4, a=7, b=8) == (1, 2, 3, (), 4, 5, {"a": 7, "b": 8})
log = []


def t(x):
    log.append(x)
    return x


show(t(1), *t([2]), k=t(3), **t({"z": 4}))
assert log == [1, [2], 3, {"z": 4}]


def default(x, seen=[]):
    seen.append(x)
    return seen


assert default(1) == [1] and default(2) == [1, 2] and default(3, []) == [3] and default.__defaults__ == ([1, 2],)
args = [1, 2]


def change(*received, **named):
    received += (3,)
    named["new"] = 1
    return received, named


options = {"k": 1}
assert change(*args, **options) == ((1, 2, 3), {"k": 1, "new": 1}) and args == [1, 2] and options == {"k": 1}


def apply(f, *args, **keywords):
    return f(*args, **keywords)


assert apply(full, 1, c=0, d=1)[2] == 0 and apply(sorted, [3, 1], reverse=True) == [3, 1]
assert (*[1, 2], *"a") == (1, 2, "a") and [*range(2), *[5]] == [0, 1, 5] and {*[1], *[1, 2]} == {1, 2}
assert {**{"a": 1, "b": 2}, "b": 3, **{"c": 4}} == {"a": 1, "b": 3, "c": 4}
try:
    [*5]
except TypeError as error:
    assert str(error) == "Value after * must be an iterable, not int"
else:
    raise AssertionError("no exception")
try:
    {**5}
except TypeError as error:
    assert str(error) == "'int' object is not a mapping"
else:
    raise AssertionError("no exception")
print(full(1, 2, 3, 4, d=5), show(*"xy", z=1))
