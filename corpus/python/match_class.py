"""match: class patterns, __match_args__, built-in types, messages."""

from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


class Shape:
    __match_args__ = ("kind", "size")

    def __init__(self, kind, size):
        self.kind = kind
        self.size = size


class Plain:
    pass


def describe(x):
    match x:
        case Point(0, 0):
            return "origin"
        case Point(x=0) | Point(y=0):
            return "on an axis"
        case Point(x, y) if x == y:
            return f"diagonal {x}"
        case Point():
            return "point"
        case Shape("circle", size=s):
            return f"circle {s}"
        case Shape(kind, [w, h]):
            return f"{kind} {w}x{h}"
        case bool(b):
            return f"bool {b}"
        case int(n) | float(n):
            return f"number {n}"
        case str(s):
            return f"str {s}"
        case list([first, *_]):
            return f"list from {first}"
        case dict(d) if not d:
            return "empty dict"
        case tuple((a, b)):
            return f"pair {a} {b}"
    return "none"


values = [
    Point(0, 0), Point(0, 5), Point(5, 0), Point(3, 3), Point(1, 2), Shape("circle", 2), Shape("box", (3, 4)),
    True, 5, 1.5, "s", [7, 8], {}, (1, 2), Shape("box", 1), None,
]
results = [describe(v) for v in values]
assert results == [
    "origin", "on an axis", "on an axis", "diagonal 3", "point", "circle 2", "box 3x4", "bool True",
    "number 5", "number 1.5", "str s", "list from 7", "empty dict", "pair 1 2", "none", "none",
]


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


def too_many():
    match Shape(1, 2):
        case Shape(a, b, c):
            pass


def no_arguments():
    match Plain():
        case Plain(a):
            pass


def twice():
    match Shape(1, 2):
        case Shape(a, kind=b):
            pass


def not_a_class():
    match 5:
        case values(a):
            pass


assert message(too_many) == "Shape() accepts 2 positional sub-patterns (3 given)"
assert message(no_arguments) == "Plain() accepts 0 positional sub-patterns (1 given)"
assert message(twice) == "Shape() got multiple sub-patterns for attribute 'kind'"
assert message(not_a_class) == "called match pattern must be a class"
print(results)
