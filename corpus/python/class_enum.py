"""enum: members, aliases, lookups, Flag, auto, IntEnum, iteration order."""

from enum import Enum, Flag, IntEnum, auto, unique


class Colour(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    @property
    def nice(self):
        return self.name.title()


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()


class Right(Flag):
    READ = auto()
    WRITE = auto()
    BOTH = READ | WRITE


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert repr(Colour.RED) == "<Colour.RED: 1>" and str(Colour.RED) == "Colour.RED"
assert Colour(2) is Colour.GREEN and Colour["RED"] is Colour.CRIMSON and Colour.RED.nice == "Red"
assert list(Colour) == [Colour.RED, Colour.GREEN] and len(Colour) == 2 and Colour.GREEN in Colour
assert list(Colour.__members__) == ["RED", "GREEN", "CRIMSON"]
assert (Colour.RED.name, Colour.CRIMSON.name, Colour.RED.value) == ("RED", "RED", 1)
assert Colour.RED != 1 and Level.LOW == 1 and Level.HIGH > Level.LOW and Level.HIGH + 1 == 3
assert f"{Level.HIGH}" == "2" and str(Level.HIGH) == "2" and repr(Level.HIGH) == "<Level.HIGH: 2>"
assert (Right.READ | Right.WRITE) is Right.BOTH
assert Right.READ in Right.BOTH and not (Right.READ & Right.WRITE) and (Right.BOTH & ~Right.READ) is Right.WRITE
assert message(lambda: Colour(9)) == "ValueError: 9 is not a valid Colour"
assert message(lambda: Colour["BLUE"]) == "KeyError: 'BLUE'"
assert message(lambda: Colour.BLUE) == "AttributeError: type object 'Colour' has no attribute 'BLUE'"
assert message(lambda: Colour.RED < Colour.GREEN) == "TypeError: '<' not supported between instances of 'Colour' and 'Colour'"


def assign():
    Colour.RED = 5


assert message(assign) == "AttributeError: cannot reassign member 'RED'"
assert message(lambda: unique(Colour)) == (
    "ValueError: duplicate values found in <enum 'Colour'>: CRIMSON -> RED"
)
Animal = Enum("Animal", "CAT DOG")
assert Animal.DOG.value == 2 and {Colour.RED: 1}[Colour.CRIMSON] == 1
match Colour(2):
    case Colour.GREEN:
        print("green", list(Level), Right.BOTH)
