"""Arithmetic methods: reflected, in-place, unary, and the order of trying."""


class V:
    def __init__(self, *items):
        self.items = list(items)

    def __add__(self, other):
        if isinstance(other, V):
            return V(*[a + b for a, b in zip(self.items, other.items)])
        return NotImplemented

    def __radd__(self, other):
        return V(*[other + a for a in self.items])

    def __mul__(self, k):
        return V(*[a * k for a in self.items])

    __rmul__ = __mul__

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.items, other.items))

    def __neg__(self):
        return self * -1

    def __pos__(self):
        return self

    def __invert__(self):
        return V(*self.items[::-1])

    def __abs__(self):
        return sum(abs(a) for a in self.items)

    def __iadd__(self, other):
        self.items.append(other)
        return self

    def __pow__(self, k, modulo=None):
        return (k, modulo)

    def __divmod__(self, k):
        return ("divmod", k)

    def __rshift__(self, k):
        return f">>{k}"

    def __rlshift__(self, k):
        return f"{k}<<"

    def __eq__(self, other):
        return self.items == other.items

    def __repr__(self):
        return "V" + repr(tuple(self.items))


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


v = V(1, 2)
assert v + V(3, 4) == V(4, 6) and 10 + v == V(11, 12) and sum([v, v], 0) == V(2, 4)
assert v * 2 == 2 * v == V(2, 4) and v @ V(5, 6) == 17
assert -v == V(-1, -2) and +v is v and ~v == V(2, 1) and abs(V(-3, 4)) == 7
assert v**2 == (2, None) and pow(v, 2, 5) == (2, 5) and divmod(v, 3) == ("divmod", 3)
assert v >> 1 == ">>1" and 1 << v == "1<<"
same = v
v += 9
assert same is v and v.items == [1, 2, 9]
v *= 2
assert v == V(2, 4, 18) and same.items == [1, 2, 9], "without __imul__ a new object is bound"
assert message(lambda: v + 1) == "unsupported operand type(s) for +: 'V' and 'int'"
assert message(lambda: v - 1) == "unsupported operand type(s) for -: 'V' and 'int'"
assert message(lambda: 1 // v) == "unsupported operand type(s) for //: 'int' and 'V'"
assert message(lambda: 1 @ 2) == "unsupported operand type(s) for @: 'int' and 'int'"
assert message(lambda: -"a") == "bad operand type for unary -: 'str'"
assert message(lambda: ~1.5) == "bad operand type for unary ~: 'float'"
assert message(lambda: abs("a")) == "bad operand type for abs(): 'str'"
assert message(lambda: 2 ** "a") == "unsupported operand type(s) for ** or pow(): 'int' and 'str'"
assert message(lambda: divmod(1, "a")) == "unsupported operand type(s) for divmod(): 'int' and 'str'"


def in_place():
    x = 1
    x -= "a"


assert message(in_place) == "unsupported operand type(s) for -=: 'int' and 'str'"
trail = []


class A:
    def __add__(self, other):
        trail.append("A.add")
        return NotImplemented


class B(A):
    def __radd__(self, other):
        trail.append("B.radd")
        return "B"


assert A() + B() == "B" and trail == ["B.radd"], "a subclass is asked first"
print(v, same, V(1) + V(2))
