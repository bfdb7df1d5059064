"""collections.Counter: counting, arithmetic, most_common and its order."""

from collections import Counter

c = Counter("mississippi")
print(c, c.most_common(2), c["z"], list(c), c.total(), sorted(c.elements())[:4], dict(c), len(c))
print(c + Counter(m=5, q=1), c - Counter(i=3, s=10), c & Counter(s=1, p=5), c | Counter(m=9), +Counter(a=-1, b=2), -Counter(a=-1, b=2))
c.update("mm")
c.subtract({"i": 10})
c["new"] += 2
del c["s"]
print(c, Counter(a=1) == Counter(a=1, b=0), Counter([3, 1, 3]), Counter({"x": 0}), Counter(a=3) >= Counter(a=2), c.most_common()[-1], Counter())
print(Counter(w.lower() for w in "The the cat".split()).most_common(1), Counter(a=2, b=2, c=1).most_common(2), c.pop("zz", "none"), c.get("zz"))
print(max(c, key=c.get), sum(c.values()), c.copy() == c, Counter("abc").items())
try:
    Counter("a") + 5
except TypeError as error:
    assert str(error) == "unsupported operand type(s) for +: 'Counter' and 'int'"
else:
    raise AssertionError("no exception")
try:
    Counter.fromkeys("ab", 1)
except NotImplementedError as error:
    assert str(error) == "Counter.fromkeys() is undefined.  Use Counter(iterable) instead."
else:
    raise AssertionError("no exception")
