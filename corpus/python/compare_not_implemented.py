"""A method that says NotImplemented leaves the comparison to the built-in one of the other side."""

from collections import Counter


def refusing(base, *names):
    return type(f"My{base.__name__}", (base,), {"__hash__": base.__hash__} | {name: lambda self, other: NotImplemented for name in names})


Dict, List, Int, Str = [refusing(base, "__eq__", "__lt__") for base in (dict, list, int, str)]
assert Dict(a=1) == {"a": 1} and {"a": 1} == Dict(a=1) and not Dict(a=1) != {"a": 1} and Dict(a=1) != {"a": 2}
assert List([1]) == [1] and [1] == List([1]) and List([1]) < [2] and [2] > List([1]) and not List([3]) < [2]
assert Int(1) == 1 and 1 == Int(1) and Int(1) < 2 and 2 > Int(1) and Int(1) < 2.5
assert Str("a") == "a" and "a" == Str("a") and Str("a") < "b"
assert Counter("aab") == {"a": 2, "b": 1} and {"a": 2} == Counter("aa") and Counter("a") != {"a": 2}
assert Counter(a=1, b=0) == Counter(a=1) and Counter(a=1, b=0) != {"a": 1}


class Plain:
    def __eq__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return NotImplemented


assert Plain() != 1 and not Plain() == [] and not List([1]) != List([1]) and not Dict() != Dict()
for left, right in ((Plain(), 1), (List([1]), List([2])), (Str("a"), 1), (2, Str("a"))):
    try:
        left < right
    except TypeError as error:
        print(error)
