"""Functions as objects: names, defaults, annotations, attributes, repr."""


def plain(a: int, b: "text" = 2, *args, c: list = None, **kw) -> str:
    "A docstring."
    local = a
    return local


assert plain.__name__ == plain.__qualname__ == "plain" and plain.__doc__ == "A docstring." and plain.__module__ == "__main__"
assert plain.__defaults__ == (2,) and plain.__kwdefaults__ == {"c": None}
assert plain.__annotations__ == {"a": int, "b": "text", "c": list, "return": str}
plain.calls = 3
assert plain.calls == 3 and vars(plain) == {"calls": 3}
code = plain.__code__
assert code.co_name == "plain" and code.co_argcount == 2 and code.co_kwonlyargcount == 1
assert code.co_varnames == ("a", "b", "c", "args", "kw", "local") and code.co_firstlineno == 4
assert repr(plain).startswith("<function plain at 0x")
square = lambda x: x * x
assert square.__name__ == "<lambda>" and square(4) == 16
plain.__name__ = "renamed"
assert plain.__name__ == "renamed" and repr(plain).startswith("<function plain at")
plain.__defaults__ = (7,)
plain.__doc__ = None


def outer():
    def inner():
        pass

    return inner


assert outer().__qualname__ == "outer.<locals>.inner" and outer() is not outer()
assert repr(len) == "<built-in function len>" and len.__name__ == "len"
assert repr([].append).startswith("<built-in method append of list object at 0x")
assert repr(str.upper) == "<method 'upper' of 'str' objects>" and str.upper("a") == "A"
assert list(map(str.strip, [" a ", "b "])) == ["a", "b"]
try:
    plain.missing
except AttributeError as error:
    assert str(error) == "'function' object has no attribute 'missing'"
else:
    raise AssertionError("no exception")
try:
    str.upper(5)
except TypeError as error:
    assert str(error) == "descriptor 'upper' for 'str' objects doesn't apply to a 'int' object"
else:
    raise AssertionError("no exception")
print(plain.__annotations__["b"], square(5), outer().__qualname__)
