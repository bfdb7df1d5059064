"""Tuples: immutability, hashing, comparison, nesting, one-element repr."""

t = (1, "a", [2])
t[2].append(3)
assert t == (1, "a", [2, 3]) and len(t) == 3 and t.count(1) == 1 and t.index("a") == 1 and t[-1] == [2, 3]
assert repr((1,)) == "(1,)" and repr(()) == "()" and repr((1, (2, ()))) == "(1, (2, ()))"
assert (1, 2) + (3,) == (1, 2, 3) and (1,) * 3 == (1, 1, 1) and tuple("ab") == ("a", "b") and tuple([1]) == (1,)
assert (1, 2) < (1, 3) and (1, "z") < (2, "a") and (1,) < (1, 0) and () < (1,) and (1, 2) == (1.0, 2.0) != [1, 2]
assert hash((1, 2)) == hash((1.0, 2.0)) and {(0, 1): "x"}[0, 1] == "x" and len({(1, 2), (1, 2)}) == 1
assert hash((1, 2)) == -3550055125485641917 and hash(()) == 5740354900026072187 and hash((1,)) == -6644214454873602895
x = 1,
assert x == (1,) and type(()) is tuple and (1) == 1 and not () and tuple() == ()
a = (1, 2)
b = a
a += (3,)
assert a == (1, 2, 3) and b == (1, 2)


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def assign():
    t[0] = 5


def in_place():
    t[2] += [4]


assert message(assign) == "TypeError: 'tuple' object does not support item assignment"
assert message(in_place) == "TypeError: 'tuple' object does not support item assignment" and t[2] == [2, 3, 4]
assert message(lambda: hash(t)) == "TypeError: unhashable type: 'list'"
assert message(lambda: t.append(1)) == "AttributeError: 'tuple' object has no attribute 'append'"
assert message(lambda: (1,) < ("a",)) == "TypeError: '<' not supported between instances of 'int' and 'str'"
assert message(lambda: t[5]) == "IndexError: tuple index out of range"
assert max([(1, "b"), (1, "a")]) == (1, "b") and sorted([(2, 1), (1, 2)]) == [(1, 2), (2, 1)]
print(t, x, a, hash((0, 0)), hash((1, (2, 3))))
