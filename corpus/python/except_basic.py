"""try, except, else, finally: order, matching, the name that goes away."""

log = []


def run(action):
    try:
        log.append("try")
        action()
    except (KeyError, IndexError) as error:
        log.append(type(error).__name__)
    except ArithmeticError:
        log.append("arithmetic")
    except Exception as error:
        log.append(f"other {error}")
    else:
        log.append("else")
    finally:
        log.append("finally")


run(lambda: None)
run(lambda: {}["k"])
run(lambda: 1 / 0)
run(lambda: int("x"))
assert log == [
    "try", "else", "finally", "try", "KeyError", "finally", "try", "arithmetic", "finally",
    "try", "other invalid literal for int() with base 10: 'x'", "finally",
]
try:
    raise ValueError("gone")
except ValueError as e:
    kept = e
try:
    e
except NameError as error:
    assert str(error) == "name 'e' is not defined"
else:
    raise AssertionError("no exception")
assert kept.args == ("gone",) and str(kept) == "gone" and repr(kept) == "ValueError('gone')"


def order():
    try:
        try:
            raise KeyError("inner")
        finally:
            log.append("inner finally")
    except KeyError:
        log.append("outer except")
        return "value"
    else:
        raise AssertionError("no exception")
    finally:
        log.append("outer finally")


assert order() == "value" and log[-3:] == ["inner finally", "outer except", "outer finally"]


def reraise():
    try:
        [].pop()
    except IndexError:
        raise


try:
    reraise()
except LookupError as error:
    assert str(error) == "pop from empty list"
else:
    raise AssertionError("no exception")
try:
    try:
        raise TypeError("a")
    except 5:
        pass
except TypeError as error:
    assert str(error) == "catching classes that do not inherit from BaseException is not allowed"
else:
    raise AssertionError("no exception")


def message(call):
    try:
        call()
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


def nothing_active():
    raise


def not_an_exception():
    raise 5


def class_only():
    raise KeyError


def bad_cause():
    raise ValueError from 5


assert message(nothing_active) == "RuntimeError: No active exception to reraise"
assert message(not_an_exception) == "TypeError: exceptions must derive from BaseException"
assert message(class_only) == "KeyError: "
assert message(bad_cause) == "TypeError: exception causes must derive from BaseException"


def leaves():
    raise SystemExit(3)


assert message(leaves) == "SystemExit: 3" and not issubclass(SystemExit, Exception)
print(log)
