"""What exceptions tell: name, obj, key, and 'Did you mean' stays out of str."""


class Point:
    colour = 1


def caught(call):
    try:
        call()
    except Exception as error:
        return error


e = caught(lambda: Point().color)
assert str(e) == "'Point' object has no attribute 'color'" and e.name == "color" and type(e.obj) is Point
e = caught(lambda: prnt)
assert str(e) == "name 'prnt' is not defined" and e.name == "prnt"
e = caught(lambda: {}["missing"])
assert e.args == ("missing",)
e = caught(lambda: __import__("no_such_module"))
assert str(e) == "No module named 'no_such_module'" and e.name == "no_such_module" and type(e) is ModuleNotFoundError


def wrong_import():
    from math import no_such_name


e = caught(wrong_import)
assert str(e).startswith("cannot import name 'no_such_name' from 'math'") and type(e) is ImportError and e.name == "math"
e = caught(lambda: b"\xff".decode("utf-8"))
assert (e.encoding, e.start, e.end, e.reason) == ("utf-8", 0, 1, "invalid start byte")
assert str(e) == "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
e = caught(lambda: "é".encode("ascii"))
assert str(e) == "'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)"
e = caught(lambda: next(iter([])))
assert type(e) is StopIteration and e.value is None
e = caught(lambda: 1 / 0)
assert str(e) == "division by zero" and str(caught(lambda: 1 // 0)) == "integer division or modulo by zero"
assert str(caught(lambda: 1 % 0)) == "integer modulo by zero" and str(caught(lambda: 1.0 / 0)) == "float division by zero"
assert str(caught(lambda: 1.0 // 0)) == "float floor division by zero" and str(caught(lambda: 1.0 % 0)) == "float modulo"
assert str(caught(lambda: 0**-1)) == "0.0 cannot be raised to a negative power"
assert str(caught(lambda: divmod(1, 0))) == "integer division or modulo by zero"
assert str(caught(lambda: 10.0**400)) == "(34, 'Numerical result out of range')"
assert str(caught(lambda: float(10**400))) == "int too large to convert to float"
assert str(caught(lambda: 1 << -1)) == "negative shift count"
print(repr(e))
