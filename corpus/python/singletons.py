"""None, Ellipsis, NotImplemented, True and False as objects."""

assert ... is Ellipsis and repr(...) == "Ellipsis" and type(...).__name__ == "ellipsis" and type(None).__name__ == "NoneType"
assert repr(NotImplemented) == "NotImplemented" and type(None)() is None and type(True) is bool and bool(...) and None == None and not None
assert str(None) == "None" and [None] * 2 == [None, None] and hash(None) == hash(None) and {None: 1}[None] == 1 and (None,) == (None,)


def todo(): ...


assert todo() is None


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


nothing = None
assert message(lambda: None < 1) == "TypeError: '<' not supported between instances of 'NoneType' and 'int'"
assert message(lambda: nothing[0]) == "TypeError: 'NoneType' object is not subscriptable"
assert message(lambda: len(None)) == "TypeError: object of type 'NoneType' has no len()"
assert message(lambda: [x for x in None]) == "TypeError: 'NoneType' object is not iterable"
assert message(lambda: setattr(None, "x", 1)) == "AttributeError: 'NoneType' object has no attribute 'x'"
assert message(lambda: type(None)(1)) == "TypeError: NoneType takes no arguments"
assert message(lambda: bool(1, 2)) == "TypeError: bool expected at most 1 argument, got 2"
assert message(lambda: ... + 1) == "TypeError: unsupported operand type(s) for +: 'ellipsis' and 'int'"
assert message(lambda: None.upper()) == "AttributeError: 'NoneType' object has no attribute 'upper'"
assert message(lambda: type("X", (bool,), {})) == "TypeError: type 'bool' is not an acceptable base type"
print(..., None, NotImplemented, True, type(...), type(NotImplemented))
