"""Class hierarchies: overriding, super, properties, class and static methods."""


class Shape:
    made = 0

    def __init__(self, name):
        self.name = name
        Shape.made += 1

    @property
    def area(self):
        return 0.0

    def describe(self):
        return len(self.name) + self.area

    @staticmethod
    def half(x):
        return x / 2

    @classmethod
    def unit(cls):
        return cls(1)


class Rectangle(Shape):
    def __init__(self, width, height=1):
        super().__init__("rectangle")
        self.width = width
        self.height = height

    @property
    def area(self):
        return self.width * self.height

    def describe(self):
        return super().describe() + 1


class Square(Rectangle):
    def __init__(self, side):
        super().__init__(side, side)

    @property
    def side(self):
        return self.width

    @side.setter
    def side(self, value):
        self.width = value
        self.height = value

    def describe(self):
        return super().describe() * 2


def main(n: int):
    total = 0.0
    square = Square(2)
    for turn in range(n):
        square.side = turn % 9
        for shape in (Rectangle(turn % 5, 2), square, Square.unit()):
            total += shape.describe() + shape.half(shape.area)
            if isinstance(shape, Square):
                total += shape.side
    return total, Shape.made
