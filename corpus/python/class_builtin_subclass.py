"""Subclasses of list, dict, int, str and Exception keep their class where CPython does."""


class Stack(list):
    def push(self, item):
        self.append(item)
        return self

    def __getitem__(self, index):
        return ("item", super().__getitem__(index))


class Counting(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)


class Even(int):
    def __add__(self, other):
        return Even(int(self) + other)


s = Stack([1]).push(2).push(3)
assert s == [1, 2, 3] and s[0] == ("item", 1) and list(s) == [1, 2, 3] and s.pop() == 3
assert type(s + [1]) is list and type(s.copy()) is list and type(s * 2) is list and repr(s) == "[1, 2]"
d = Counting(a=1)
d["b"] = 1
d.update(c=1)
d.setdefault("e", 1)
assert d == {"a": 1, "b": 2, "c": 1, "e": 1}, "only item assignment goes through the override"
assert repr(d) == "{'a': 1, 'b': 2, 'c': 1, 'e': 1}"
n = Even(4) + 3
assert n == 7 and type(n) is Even and type(n * 1) is int and type(n - 0) is int and repr(n) == "7"
assert type(int(n)) is int and isinstance(True, int) and True + True == 2 and type(True + 0) is int


class Name(str):
    def __len__(self):
        return 100


name = Name("ab")
assert len(name) == 100 and name.upper() == "AB" and name + "c" == "abc" and {name: 1}["ab"] == 1


class Tree(dict):
    def __getattr__(self, key):
        try:
            return self[key]
        except KeyError:
            raise AttributeError(key) from None

    __setattr__ = dict.__setitem__


t = Tree()
t.leaf = 3
assert t == {"leaf": 3} and t.leaf == 3
try:
    t.branch
except AttributeError as error:
    assert str(error) == "branch"
else:
    raise AssertionError("no exception")
s.own = "attribute"
assert s.own == "attribute"
try:
    [].own = 1
except AttributeError as error:
    assert str(error) == "'list' object has no attribute 'own'"
else:
    raise AssertionError("no exception")
print(s, d, n, t)
