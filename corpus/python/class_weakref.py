"""weakref: a reference that dies with its target, and tables of them."""

import weakref


class Node:
    def __init__(self, name):
        self.name = name


log = []
n = Node("n")
r = weakref.ref(n, lambda ref: log.append("gone"))
assert r() is n and r().name == "n"
table = weakref.WeakValueDictionary()
table["n"] = n
keys = weakref.WeakKeyDictionary()
keys[n] = "data"
assert table["n"] is n and keys[n] == "data" and len(keys) == 1
del n
assert r() is None and log == ["gone"] and "n" not in table and len(keys) == 0
try:
    weakref.ref(3)
except TypeError as error:
    assert str(error) == "cannot create weak reference to 'int' object"
else:
    raise AssertionError("no exception")
m = Node("m")
p = weakref.proxy(m)
assert p.name == "m"
del m
try:
    p.name
except ReferenceError as error:
    assert str(error) == "weakly-referenced object no longer exists"
else:
    raise AssertionError("no exception")
print(log, len(table), len(keys))
