"""Classes: attributes of class and instance, methods, the shape of a repr."""


class Point:
    kind = "point"
    made = []

    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        Point.made.append(x)

    def moved(self, dx):
        return Point(self.x + dx, self.y)


def message(call, *args):
    try:
        call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a = Point(1)
b = a.moved(4)
assert (b.x, b.y, Point.made) == (5, 0, [1, 5])
a.kind = "own"
assert (a.kind, b.kind, Point.kind) == ("own", "point", "point")
del a.kind
assert a.kind == "point"
assert vars(b) == {"x": 5, "y": 0} and b.__dict__ is b.__dict__
assert Point.__name__ == "Point" and Point.__module__ == "__main__" and Point.__qualname__ == "Point"
assert repr(Point) == "<class '__main__.Point'>"
assert repr(a).startswith("<__main__.Point object at 0x")
assert type(a) is Point and a.__class__ is Point and isinstance(a, object)
method = a.moved
assert method.__self__ is a and method.__func__ is Point.moved and method.__name__ == "moved"
assert Point.moved(a, 9).x == 10
assert message(lambda: a.z) == "AttributeError: 'Point' object has no attribute 'z'"
assert message(lambda: Point.z) == "AttributeError: type object 'Point' has no attribute 'z'"
assert message(Point) == "TypeError: Point.__init__() missing 1 required positional argument: 'x'"
assert message(Point, 1, 2, 3) == "TypeError: Point.__init__() takes from 2 to 3 positional arguments but 4 were given"
assert message(lambda: delattr(a, "nope")) == "AttributeError: 'Point' object has no attribute 'nope'"
assert getattr(a, "nope", 7) == 7 and hasattr(a, "x") and not hasattr(a, "nope")
assert a == a and a != b and hash(a) == hash(a) and not (a == 1)
assert message(lambda: a < b) == "TypeError: '<' not supported between instances of 'Point' and 'Point'"
assert message(lambda: a + 1) == "TypeError: unsupported operand type(s) for +: 'Point' and 'int'"
assert message(lambda: a()) == "TypeError: 'Point' object is not callable"
assert message(lambda: a[0]) == "TypeError: 'Point' object is not subscriptable"
assert message(lambda: len(a)) == "TypeError: object of type 'Point' has no len()"
assert message(lambda: iter(a)) == "TypeError: 'Point' object is not iterable"
print(Point.made, b.x, sorted(vars(b)))
