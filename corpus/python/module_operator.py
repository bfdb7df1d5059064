"""operator: functions for operators, itemgetter, attrgetter, methodcaller."""

import operator as op
from operator import attrgetter, itemgetter, methodcaller

print(op.add(1, 2), op.sub(5, 3), op.mul("a", 3), op.truediv(1, 2), op.floordiv(7, 2), op.mod(7, 3), op.pow(2, 5), op.neg(3), op.not_(0), op.and_(6, 3), op.xor(6, 3), op.lshift(1, 4))
print(op.lt(1, 2), op.eq("a", "a"), op.is_(None, None), op.contains([1], 1), op.concat([1], [2]), op.getitem({"k": 5}, "k"), op.countOf([1, 1], 1), op.indexOf("abc", "c"), op.index(True), op.truth([]))
rows = [("b", 2, "x"), ("a", 2, "y"), ("c", 1, "z")]
print(sorted(rows, key=itemgetter(1)), sorted(rows, key=itemgetter(1, 0)), itemgetter(2)(rows[0]), itemgetter(0, 2)("abc"), itemgetter(slice(1))("abc"), list(map(itemgetter("k"), [{"k": 1}])))


class P:
    def __init__(self, name):
        self.name = name
        self.inner = self

    def hello(self, a, b=0):
        return f"{self.name}{a}{b}"


p = P("p")
print(attrgetter("name")(p), attrgetter("inner.name", "name")(p), methodcaller("hello", 1, b=2)(p), methodcaller("upper")("x"), [1, 2] and op.iadd([1], [2]))
data = [3]
op.setitem(data, 0, 9)
assert data == [9] and op.delitem(data, 0) is None and data == []
try:
    attrgetter("nope")(p)
except AttributeError as error:
    assert str(error) == "'P' object has no attribute 'nope'"
else:
    raise AssertionError("no exception")
try:
    op.add(1, "a")
except TypeError as error:
    assert str(error) == "unsupported operand type(s) for +: 'int' and 'str'"
else:
    raise AssertionError("no exception")
try:
    itemgetter()
except TypeError as error:
    assert str(error) == "itemgetter expected 1 argument, got 0"
else:
    raise AssertionError("no exception")
