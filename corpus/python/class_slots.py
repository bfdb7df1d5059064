"""__slots__: no dict, inheritance, and what is refused."""


class Pair:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


class Triple(Pair):
    __slots__ = ("middle",)


class Open(Pair):
    pass


def message(call, *args):
    try:
        call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


p = Pair(1, 2)
assert (p.left, p.right) == (1, 2)
assert not hasattr(p, "__dict__")
assert message(setattr, p, "other", 1) == "AttributeError: 'Pair' object has no attribute 'other'"
del p.left
assert message(lambda: p.left) == "AttributeError: 'Pair' object has no attribute 'left'"
t = Triple(1, 2)
t.middle = 3
assert t.middle == 3 and not hasattr(t, "__dict__")
o = Open(1, 2)
o.extra = 4
assert vars(o) == {"extra": 4}
assert Pair.__slots__ == ("left", "right") and type(Pair.left).__name__ == "member_descriptor"
assert message(lambda: type("Bad", (), {"__slots__": ("x",), "x": 1})) == (
    "ValueError: 'x' in __slots__ conflicts with class variable"
)
assert message(lambda: type("Bad", (), {"__slots__": ("not a name",)})) == "TypeError: __slots__ must be identifiers"
assert message(lambda: type("Bad", (), {"__slots__": (1,)})) == "TypeError: __slots__ items must be strings, not 'int'"
print(p.right, t.middle, o.extra)
