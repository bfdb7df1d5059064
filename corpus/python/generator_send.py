"""send: values come back out of yield; the first send must be None."""


def averager():
    total = count = 0
    average = None
    while True:
        value = yield average
        if value is None:
            return total, count
        total += value
        count += 1
        average = total / count


a = averager()
try:
    a.send(3)
except TypeError as error:
    assert str(error) == "can't send non-None value to a just-started generator"
else:
    raise AssertionError("no exception")
assert a.send(None) is None
assert a.send(10) == 10.0 and a.send(20) == 15.0
try:
    a.send(None)
except StopIteration as stop:
    assert stop.value == (30, 2)
else:
    raise AssertionError("no exception")


def echo():
    received = []
    while len(received) < 3:
        received.append((yield len(received)))
    return received


e = echo()
assert [next(e), e.send("a"), e.send("b")] == [0, 1, 2]
try:
    e.send("c")
except StopIteration as stop:
    assert stop.value == ["a", "b", "c"]
else:
    raise AssertionError("no exception")


def two():
    x = yield (yield 1)
    yield x


t = two()
assert next(t) == 1 and t.send("first") == "first" and t.send("second") == "second"
print("sent")
