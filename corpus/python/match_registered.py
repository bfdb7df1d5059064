"""Patterns know sequences and mappings by their types: built in, abstract, registered; never by a name."""

import collections
from collections.abc import Mapping, MutableSequence, Sequence as AbstractSequence
from types import MappingProxyType


def kind(value):
    match value:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"
    return "neither"


class Sequence:
    """No sequence, whatever it is called."""


class Late:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return ("a", "b")[index]


class Child(Late):
    pass


class Keyed:
    def __len__(self):
        return 1

    def get(self, key, default=None):
        return {"k": 1}.get(key, default)


print(kind(Sequence()), kind(Late()), kind(Child()), kind(Keyed()))
AbstractSequence.register(Late)
Mapping.register(Keyed)
print(kind(Sequence()), kind(Late()), kind(Child()), kind(Keyed()))
match Child():
    case [first, second]:
        print(first, second)
match Keyed():
    case {"k": value}:
        print(value)


class First(collections.UserDict, AbstractSequence):
    pass


class Second(collections.UserList, Mapping):
    pass


class Third(list, Mapping):
    def __iter__(self):
        return list.__iter__(self)


print(kind(First()), kind(Second()), kind(Third()))
values = [(), [], range(3), collections.deque(), memoryview(b"ab"), "ab", b"ab", bytearray(b"ab"), {1}, {}, MappingProxyType({}),
          collections.ChainMap(), collections.UserDict(), collections.UserString("a"), vars(Late), iter([]), {}.keys()]
print([kind(value) for value in values])
print(isinstance(vars(Late), Mapping), isinstance(memoryview(b""), AbstractSequence), issubclass(list, MutableSequence))
