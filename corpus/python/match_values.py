"""match: literals, captures, alternatives, guards, wildcards, value patterns."""


class Limit:
    TOP = 10


def kind(x):
    match x:
        case 0 | 1:
            return "small"
        case -1 | 2.5:
            return "odd literal"
        case Limit.TOP:
            return "top"
        case "a" | "b" as letter:
            return f"letter {letter}"
        case True | False | None:
            return f"singleton {x}"
        case b"raw":
            return "bytes"
        case int() if x > 100:
            return "big"
        case int(n):
            return f"int {n}"
        case _:
            return "other"


results = [kind(x) for x in (0, 1, -1, 2.5, 10, "b", False, None, b"raw", 500, 50, "zz", 1.0, [])]
assert results == [
    "small", "small", "odd literal", "odd literal", "top", "letter b", "small", "singleton None",
    "bytes", "big", "int 50", "other", "small", "other",
]


def last(x):
    match x:
        case str() | bytes():
            found = "text"
        case y if y:
            found = y
        case y:
            found = f"falsy {y}"
    return found, "y" in locals()


assert last("s") == ("text", False) and last([1]) == ([1], True) and last(0) == ("falsy 0", True)
match = 5
case = match + 1
match match:
    case 5:
        match = "soft keyword"
assert match == "soft keyword" and case == 6
match 1, 2:
    case a, b:
        assert (a, b) == (1, 2)
match {"no": 1}:
    case []:
        raise AssertionError
print(results)
