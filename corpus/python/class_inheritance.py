"""Single inheritance: lookup goes up, overriding hides, isinstance sees all."""


class Animal:
    sound = "..."

    def __init__(self, name):
        self.name = name

    def speak(self):
        return f"{self.name} says {self.sound}"

    def twice(self):
        return self.speak() + "; " + self.speak()


class Dog(Animal):
    sound = "woof"


class Puppy(Dog):
    def speak(self):
        return Dog.speak(self).upper()


rex, bit = Dog("Rex"), Puppy("Bit")
assert rex.speak() == "Rex says woof"
assert bit.twice() == "BIT SAYS WOOF; BIT SAYS WOOF"
assert isinstance(bit, Animal) and isinstance(bit, (int, Dog)) and not isinstance(rex, Puppy)
assert issubclass(Puppy, Animal) and issubclass(Puppy, Puppy) and not issubclass(Animal, Dog)
assert Puppy.__bases__ == (Dog,) and Puppy.__base__ is Dog
assert [c.__name__ for c in Puppy.__mro__] == ["Puppy", "Dog", "Animal", "object"]
assert [c.__name__ for c in Animal.__subclasses__()] == ["Dog"]
assert "speak" in Puppy.__dict__ and "speak" not in Dog.__dict__
Animal.sound = "hm"
assert Animal("X").speak() == "X says hm" and rex.speak() == "Rex says woof"
del Dog.sound
assert rex.speak() == "Rex says hm"
try:
    issubclass(1, int)
except TypeError as error:
    assert str(error) == "issubclass() arg 1 must be a class"
else:
    raise AssertionError("no exception")
try:
    isinstance(1, 2)
except TypeError as error:
    assert str(error) == "isinstance() arg 2 must be a type, a tuple of types, or a union"
else:
    raise AssertionError("no exception")
print(Puppy.speak(rex), bit.speak())
