"""Annotations: stored, evaluated in place, without effect on values."""

from typing import Optional

x: int = 5
y: "later"
items: list[int] = []


class C:
    a: int = 1
    b: Optional[str]
    c: "C"


def f(p: int, q: "str" = "d", *r: float, s: bool = True, **t: dict) -> list[str]:
    local: int
    other: undefined_name = 3
    return [str(p), q, str(other)]


assert __annotations__ == {"x": int, "y": "later", "items": list[int]}
assert C.__annotations__ == {"a": int, "b": Optional[str], "c": "C"} and not hasattr(C, "b")
assert f.__annotations__ == {"p": int, "q": "str", "r": float, "s": bool, "t": dict, "return": list[str]}
assert f("not an int") == ["not an int", "d", "3"]
try:
    y
except NameError as error:
    assert str(error) == "name 'y' is not defined"
else:
    raise AssertionError("no exception")


def unassigned():
    z: int
    return z


try:
    unassigned()
except UnboundLocalError as error:
    assert str(error) == "cannot access local variable 'z' where it is not associated with a value"
else:
    raise AssertionError("no exception")
try:
    w: missing_type = 1
except NameError as error:
    assert str(error) == "name 'missing_type' is not defined"
else:
    raise AssertionError("no exception")
assert repr(list[int]) == "list[int]" and repr(dict[str, list[int]]) == "dict[str, list[int]]" and repr(int | None) == "int | None"
assert isinstance(5, int | str) and not isinstance([], int | None) and list[int]() == [] and (int | str) == (str | int)
o = C()
o.value: int = 3
assert o.value == 3
print(f.__annotations__, int | str | None, tuple[int, ...])
