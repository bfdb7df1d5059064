"""Sets and frozensets: operators, methods, comparison, messages."""

a, b = {1, 2, 3}, {3, 4}
assert a | b == {1, 2, 3, 4} and a & b == {3} and a - b == {1, 2} and a ^ b == {1, 2, 4}
assert a.union([9], (8,)) == {1, 2, 3, 8, 9} and a.intersection([1, 2], [2]) == {2} and a.difference([1]) == {2, 3}
assert a.symmetric_difference([3, 5]) == {1, 2, 5} and {1} < a and a <= a and not a < a and a > {2} and a >= {1, 2}
assert a.issubset([1, 2, 3, 4]) and a.issuperset([1]) and a.isdisjoint([7]) and not {1} <= {2} and not {2} <= {1}
c = a.copy()
c.add(1)
c.discard(99)
c.remove(1)
c |= {7}
c &= {2, 7, 8}
c -= {2}
c ^= {7, 5}
assert c == {5}
c.update("ab", [1])
assert c == {5, "a", "b", 1}
c.intersection_update({1, 5})
c.difference_update([5])
c.symmetric_difference_update([1, 2])
assert c == {2} and len(c) == 1 and 2 in c
f = frozenset([1, 2])
assert f == {1, 2} and hash(f) == hash(frozenset([2, 1])) and {f: 1}[frozenset([1, 2])] == 1 and repr(f) == "frozenset({1, 2})"
assert type(f | {3}) is frozenset and type({3} | f) is set and f.union([3]) == {1, 2, 3} and frozenset() == set()
assert repr(set()) == "set()" and repr({1}) == "{1}" and repr(frozenset()) == "frozenset()" and {frozenset([1])} == {frozenset([1])}
assert {1, 1.0, True} == {1} and len({0, False, 0.0, ""}) == 2 and {1} in [{1}] and {1} in {frozenset([1])}


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def grow():
    s = {1}
    for x in s:
        s.add(x + 1)


assert message(lambda: {1}.remove(5)) == "KeyError: 5" and message(lambda: set().pop()) == "KeyError: 'pop from an empty set'"
assert message(lambda: {[]}) == "TypeError: unhashable type: 'list'" and message(lambda: hash({1})) == "TypeError: unhashable type: 'set'"
assert message(lambda: {1} | [2]) == "TypeError: unsupported operand type(s) for |: 'set' and 'list'"
assert message(lambda: {1} + {2}) == "TypeError: unsupported operand type(s) for +: 'set' and 'set'"
assert message(lambda: {1} < [2]) == "TypeError: '<' not supported between instances of 'set' and 'list'"
assert message(lambda: a[0]) == "TypeError: 'set' object is not subscriptable"
assert message(lambda: set(5)) == "TypeError: 'int' object is not iterable"
assert message(lambda: f.add(1)) == "AttributeError: 'frozenset' object has no attribute 'add'"
assert message(grow) == "RuntimeError: Set changed size during iteration"
print(a | b, f, sorted(a ^ b))
