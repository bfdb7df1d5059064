"""assert: messages, tuples, and what the error carries."""


def caught(call):
    try:
        call()
    except AssertionError as error:
        return error.args


def plain():
    assert 1 == 2


def with_message():
    assert [], "list is empty"


def with_value():
    assert 0, {"a": 1}


def computed():
    assert True, 1 / 0
    return "ok"


assert caught(plain) == () and caught(with_message) == ("list is empty",) and caught(with_value) == ({"a": 1},) and computed() == "ok"
assert (lambda: __debug__)() is True
try:
    assert False, "text"
except AssertionError as error:
    assert str(error) == "text" and repr(error) == "AssertionError('text')"
else:
    raise AssertionError("no exception")
print(caught(with_message), caught(with_value))
