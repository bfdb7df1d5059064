"""Unpacking assignments: stars, nesting, targets of all kinds, messages."""

a, b = 1, 2
a, b = b, a
assert (a, b) == (2, 1)
first, *middle, last = range(5)
assert (first, middle, last) == (0, [1, 2, 3], 4)
*start, end = "ab"
assert start == ["a"] and end == "b"
head, *tail = [1]
assert tail == []
(x, (y, [z, *w])), v = (1, (2, [3, 4, 5])), 6
assert (x, y, z, w, v) == (1, 2, 3, [4, 5], 6)
[p, q] = {"k": 1, "l": 2}
assert p == "k" and q == "l"
items = [0, 0, 0]
i = 0
i, items[i] = 1, "set"
assert items == [0, "set", 0], "targets are bound from left to right"


class O:
    pass


o = O()
o.a, o.b, *items[1:] = 1, 2, 3, 4
assert (o.a, o.b, items) == (1, 2, [0, 3, 4])
c = d = [1]
assert c is d
for k, (m, *n) in [(1, "abc"), (2, "d")]:
    pass
assert (k, m, n) == (2, "d", [])
(only,) = [5]
assert only == 5


def message(source, count="a, b"):
    try:
        if count == "a, b":
            a, b = source
        elif count == "a, b, c":
            a, b, c = source
        else:
            a, *b, c = source
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message([1]) == "ValueError: not enough values to unpack (expected 2, got 1)"
assert message([1, 2, 3]) == "ValueError: too many values to unpack (expected 2)"
assert message(iter("abc")) == "ValueError: too many values to unpack (expected 2)"
assert message("", "a, b, c") == "ValueError: not enough values to unpack (expected 3, got 0)"
assert message([1], "star") == "ValueError: not enough values to unpack (expected at least 2, got 1)"
assert message(5) == "TypeError: cannot unpack non-iterable int object"
assert message(None) == "TypeError: cannot unpack non-iterable NoneType object"
print(first, middle, last, items, w)
