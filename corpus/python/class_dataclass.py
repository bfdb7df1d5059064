"""dataclasses: defaults, order, frozen, post_init, replace, asdict, messages."""

from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, replace
from typing import ClassVar


@dataclass
class Item:
    name: str
    price: float = 1.5
    tags: list = field(default_factory=list)
    kind: ClassVar[str] = "item"
    secret: int = field(default=0, repr=False, compare=False)

    def __post_init__(self):
        self.total = len(self.tags) * self.price


@dataclass(order=True, frozen=True)
class Version:
    major: int
    minor: int = 0


@dataclass(kw_only=True)
class Child(Item):
    extra: int


def message(call, *args, **keywords):
    try:
        call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


i = Item("pen", tags=["a", "b"], secret=9)
assert repr(i) == "Item(name='pen', price=1.5, tags=['a', 'b'])" and i.total == 3.0
assert i == Item("pen", 1.5, ["a", "b"]) and i != Item("pen") and Item("x").tags is not Item("x").tags
assert asdict(i) == {"name": "pen", "price": 1.5, "tags": ["a", "b"], "secret": 9}
assert astuple(Version(1, 2)) == (1, 2) and [f.name for f in fields(Item)] == ["name", "price", "tags", "secret"]
assert Version(1, 2) < Version(1, 3) < Version(2) and hash(Version(1)) == hash(Version(1))
assert sorted([Version(2), Version(1, 9)])[0] == Version(1, 9)
assert replace(Version(1, 2), minor=5) == Version(1, 5)
assert repr(Child("a", extra=3)) == "Child(name='a', price=1.5, tags=[], extra=3)"
assert message(setattr, Version(1), "major", 2) == "FrozenInstanceError: cannot assign to field 'major'"
assert message(delattr, Version(1), "major") == "FrozenInstanceError: cannot delete field 'major'"
assert issubclass(FrozenInstanceError, AttributeError)
assert message(Item) == "TypeError: Item.__init__() missing 1 required positional argument: 'name'"
assert message(Child, "a") == "TypeError: Child.__init__() missing 1 required keyword-only argument: 'extra'"
assert message(hash, i) == "TypeError: unhashable type: 'Item'"
assert message(lambda: Version(1) < 3) == "TypeError: '<' not supported between instances of 'Version' and 'int'"


def mutable_default():
    @dataclass
    class Wrong:
        items: list = []


def order_of_defaults():
    @dataclass
    class Wrong:
        a: int = 1
        b: int


assert message(mutable_default) == (
    "ValueError: mutable default <class 'list'> for field items is not allowed: use default_factory"
)
assert message(order_of_defaults) == "TypeError: non-default argument 'b' follows default argument"
match Version(3, 4):
    case Version(major, minor=4):
        assert major == 3
print(i, Version(1, 2), Child("a", extra=3))
