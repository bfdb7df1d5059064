"""A class derived from a built-in value keeps its type when program code makes the value."""

from fractions import Fraction


class Whole(int):
    pass


class Real(float):
    pass


class Both(complex):
    pass


class Text(str):
    pass


class Raw(bytes):
    pass


class Maker:
    def __float__(self):
        return 1.5

    def __int__(self):
        return 3

    def __index__(self):
        return 4

    def __complex__(self):
        return 1j

    def __str__(self):
        return "made"

    def __bytes__(self):
        return b"made"


class Index:
    def __index__(self):
        return 4


for cls in (Whole, Real, Both, Text, Raw):
    print(cls.__name__, type(cls(Maker())).__name__, cls(Maker()))
for cls in (Whole, Real, Both):
    print(cls.__name__, type(cls(Index())).__name__, cls(Index()))
print([type(made).__name__ for made in (Real(Fraction(1, 2)), Whole(Fraction(3, 2)), Real("1.5"), Whole("7"), Whole(2.7), Whole(Real(2.5)))])


class Noted(float):
    def __init__(self, value, note="none"):
        self.note = note


made = Noted(Maker())
print(type(made).__name__, made, made.note)


class Given(str):
    def __new__(cls, value):
        return super().__new__(cls, value)


print(type(Given(Maker())).__name__, Given(Maker()))
print(complex(Index()), complex(1, Index()), complex(Maker(), Maker()), complex(Maker(), 2j))


class Wrong:
    def __complex__(self):
        return 1.0


try:
    complex(Wrong())
except TypeError as error:
    print(error)
