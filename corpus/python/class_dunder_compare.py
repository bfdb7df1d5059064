"""Comparison methods: reflection, NotImplemented, identity as the last word."""


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __eq__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return self.cents == other.cents

    def __lt__(self, other):
        if not isinstance(other, Money):
            return NotImplemented
        return self.cents < other.cents

    def __repr__(self):
        return f"Money({self.cents})"


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


a, b = Money(1), Money(2)
assert a < b and b > a and a == Money(1) and a != b and not a == 1
assert sorted([Money(3), b, a]) == [a, b, Money(3)] and max(a, b) is b
assert message(lambda: a <= b) == "'<=' not supported between instances of 'Money' and 'Money'"
assert message(lambda: a < 1) == "'<' not supported between instances of 'Money' and 'int'"
assert message(lambda: hash(a)) == "unhashable type: 'Money'"
assert message(lambda: {a: 1}) == "unhashable type: 'Money'"
assert Money.__hash__ is None
calls = []


class Loud:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        calls.append(f"{self.name}=={getattr(other, 'name', other)}")
        return NotImplemented

    def __gt__(self, other):
        calls.append(f"{self.name}>{getattr(other, 'name', other)}")
        return "yes"

    def __hash__(self):
        return 1


x, y = Loud("x"), Loud("y")
assert (x == y) is False and (x == 5) is False
assert (y < x) == "yes" and (3 < x) == "yes"
assert calls == ["x==y", "y==x", "x==5", "x>y", "x>3"]


class Child(Loud):
    def __eq__(self, other):
        calls.append("child first")
        return True


calls.clear()
assert (x == Child("c")) is True and calls == ["child first"]
assert x in [x] and calls == ["child first"], "identity is tried before equality"
n = float("nan")
assert n != n and n in [n] and [n] == [n] and (n,) == (n,)
print(sorted([b, a]), calls)
