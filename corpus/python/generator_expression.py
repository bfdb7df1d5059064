"""Generator expressions: lazy, own scope, first iterable at once."""

log = []


def noted(x):
    log.append(x)
    return x


g = (noted(x) * 10 for x in range(5))
assert log == [] and next(g) == 0 and log == [0]
assert list(g) == [10, 20, 30, 40] and log == [0, 1, 2, 3, 4]
try:
    (x for x in 5)
except TypeError as error:
    assert str(error) == "'int' object is not iterable", "the outer iterable is taken at once"
else:
    raise AssertionError("no exception")
late = (x for _ in [1] for x in 5)
try:
    next(late)
except TypeError as error:
    assert str(error) == "'int' object is not iterable"
else:
    raise AssertionError("no exception")
assert sum(x * x for x in range(4)) == 14 and any(x > 2 for x in range(9)) and max((len(w) for w in ["a", "bcd"]), default=0) == 3
log.clear()
assert any(noted(x) == 1 for x in range(10)) and log == [0, 1]
assert "".join(c.upper() for c in "abc") == "ABC" and dict((k, k * 2) for k in "ab") == {"a": "aa", "b": "bb"}
factor = 2
h = (factor * x for x in [1, 2])
factor = 10
assert list(h) == [10, 20], "names are looked up when the item is made"
numbers = [1, 2]
h = (x for x in numbers)
numbers = [9]
assert list(h) == [1, 2]
assert type(g).__name__ == "generator" and g.__name__ == "<genexpr>"
a, b = (x for x in "xy")
print(a, b, log)
