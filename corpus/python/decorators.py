"""Decorators: order, arguments, classes as decorators, wraps, on classes."""

import functools

log = []


def named(name):
    log.append(f"make {name}")

    def decorate(function):
        log.append(f"apply {name}")

        @functools.wraps(function)
        def wrapper(*args, **keywords):
            log.append(f"call {name}")
            return function(*args, **keywords)

        return wrapper

    return decorate


@named("outer")
@named("inner")
def target(x):
    "doc of target"
    return x + 1


assert target(1) == 2
assert log == ["make outer", "make inner", "apply inner", "apply outer", "call outer", "call inner"]
assert target.__name__ == "target" and target.__doc__ == "doc of target" and target.__wrapped__.__wrapped__(1) == 2


class Count:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function
        self.calls = 0

    def __call__(self, *args):
        self.calls += 1
        return self.function(*args)


@Count
def twice(x):
    return x * 2


assert twice(2) + twice(3) == 10 and twice.calls == 2 and twice.__name__ == "twice"
registry = {}


def register(cls):
    registry[cls.__name__] = cls
    cls.registered = True
    return cls


@register
class Thing:
    @named("method")
    def method(self):
        return "m"


assert registry == {"Thing": Thing} and Thing.registered and Thing().method() == "m"
decorators = [named("from list")]


@decorators[0]
def indexed():
    return 1


@(lambda function: "replaced")
def gone():
    pass


assert indexed() == 1 and gone == "replaced"


def optional(function=None, *, times=2):
    if function is None:
        return functools.partial(optional, times=times)
    return lambda *args: [function(*args)] * times


@optional
def a():
    return "a"


@optional(times=3)
def b():
    return "b"


assert a() == ["a", "a"] and b() == ["b"] * 3
try:

    @5
    def wrong():
        pass
except TypeError as error:
    assert str(error) == "'int' object is not callable"
else:
    raise AssertionError("no exception")
print(log)
