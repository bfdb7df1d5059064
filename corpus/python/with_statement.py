"""with: enter, exit, suppression, several managers, order, messages."""

log = []


class Manager:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        log.append(f"enter {self.name}")
        return self.name.upper()

    def __exit__(self, kind, error, trace):
        log.append(f"exit {self.name} {kind.__name__ if kind else None}")
        return self.swallow


with Manager("a") as a, Manager("b") as b:
    assert (a, b) == ("A", "B")
assert log == ["enter a", "enter b", "exit b None", "exit a None"]
log.clear()
with (
    Manager("outer", swallow=True),
    Manager("inner") as inner,
):
    raise ValueError("lost")
assert log[-2:] == ["exit inner ValueError", "exit outer ValueError"]


def early():
    with Manager("r"):
        return "returned"


assert early() == "returned" and log[-1] == "exit r None"
for i in range(2):
    with Manager(f"loop{i}"):
        if i == 0:
            continue
        break
assert log[-1] == "exit loop1 None"
try:
    with Manager("pass on"):
        raise KeyError("k")
except KeyError:
    log.append("outside")
else:
    raise AssertionError("no exception")


class BadExit:
    def __enter__(self):
        return self

    def __exit__(self, *details):
        raise TypeError("from exit")


try:
    with BadExit():
        raise ValueError("from body")
except TypeError as error:
    assert str(error.__context__) == "from body"
else:
    raise AssertionError("no exception")


class OnlyEnter:
    def __enter__(self):
        pass


def message(manager):
    try:
        with manager:
            pass
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(5) == "TypeError: 'int' object does not support the context manager protocol"
assert message(OnlyEnter()) == (
    "TypeError: 'OnlyEnter' object does not support the context manager protocol (missed __exit__ method)"
)


class Failing:
    def __enter__(self):
        raise OSError("cannot enter")

    def __exit__(self, *details):
        log.append("never")


assert message(Failing()) == "OSError: cannot enter" and "never" not in log
with Manager("target") as (x, *y):
    assert x == "T" and y == list("ARGET")
print(log)
