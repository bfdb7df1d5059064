"""Own iterators, iter with a sentinel, and the built-in ones, all lazy."""

import itertools


class Countdown:
    def __init__(self, start):
        self.value = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.value == 0:
            raise StopIteration
        self.value -= 1
        return self.value


assert list(Countdown(3)) == [2, 1, 0] and sum(Countdown(4)) == 6 and 2 in Countdown(3)
a, *b = Countdown(3)
assert (a, b) == (2, [1, 0])
lines = iter(["x", "y", "", "z"])
assert list(iter(lambda: next(lines), "")) == ["x", "y"] and next(lines) == "z"
z = zip(itertools.count(), "abc")
assert next(z) == (0, "a") and list(z) == [(1, "b"), (2, "c")]
m = map(lambda x, y: x + y, [1, 2, 3], itertools.count(10))
assert list(m) == [11, 13, 15] and list(m) == []
assert list(filter(None, [0, 1, "", "a"])) == [1, "a"] and list(enumerate("ab", 5)) == [(5, "a"), (6, "b")]
e = enumerate(itertools.count(7))
assert next(e) == (0, 7) and next(e) == (1, 8)
source = iter([1, 2, 3, 4, 5])
assert list(zip(source, source)) == [(1, 2), (3, 4)]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: list(zip([1], [1, 2], strict=True))) == "ValueError: zip() argument 2 is longer than argument 1"
assert message(lambda: list(zip([1, 2], [1], strict=True))) == "ValueError: zip() argument 2 is shorter than argument 1"
assert message(lambda: zip(1)) == "TypeError: 'int' object is not iterable"
assert message(lambda: map(len)) == "TypeError: map() must have at least two arguments."
assert message(lambda: iter(3, 4)) == "TypeError: iter(object, sentinel): object must be callable"
assert message(lambda: reversed({1})) == "TypeError: 'set' object is not reversible"
grow = [1, 2, 3]
seen = []
for item in grow:
    seen.append(item)
    if item < 3 and len(grow) < 6:
        grow.append(item + 10)
assert seen == [1, 2, 3, 11, 12]
shrink = [1, 2, 3, 4]
for item in shrink:
    shrink.remove(item)
assert shrink == [2, 4]
assert message(lambda: [d.pop(k) for d in [{1: 1, 2: 2}] for k in d]) == (
    "RuntimeError: dictionary changed size during iteration"
)
print(seen, shrink, list(reversed(range(3))))
