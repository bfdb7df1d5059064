"""Class bodies: their own scope, not seen from methods and comprehensions."""

x = "module"


class Scope:
    x = "class"
    y = x + "!"
    numbers = [1, 2, 3]
    doubled = [n * 2 for n in numbers]

    def see(self):
        return x

    def see_own(self):
        return self.x

    for step in range(3):
        total = step
    del step
    if total == 2:

        def conditional(self):
            return "defined"

    class Inner:
        def name(self):
            return type(self).__qualname__


assert Scope.y == "class!" and Scope.doubled == [2, 4, 6]
assert Scope().see() == "module" and Scope().see_own() == "class"
assert Scope.total == 2 and not hasattr(Scope, "step") and Scope().conditional() == "defined"
assert Scope.Inner().name() == "Scope.Inner"
try:

    class Broken:
        limit = 2
        kept = [n for n in [1, 2, 3] if n < limit]
except NameError as error:
    assert str(error) == "name 'limit' is not defined"
else:
    raise AssertionError("no exception")


def outer():
    z = "outer"

    class Local:
        seen = z
        z = "changed"
        after = z

        def method(self):
            return z

    return Local


Local = None
try:
    outer()
except NameError as error:
    assert str(error) == "name 'z' is not defined"
else:
    raise AssertionError("a class body that binds a name does not see the enclosing one")


def enclosing():
    q = 5

    class Reads:
        copy = q

    return Reads.copy, Reads.__qualname__


assert enclosing() == (5, "enclosing.<locals>.Reads")
print(Scope.doubled, Scope().see())
