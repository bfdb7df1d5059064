"""collections.abc: mixin methods from a few own ones, and instance checks."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, MutableMapping, Sequence, Set, Sized


class Squares(Sequence):
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if not 0 <= i < self.n:
            raise IndexError(i)
        return i * i


class Folded(MutableMapping):
    def __init__(self):
        self.data = {}

    def __getitem__(self, key):
        return self.data[key.lower()]

    def __setitem__(self, key, value):
        self.data[key.lower()] = value

    def __delitem__(self, key):
        del self.data[key.lower()]

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)


s = Squares(4)
assert list(s) == [0, 1, 4, 9] and 4 in s and s.index(9) == 3 and s.count(1) == 1 and list(reversed(s)) == [9, 4, 1, 0]
f = Folded()
f.update({"A": 1}, B=2)
assert f["a"] == 1 and "B" in f and f.pop("b") == 2 and f.get("x", 5) == 5 and f.setdefault("C", 3) == 3 and dict(f) == {"a": 1, "c": 3} and list(f.items()) == [("a", 1), ("c", 3)]
assert isinstance([], Sequence) and isinstance({}, Mapping) and isinstance({1}, Set) and isinstance((x for x in []), Iterator) and isinstance("a", Hashable)
assert not isinstance([], Hashable) and isinstance(len, Callable) and isinstance(range(3), Iterable) and isinstance(s, Sized) and not isinstance(5, Iterable)


class HasLen:
    def __len__(self):
        return 1


assert isinstance(HasLen(), Sized) and issubclass(HasLen, Sized)


class Partial(Mapping):
    def __getitem__(self, key): ...


try:
    Partial()
except TypeError as error:
    assert str(error) == "Can't instantiate abstract class Partial without an implementation for abstract methods '__iter__', '__len__'"
else:
    raise AssertionError("no exception")
print(list(s), dict(f), f == {"a": 1, "c": 3})
