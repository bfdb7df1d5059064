"""property: getter, setter, deleter, by decorator and by call, and refusals."""


class Room:
    def __init__(self, celsius):
        self._celsius = celsius

    @property
    def celsius(self):
        "Warmth."
        return self._celsius

    @celsius.setter
    def celsius(self, value):
        if value < -273.15:
            raise ValueError("below absolute zero")
        self._celsius = value

    @celsius.deleter
    def celsius(self):
        self._celsius = None

    @property
    def kelvin(self):
        return self.celsius + 273.15

    def _get(self):
        return "got"

    named = property(_get, doc="by call")


def message(call, *args):
    try:
        call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


r = Room(20)
r.celsius += 5
assert r.celsius == 25 and r.kelvin == 298.15 and r.named == "got"
assert message(setattr, r, "celsius", -300) == "ValueError: below absolute zero"
assert message(setattr, r, "kelvin", 1) == "AttributeError: property 'kelvin' of 'Room' object has no setter"
assert message(delattr, r, "kelvin") == "AttributeError: property 'kelvin' of 'Room' object has no deleter"
del r.celsius
assert r.celsius is None
assert Room.celsius.__doc__ == "Warmth." and Room.named.__doc__ == "by call"
assert isinstance(Room.celsius, property) and Room.celsius.fget(r) is None and Room.kelvin.fset is None
r.__dict__["kelvin"] = 5
r.celsius = 0
assert r.kelvin == 273.15, "a property wins over the instance's dict"


class WriteOnly:
    secret = property(None, lambda self, value: None)


assert message(lambda: WriteOnly().secret) == "AttributeError: property 'secret' of 'WriteOnly' object has no getter"


class Warm(Room):
    @Room.celsius.getter
    def celsius(self):
        return self._celsius + 1


w = Warm(1)
w.celsius = 10
assert w.celsius == 11
print(r.kelvin, w.celsius)
