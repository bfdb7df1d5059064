"""match: sequences, stars, mappings with rest, nesting."""

from collections import OrderedDict, deque


def shape(x):
    match x:
        case []:
            return "empty"
        case [one]:
            return f"one {one}"
        case [1, *_, 9]:
            return "from 1 to 9"
        case (first, second, *rest) if len(rest) > 2:
            return f"long {first} {second} {rest}"
        case ["cmd", ("go" | "run") as verb, {"speed": int(s)}]:
            return f"{verb} {s}"
        case [[a, b], [c, d]]:
            return f"matrix {a}{b}{c}{d}"
        case {"type": "point", "x": x, "y": y}:
            return f"point {x},{y}"
        case {"type": kind, **others}:
            return f"{kind} {others}"
        case {}:
            return "mapping"
        case str():
            return "a string is no sequence here"
        case _:
            return "other"


assert shape([]) == shape(()) == "empty" and shape(deque([5])) == "one 5"
assert shape([1, 2, 3, 9]) == "from 1 to 9" and shape((1, 9)) == "from 1 to 9"
assert shape([1, 2, 3, 4, 5]) == "long 1 2 [3, 4, 5]" and shape(range(2, 8)) == "long 2 3 [4, 5, 6, 7]"
assert shape(["cmd", "run", {"speed": 3, "more": 1}]) == "run 3"
assert shape([[1, 2], (3, 4)]) == "matrix 1234"
assert shape({"type": "point", "x": 1, "y": 2, "z": 3}) == "point 1,2"
assert shape({"type": "line", "n": 1}) == "line {'n': 1}"
assert shape(OrderedDict(a=1)) == "mapping" and shape("abc") == "a string is no sequence here"
assert shape({1, 2}) == "other" and shape(b"ab") == "other" and shape(5) == "other"
from collections import defaultdict

d = defaultdict(list)
match d:
    case {"missing": _}:
        raise AssertionError
assert not d, "a mapping pattern does not create keys"
match {"a": {"b": [1, {"c": "deep"}]}}:
    case {"a": {"b": [_, {"c": found}]}}:
        assert found == "deep"
match ("x", 1, None):
    case [str() as s, 1 as n, None]:
        assert (s, n) == ("x", 1)
print(shape({"type": "line"}), shape([1, 0, 9]))
