"""Chaining: __cause__, __context__, __suppress_context__, from None."""


def fail(how):
    try:
        raise KeyError("first")
    except KeyError as first:
        if how == "implicit":
            raise ValueError("second")
        if how == "from":
            raise ValueError("second") from first
        if how == "none":
            raise ValueError("second") from None
        raise ValueError("second") from TypeError("other")


def caught(how):
    try:
        fail(how)
    except ValueError as error:
        return repr(error.__cause__), repr(error.__context__), error.__suppress_context__


assert caught("implicit") == ("None", "KeyError('first')", False)
assert caught("from") == ("KeyError('first')", "KeyError('first')", True)
assert caught("none") == ("None", "KeyError('first')", True)
assert caught("other") == ("TypeError('other')", "KeyError('first')", True)
try:
    try:
        1 / 0
    finally:
        {}["k"]
except KeyError as error:
    assert repr(error.__context__) == "ZeroDivisionError('division by zero')"
else:
    raise AssertionError("no exception")
try:
    try:
        try:
            raise ValueError(1)
        except ValueError:
            raise ValueError(2)
    except ValueError:
        raise ValueError(3)
except ValueError as error:
    chain = []
    while error:
        chain.append(error.args[0])
        error = error.__context__
assert chain == [3, 2, 1]
same = ValueError("same")
try:
    try:
        raise same
    except ValueError as e:
        raise e
except ValueError as error:
    assert error is same and error.__context__ is None
else:
    raise AssertionError("no exception")
import sys

assert sys.exc_info() == (None, None, None)
try:
    raise OSError("x")
except OSError as error:
    assert sys.exc_info()[1] is error and sys.exception() is error
    assert error.__traceback__ is not None and error.with_traceback(None) is error
print(chain, caught("from"))
