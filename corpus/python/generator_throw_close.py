"""throw and close: finally blocks run, GeneratorExit passes, return ends."""

log = []


def worker():
    while True:
        try:
            yield "ready"
        except ValueError as error:
            log.append(f"caught {error}")
            yield "recovered"
        else:
            raise AssertionError("no exception")
        finally:
            log.append("tidy")


w = worker()
assert next(w) == "ready"
assert w.throw(ValueError("bad")) == "recovered"
assert next(w) == "ready" and log == ["caught bad", "tidy"]
w.close()
assert log == ["caught bad", "tidy", "tidy"] and next(w, None) is None
w.close()


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2
    else:
        raise AssertionError("no exception")


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as error:
    assert str(error) == "generator ignored GeneratorExit"
else:
    raise AssertionError("no exception")


def fresh():
    log.append("never")
    yield 1


f = fresh()
try:
    f.throw(KeyError("k"))
except KeyError as error:
    assert error.args == ("k",)
else:
    raise AssertionError("no exception")
assert next(f, "over") == "over" and "never" not in log


def dropped():
    try:
        yield 1
        yield 2
    finally:
        log.append("dropped")


for item in dropped():
    break
assert list(log)[-1] == "dropped", "a dropped generator is closed before the next call of a built-in"
g = dropped()
next(g)
del g
assert log.count("dropped") == 2


def context():
    try:
        yield
    except ZeroDivisionError as error:
        raise ValueError("from inside") from error


c = context()
next(c)
try:
    c.throw(ZeroDivisionError("zero"))
except ValueError as error:
    assert repr(error.__cause__) == "ZeroDivisionError('zero')"
else:
    raise AssertionError("no exception")
print(log)
