"""range: laziness, membership, slicing, equality, huge bounds, messages."""

r = range(2, 20, 3)
assert list(r) == [2, 5, 8, 11, 14, 17] and len(r) == 6 and r[1] == 5 and r[-1] == 17 and r[1:4] == range(5, 14, 3)
assert 8 in r and 9 not in r and 8.0 in r and "a" not in r and r.index(11) == 3 and r.count(5) == 1 and r.count(6) == 0
assert (r.start, r.stop, r.step) == (2, 20, 3) and repr(r) == "range(2, 20, 3)" and repr(range(3)) == "range(0, 3)"
assert range(0) == range(5, 2) == range(3, 3, -1) and range(0, 3, 2) == range(0, 4, 2) and hash(range(0)) == hash(range(2, 1))
assert list(range(5, 0, -2)) == [5, 3, 1] and list(reversed(range(4))) == [3, 2, 1, 0] and range(10)[::-3] == range(9, -1, -3)
big = range(10**20, 10**20 + 5)
assert big[2] == 10**20 + 2 and 10**20 + 4 in big and list(big)[-1] == 10**20 + 4 and len(big) == 5 and max(big) == 10**20 + 4
assert not range(0) and range(1) and sum(range(101)) == 5050 and {range(2): "k"}[range(0, 2)] == "k"
i = iter(range(3))
assert next(i) == 0 and list(i) == [1, 2]
for n in range(3):
    n = 10
assert n == 10


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: range(1, 2, 3, 4)) == "TypeError: range expected at most 3 arguments, got 4"
assert message(lambda: range("3")) == "TypeError: 'str' object cannot be interpreted as an integer"
assert message(lambda: r.index(3)) == "ValueError: 3 is not in range"
assert message(lambda: range(2)[2]) == "IndexError: range object index out of range"
assert message(lambda: len(range(10**20))) == "OverflowError: Python int too large to convert to C ssize_t"
assert message(lambda: setattr(r, "start", 1)) == "AttributeError: readonly attribute"
assert message(lambda: r + r) == "TypeError: unsupported operand type(s) for +: 'range' and 'range'"
print(r, big, list(r)[::2])
