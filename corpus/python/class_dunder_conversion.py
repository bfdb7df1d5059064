"""Conversions: str, repr, format, int, float, bool, hash, bytes, call."""


class Value:
    def __repr__(self):
        return "Value()"

    def __format__(self, spec):
        return f"<{spec}>"

    def __int__(self):
        return 3

    def __float__(self):
        return 2.5

    def __complex__(self):
        return 1j

    def __bytes__(self):
        return b"raw"

    def __hash__(self):
        return 2**64

    def __round__(self, digits=None):
        return ("round", digits)

    def __trunc__(self):
        return "trunc"

    def __ceil__(self):
        return "ceil"

    def __call__(self, *args, **keywords):
        return args, keywords


import math

v = Value()
assert str(v) == repr(v) == "Value()" and f"{v}" == "<>" and f"{v:x>3}" == "<x>3>" and f"{v!r:>9}" == "  Value()"
assert "{:abc}".format(v) == "<abc>" and format(v, "q") == "<q>" and "%s %r" % (v, v) == "Value() Value()"
assert int(v) == 3 and float(v) == 2.5 and complex(v) == 1j and bytes(v) == b"raw"
assert round(v) == ("round", None) and round(v, 2) == ("round", 2)
assert math.trunc(v) == "trunc" and math.ceil(v) == "ceil"
assert v(1, a=2) == ((1,), {"a": 2}) and callable(v) and not callable(3)
assert hash(v) == 8, "a wide hash is reduced modulo 2**61 - 1"
assert [v] == [v] and str([v, (v,)]) == "[Value(), (Value(),)]"


class Bad:
    def __str__(self):
        return 5

    def __repr__(self):
        return None

    def __hash__(self):
        return "x"

    def __int__(self):
        return 1.5

    def __format__(self, spec):
        return 1

    def __index__(self):
        return "i"


def message(call, *args):
    try:
        call(*args)
    except TypeError as error:
        return str(error)


assert message(str, Bad()) == "__str__ returned non-string (type int)"
assert message(repr, Bad()) == "__repr__ returned non-string (type NoneType)"
assert message(hash, Bad()) == "__hash__ method should return an integer"
assert message(int, Bad()) == "__int__ returned non-int (type float)"
assert message(format, Bad()) == "__format__ must return a str, not int"
assert message(range, Bad()) == "__index__ returned non-int (type str)"
assert message(int, object()) == "int() argument must be a string, a bytes-like object or a real number, not 'object'"
assert message(float, []) == "float() argument must be a string or a real number, not 'list'"
assert message(format, object(), "x") == "unsupported format string passed to object.__format__"
print(v, f"{v:8}", v(1, 2))
