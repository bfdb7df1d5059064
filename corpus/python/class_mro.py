"""Multiple inheritance: the linear order, diamonds, and orders that cannot be."""


class Base:
    def who(self):
        return ["Base"]


class Left(Base):
    def who(self):
        return ["Left"] + super().who()


class Right(Base):
    def who(self):
        return ["Right"] + super().who()


class Both(Left, Right):
    def who(self):
        return ["Both"] + super().who()


assert Both().who() == ["Both", "Left", "Right", "Base"]
assert [c.__name__ for c in Both.mro()] == ["Both", "Left", "Right", "Base", "object"]


class Swapped(Right, Left):
    pass


assert Swapped().who() == ["Right", "Left", "Base"]


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


assert message(lambda: type("Bad", (Base, Left), {})) == (
    "Cannot create a consistent method resolution\norder (MRO) for bases Base, Left"
)
assert message(lambda: type("Bad", (Base, Base), {})) == "duplicate base class Base"
assert message(lambda: type("Bad", (int, str), {})) == "multiple bases have instance lay-out conflict"
assert message(lambda: type("Bad", (bool,), {})) == "type 'bool' is not an acceptable base type"
print(" ".join(Both().who()), "|", " ".join(Swapped().who()))
