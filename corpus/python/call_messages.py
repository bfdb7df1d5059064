"""Every message of a call that does not fit its function."""


def f(a, b, c=3, *, d, e=5):
    return a, b, c, d, e


def g(a, /, b):
    return a, b


def h():
    pass


def star(*args, **keywords):
    return args, keywords


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


assert message(lambda: f()) == "f() missing 2 required positional arguments: 'a' and 'b'"
assert message(lambda: f(1)) == "f() missing 1 required positional argument: 'b'"
assert message(lambda: f(1, 2)) == "f() missing 1 required keyword-only argument: 'd'"
assert message(lambda: f(1, 2, 3, 4, d=1)) == (
    "f() takes from 2 to 3 positional arguments but 4 positional arguments (and 1 keyword-only argument) were given"
)
assert message(lambda: f(1, 2, 3, 4)) == "f() takes from 2 to 3 positional arguments but 4 were given"
assert message(lambda: f(1, 2, d=1, z=1)) == "f() got an unexpected keyword argument 'z'"
assert message(lambda: f(1, 2, a=1, d=1)) == "f() got multiple values for argument 'a'"
assert message(lambda: g(a=1, b=2)) == "g() got some positional-only arguments passed as keyword arguments: 'a'"
assert message(lambda: g(1)) == "g() missing 1 required positional argument: 'b'"
assert message(lambda: h(1)) == "h() takes 0 positional arguments but 1 was given"
assert message(lambda: h(x=1)) == "h() got an unexpected keyword argument 'x'"
assert message(lambda: f(*[1], **{"b": 2, "d": 3, "q": 4})) == "f() got an unexpected keyword argument 'q'"
assert message(lambda: f(*5)) == "__main__.f() argument after * must be an iterable, not int"
assert message(lambda: f(**5)) == "__main__.f() argument after ** must be a mapping, not int"
assert message(lambda: star(**{1: 2})) == "keywords must be strings"
assert message(lambda: star(**{"a": 1}, **{"a": 2})) == "__main__.star() got multiple values for keyword argument 'a'"
assert message(lambda: star(a=1, **{"a": 2})) == "__main__.star() got multiple values for keyword argument 'a'"
assert message(lambda: (lambda x: x)()) == "<lambda>.<locals>.<lambda>() missing 1 required positional argument: 'x'"


def many(a, b, c, d):
    pass


assert message(lambda: many()) == "many() missing 4 required positional arguments: 'a', 'b', 'c', and 'd'"
assert message(lambda: many(1, 2, 3, 4, 5, 6)) == "many() takes 4 positional arguments but 6 were given"


def keyword_only(*, x, y):
    pass


assert message(lambda: keyword_only()) == "keyword_only() missing 2 required keyword-only arguments: 'x' and 'y'"
assert message(lambda: keyword_only(1)) == "keyword_only() takes 0 positional arguments but 1 was given"


class C:
    def method(self, a):
        pass


assert message(lambda: C().method()) == "C.method() missing 1 required positional argument: 'a'"
assert message(lambda: C().method(1, 2)) == "C.method() takes 2 positional arguments but 3 were given"
nothing, one = None, 1
assert message(lambda: nothing()) == "'NoneType' object is not callable"
assert message(lambda: one(2)) == "'int' object is not callable"
print(f(1, 2, d=4), g(1, b=2), star(1, *[2, 3], x=4, **{"y": 5}))
