"""namedtuple and typing.NamedTuple: fields, defaults, replace, messages."""

from collections import namedtuple
from typing import NamedTuple

Point = namedtuple("Point", "x y", defaults=[0])


class Employee(NamedTuple):
    name: str
    room: int = 3

    def label(self):
        return f"{self.name}@{self.room}"


def message(call, *args, **keywords):
    try:
        call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


p = Point(1)
x, y = p
assert (x, y) == p == (1, 0) and p.x == 1 and p[1] == 0 and len(p) == 2
assert repr(p) == "Point(x=1, y=0)" and p._fields == ("x", "y") and p._asdict() == {"x": 1, "y": 0}
assert p._replace(y=5) == Point(1, 5) and Point._make([3, 4]) == (3, 4) and Point._field_defaults == {"y": 0}
assert sorted([Point(2, 1), Point(1, 9)])[0].y == 9 and hash(p) == hash((1, 0)) and isinstance(p, tuple)
e = Employee("Ann")
assert e.label() == "Ann@3" and repr(e) == "Employee(name='Ann', room=3)"
assert message(Point) == "TypeError: Point.__new__() missing 1 required positional argument: 'x'"
assert message(Point, 1, 2, 3) == "TypeError: Point.__new__() takes from 2 to 3 positional arguments but 4 were given"
assert message(setattr, p, "x", 2) == "AttributeError: can't set attribute"
assert message(lambda: p.z) == "AttributeError: 'Point' object has no attribute 'z'"
assert message(p._replace, z=1) == "ValueError: Got unexpected field names: ['z']"
assert message(namedtuple, "T", "a a") == "ValueError: Encountered duplicate field name: 'a'"
assert message(namedtuple, "T", "class") == "ValueError: Type names and field names cannot be a keyword: 'class'"
assert namedtuple("T", "a class a", rename=True)._fields == ("a", "_1", "_2")
match p:
    case Point(x=1, y=q):
        assert q == 0
print(p, e, p._replace(x=7))
