"""Comprehensions: own names, nesting, conditions, order of evaluation."""

x = "outer"
assert [x for x in range(3)] == [0, 1, 2] and x == "outer"
assert [(x, y) for x in range(3) for y in range(x)] == [(1, 0), (2, 0), (2, 1)]
assert [[y for y in range(x)] for x in range(3)] == [[], [0], [0, 1]]
assert [n for n in range(20) if n % 2 if n % 3] == [1, 5, 7, 11, 13, 17, 19]
assert ["even" if n % 2 == 0 else "odd" for n in range(2)] == ["even", "odd"]
assert {c: i for i, c in enumerate("abca")} == {"a": 3, "b": 1, "c": 2}
assert {n % 3 for n in range(10)} == {0, 1, 2}
functions = [lambda: i for i in range(3)]
assert [f() for f in functions] == [2, 2, 2]
fixed = [lambda i=i: i for i in range(3)]
assert [f() for f in fixed] == [0, 1, 2]


def local():
    k = 10
    result = [k * j for j in range(3)]
    return result, sorted(name for name in locals())


assert local() == ([0, 10, 20], ["k", "result"])
assert [a + b for a, b in [(1, 2), (3, 4)]] == [3, 7] and [t for t, *_ in ["ab", "cd"]] == ["a", "c"]
log = []


def say(x):
    log.append(x)
    return x


{say("key"): say("value") for _ in [1]}
assert log == ["key", "value"]
matrix = [[1, 2], [3, 4], [5, 6]]
assert [[row[i] for row in matrix] for i in range(2)] == [[1, 3, 5], [2, 4, 6]]


def broken():
    return [missing for _ in range(1)]


try:
    broken()
except NameError as error:
    assert str(error) == "name 'missing' is not defined"
else:
    raise AssertionError("no exception")


def unbound():
    result = [v for _ in [1]]
    v = 1
    return result


try:
    unbound()
except NameError as error:
    assert str(error) == "cannot access local variable 'v' where it is not associated with a value"
else:
    raise AssertionError("no exception")
try:
    {[]: 1 for _ in [1]}
except TypeError as error:
    assert str(error) == "unhashable type: 'list'"
else:
    raise AssertionError("no exception")
print([f() for f in fixed], log)
