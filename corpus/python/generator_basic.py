"""Generators: laziness, exhaustion, return values, attributes, messages."""

log = []


def count(limit):
    log.append("start")
    for number in range(limit):
        yield number
    log.append("end")
    return "done"


def message(call, *args):
    try:
        call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


g = count(2)
assert log == [] and iter(g) is g and g.__name__ == "count" and type(g).__name__ == "generator"
assert next(g) == 0 and log == ["start"] and next(g) == 1
try:
    next(g)
except StopIteration as stop:
    assert stop.value == "done" and stop.args == ("done",)
else:
    raise AssertionError("no exception")
assert log == ["start", "end"] and next(g, "default") == "default" and list(g) == []
assert message(next, g) == "StopIteration: "
assert message(next, 5) == "TypeError: 'int' object is not an iterator"
assert message(next, [1]) == "TypeError: 'list' object is not an iterator"
assert message(len, count(1)) == "TypeError: object of type 'generator' has no len()"
assert message(lambda: count(1)[0]) == "TypeError: 'generator' object is not subscriptable"
assert repr(count(1)).startswith("<generator object count at 0x")


def stops():
    yield 1
    raise StopIteration(5)


s = stops()
next(s)
try:
    next(s)
except RuntimeError as error:
    assert str(error) == "generator raised StopIteration" and isinstance(error.__cause__, StopIteration)
else:
    raise AssertionError("no exception")


def again():
    yield next(me)


me = again()
assert message(next, me) == "ValueError: generator already executing"


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


f = fibonacci()
print([next(f) for _ in range(12)], log)
