"""abc: abstract methods and properties, and the message that refuses."""

from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @property
    @abstractmethod
    def name(self): ...

    def describe(self):
        return f"{self.name}: {self.area()}"


class Half(Shape):
    def area(self):
        return 1


class Square(Half):
    name = "square"


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


assert message(Shape) == "Can't instantiate abstract class Shape without an implementation for abstract methods 'area', 'name'"
assert message(Half) == "Can't instantiate abstract class Half without an implementation for abstract method 'name'"
assert Square().describe() == "square: 1"
assert Shape.__abstractmethods__ == frozenset({"area", "name"}) and not Square.__abstractmethods__


class Registered:
    pass


Shape.register(Registered)
assert isinstance(Registered(), Shape) and issubclass(Registered, Shape) and Shape not in Registered.__mro__
print(Square().describe())
