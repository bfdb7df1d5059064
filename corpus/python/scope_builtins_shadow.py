"""Names of built-ins may be shadowed, and come back when the shadow goes."""

list_of = list
list = [3, 1]
assert sorted(list) == [1, 3]
try:
    list("ab")
except TypeError as error:
    assert str(error) == "'list' object is not callable"
else:
    raise AssertionError("no exception")
del list
assert list("ab") == ["a", "b"] and list is list_of


def sum(values):
    total = 0
    for value in values:
        total += value * 10
    return total


def use(max, min=5):
    str = max + min
    return str


assert sum([1, 2]) == 30 and use(1) == 6
del sum
assert sum([1, 2]) == 3


class Box:
    id = 5
    type = "box"

    def len(self):
        return len(self.type)


assert Box.id == 5 and Box().len() == 3
import builtins

assert builtins.len is len and builtins.__name__ == "builtins"
_ = 5
assert [_ for _ in range(2)] == [0, 1] and _ == 5
True_ = True
dict = {"a": 1}
print({**dict}, use(2), Box.type)
