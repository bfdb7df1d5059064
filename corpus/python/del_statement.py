"""del: names, items, slices, attributes, targets in parentheses."""

x = 1
del x
try:
    x
except NameError as error:
    assert str(error) == "name 'x' is not defined"
else:
    raise AssertionError("no exception")
items = list(range(10))
del items[0], items[-1], items[2:4], items[::2]
assert items == [2, 6, 8]
table = {"a": 1, "b": 2}
del table["a"]
assert table == {"b": 2}


class O:
    shared = 1

    def __delitem__(self, key):
        self.deleted = key


o = O()
o.own = 2
del o.own
del o[1:2, "x"]
assert o.deleted == (slice(1, 2, None), "x")


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def no_key():
    del table["zz"]


def no_index():
    del items[5]


def no_attribute():
    del o.own


def no_local():
    y = 1
    del y
    return y


def never_bound():
    del z
    z = 1


def class_attribute():
    del o.shared


def from_tuple():
    t = (1, 2)
    del t[0]


def from_int():
    n = 5
    del n[0]


assert message(no_key) == "KeyError: 'zz'"
assert message(no_index) == "IndexError: list assignment index out of range"
assert message(no_attribute) == "AttributeError: 'O' object has no attribute 'own'"
assert message(no_local) == "UnboundLocalError: cannot access local variable 'y' where it is not associated with a value"
assert message(never_bound) == "UnboundLocalError: cannot access local variable 'z' where it is not associated with a value"
assert message(class_attribute) == "AttributeError: 'O' object has no attribute 'shared'"
assert message(from_tuple) == "TypeError: 'tuple' object doesn't support item deletion"
assert message(from_int) == "TypeError: 'int' object does not support item deletion"
a = b = 3
del (a, b)
assert "a" not in globals() and "b" not in globals()
print(items, table, o.deleted)
