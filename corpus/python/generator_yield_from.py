"""yield from: delegation of next, send, throw and close, and the result."""

log = []


def inner():
    received = 0
    try:
        while True:
            try:
                received = yield received
            except ValueError:
                log.append("inner caught")
                received = -1
            if received is None:
                return "inner result"
    finally:
        log.append("inner finally")


def outer():
    result = yield from inner()
    log.append(result)
    more = yield from [7, 8]
    assert more is None
    return "outer result"


o = outer()
assert next(o) == 0 and o.send(5) == 5 and o.throw(ValueError) == -1
assert o.send(None) == 7 and next(o) == 8
try:
    next(o)
except StopIteration as stop:
    assert stop.value == "outer result"
else:
    raise AssertionError("no exception")
assert log == ["inner caught", "inner finally", "inner result"]
o = outer()
next(o)
o.close()
assert log[-1] == "inner finally"


def flatten(tree):
    for item in tree:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


assert list(flatten([1, [2, [3, []], 4], [[5]]])) == [1, 2, 3, 4, 5]


def text():
    yield from "ab"
    yield from range(2)
    yield from {"k": 1}


assert list(text()) == ["a", "b", 0, 1, "k"]


def wrong():
    yield from 5


try:
    list(wrong())
except TypeError as error:
    assert str(error) == "'int' object is not iterable"
else:
    raise AssertionError("no exception")


def depth(n):
    if n:
        yield from depth(n - 1)
    yield n


assert sum(depth(100)) == 5050
print(log)
