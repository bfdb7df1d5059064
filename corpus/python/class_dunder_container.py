"""Container methods: len, getitem, setitem, delitem, contains, missing, reversed."""


class Row:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return ("slice", key.start, key.stop, key.step)
        if isinstance(key, tuple):
            return ("tuple",) + key
        return self.items[key]

    def __setitem__(self, key, value):
        self.items[key] = value

    def __delitem__(self, key):
        del self.items[key]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


r = Row(1, 2, 3)
assert len(r) == 3 and bool(r) and not Row()
assert list(r) == [1, 2, 3] and 2 in r and 9 not in r, "iteration falls back on getitem"
assert list(reversed(r)) == [3, 2, 1]
assert r[1:2] == ("slice", 1, 2, None) and r[::2] == ("slice", None, None, 2) and r[1, 2:3][1] == 1
r[0] = 10
del r[1]
r[0] += 5
assert r.items == [15, 3]
a, b = r
assert (a, b) == (15, 3)
assert message(lambda: r[7]) == "IndexError: list index out of range"


class Fallback(dict):
    def __missing__(self, key):
        return f"no {key}"


f = Fallback(a=1)
assert f["a"] == 1 and f["b"] == "no b" and "b" not in f and f.get("b") is None


class Odd:
    def __contains__(self, x):
        return x % 2

    def __len__(self):
        return -1


assert (3 in Odd()) is True and (4 in Odd()) is False
assert message(lambda: len(Odd())) == "ValueError: __len__() should return >= 0"


class Text:
    def __len__(self):
        return "3"

    def __bool__(self):
        return 1

    def __iter__(self):
        return 5


assert message(lambda: len(Text())) == "TypeError: 'str' object cannot be interpreted as an integer"
assert message(lambda: bool(Text())) == "TypeError: __bool__ should return bool, returned int"
assert message(lambda: iter(Text())) == "TypeError: iter() returned non-iterator of type 'int'"
assert message(lambda: 1 in 5) == "TypeError: argument of type 'int' is not iterable"


def assign():
    (1, 2)[0] = 3


def delete():
    del "abc"[0]


assert message(assign) == "TypeError: 'tuple' object does not support item assignment"
assert message(delete) == "TypeError: 'str' object doesn't support item deletion"


class At:
    def __index__(self):
        return 2


assert [10, 20, 30][At()] == 30 and range(5)[At()] == 2 and hex(At()) == "0x2" and "ab" * At() == "abab"
print(list(r), f["zz"], r[1, 2])
