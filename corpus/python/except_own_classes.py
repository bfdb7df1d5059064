"""Own exception classes: hierarchy, attributes, str and repr by arguments."""


class AppError(Exception):
    """Base of all."""


class NotFound(AppError, LookupError):
    def __init__(self, what, where="here"):
        super().__init__(f"{what} is not {where}")
        self.what = what


class Silent(AppError):
    def __str__(self):
        return "custom text"


class Bare(AppError):
    def __init__(self, a, b):
        self.a = a


try:
    raise NotFound("key")
except LookupError as error:
    assert str(error) == "key is not here" and error.what == "key" and repr(error) == "NotFound('key is not here')"
assert str(Silent(1, 2)) == "custom text" and repr(Silent(1, 2)) == "Silent(1, 2)" and Silent(1, 2).args == (1, 2)
assert str(AppError()) == "" and repr(AppError()) == "AppError()" and str(AppError(1, "b")) == "(1, 'b')"
assert Bare(1, 2).args == (1, 2), "arguments are kept by __new__"
assert str(KeyError("k")) == "'k'" and repr(KeyError("k")) == "KeyError('k')" and str(KeyError(1, 2)) == "(1, 2)"
assert str(ValueError(None)) == "None" and str(ValueError([1])) == "[1]"
assert [c.__name__ for c in NotFound.__mro__] == [
    "NotFound", "AppError", "LookupError", "Exception", "BaseException", "object",
]
assert issubclass(ZeroDivisionError, ArithmeticError) and issubclass(IndexError, LookupError)
assert issubclass(UnicodeDecodeError, ValueError) and issubclass(FileNotFoundError, OSError) and IOError is OSError
assert issubclass(RecursionError, RuntimeError) and issubclass(NotImplementedError, RuntimeError)
assert issubclass(ModuleNotFoundError, ImportError) and issubclass(UnboundLocalError, NameError)
assert AppError("a") != AppError("a")
e = OSError(2, "No such file", "x.txt")
assert (e.errno, e.strerror, e.filename) == (2, "No such file", "x.txt")
assert str(e) == "[Errno 2] No such file: 'x.txt'" and type(e) is FileNotFoundError
s = StopIteration(5)
assert s.value == 5 and SystemExit(4).code == 4 and NameError("m", name="n").name == "n"
try:
    raise NotFound
except TypeError as error:
    assert str(error) == "NotFound.__init__() missing 1 required positional argument: 'what'"
try:
    ValueError(a=1)
except TypeError as error:
    assert str(error) == "ValueError() takes no keyword arguments"
else:
    raise AssertionError("no exception")
print(repr(NotFound("x", "there")), e)
