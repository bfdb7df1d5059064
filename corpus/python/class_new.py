"""__new__: instances of other types, immutable bases, refused arguments."""


class Celsius(float):
    def __new__(cls, value, unit="C"):
        self = super().__new__(cls, value)
        self.unit = unit
        return self

    def __repr__(self):
        return f"{float(self)}{self.unit}"


c = Celsius("21.5")
assert c + 1 == 22.5 and type(c + 1) is float and repr(c) == "21.5C"


class Factory:
    made = 0

    def __new__(cls, kind):
        if kind == "int":
            return 7
        cls.made += 1
        return object.__new__(cls)

    def __init__(self, kind):
        self.kind = kind


assert Factory("int") == 7 and Factory("x").kind == "x" and Factory.made == 1


class Pair(tuple):
    def __new__(cls, left, right):
        return tuple.__new__(cls, (left, right))

    @property
    def total(self):
        return sum(self)


p = Pair(2, 3)
assert p == (2, 3) and p.total == 5 and len(p) == 2 and p[1] == 3


class Upper(str):
    def __new__(cls, text):
        return super().__new__(cls, text.upper())


assert Upper("abc") == "ABC" and type(Upper("abc").lower()) is str


class Plain:
    pass


def message(call, *args, **keywords):
    try:
        call(*args, **keywords)
    except TypeError as error:
        return str(error)


assert message(Plain, 1) == "Plain() takes no arguments"
assert message(object, 1) == "object() takes no arguments"
assert message(lambda: object.__new__(1)) == "object.__new__(X): X is not a type object (int)"


class Returns:
    def __init__(self):
        return 5


assert message(Returns) == "__init__() should return None, not 'int'"
print(c, p, p.total)
