"""finally with return, break and exceptions: which of them wins."""


def f(how):
    log = []
    try:
        try:
            log.append("body")
            if how == "return":
                return log
            if how == "raise":
                raise ValueError("v")
        except ValueError:
            log.append("except")
            return log
        else:
            log.append("else")
        finally:
            log.append("finally")
    finally:
        log.append("outer")
    log.append("end")
    return log


assert f("return") == ["body", "finally", "outer"]
assert f("raise") == ["body", "except", "finally", "outer"]
assert f("") == ["body", "else", "finally", "outer", "end"]


def value_is_fixed():
    x = 1
    try:
        return x
    finally:
        x = 2


assert value_is_fixed() == 1


def replaced():
    try:
        raise ValueError("first")
    finally:
        raise TypeError("second")


try:
    replaced()
except TypeError as error:
    assert str(error) == "second" and str(error.__context__) == "first"
else:
    raise AssertionError("no exception")


def returned_over_exception():
    try:
        raise ValueError
    finally:
        return "quiet"


assert returned_over_exception() == "quiet"


def continue_in_finally():
    seen = []
    for i in range(3):
        try:
            1 / (i - 1)
        except ZeroDivisionError:
            seen.append("zero")
        else:
            raise AssertionError("no exception")
        finally:
            seen.append(i)
            continue
    return seen


assert continue_in_finally() == [0, "zero", 1, 2]


def nested_generator():
    try:
        try:
            yield 1
        finally:
            yield 2
    finally:
        yield 3


assert list(nested_generator()) == [1, 2, 3]


def else_raises():
    try:
        pass
    except ValueError:
        return "not here"
    else:
        raise ValueError("from else")


try:
    else_raises()
except ValueError as error:
    assert str(error) == "from else"
else:
    raise AssertionError("no exception")
print(f("raise"), continue_in_finally())
