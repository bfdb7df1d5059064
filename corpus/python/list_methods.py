"""List methods, operators, comparison, aliasing and repr."""

a = [3, 1, 2]
assert a.append(4) is None and a == [3, 1, 2, 4] and a.pop() == 4 and a.pop(0) == 3 and a == [1, 2]
a.insert(1, "i")
a.insert(-100, "first")
a.insert(100, "last")
assert a == ["first", 1, "i", 2, "last"] and a.index("i") == 2 and a.index("last", 2) == 4 and a.count(1) == 1
a.remove("i")
a.extend(x for x in "ab")
a += (5,)
assert a == ["first", 1, 2, "last", "a", "b", 5]
a.reverse()
assert a[0] == 5 and a.copy() == a and a.copy() is not a
a.clear()
assert a == [] and not a
b = [[0] * 2] * 2
b[0][0] = 1
assert b == [[1, 0], [1, 0]] and b[0] is b[1]
c = [[0] * 2 for _ in range(2)]
c[0][0] = 1
assert c == [[1, 0], [0, 0]]
assert [1, 2] + [3] == [1, 2, 3] and [1] * 3 == 3 * [1] == [1, 1, 1] and [1] * -1 == []
assert [1, 2] < [1, 3] < [2] and [1, 2] < [1, 2, 0] and [] < [0] and [1, 2] == [1.0, 2.0] and [1] != (1,)
assert 2 in [1, 2] and 3 not in [1, 2] and min([3, 1]) == 1 and sum([[1], [2]], []) == [1, 2]
d = e = [1]
d += [2]
assert e == [1, 2]
d = d + [3]
assert e == [1, 2] and d == [1, 2, 3]
f = [1, 2, 3]
f *= 2
assert f == [1, 2, 3, 1, 2, 3] and f.index(1, 1) == 3 and f.index(2, -3, -1) == 4
assert list("abc") == ["a", "b", "c"] and list({"k": 1}) == ["k"] and list(range(3, 0, -1)) == [3, 2, 1]
assert repr([1, "a", None, 1.0, (1,), {2: 3}]) == "[1, 'a', None, 1.0, (1,), {2: 3}]" and str([]) == "[]"
assert sorted([3, 1, 2], reverse=True) == [3, 2, 1] and list(reversed([1, 2])) == [2, 1] and [].copy() == []
assert [*zip("ab", [1, 2])] == [("a", 1), ("b", 2)] and any([0, 1]) and not all([0, 1])
try:
    [1] < ["a"]
except TypeError as error:
    assert str(error) == "'<' not supported between instances of 'int' and 'str'"
else:
    raise AssertionError("no exception")
try:
    a.append(1, 2)
except TypeError as error:
    assert str(error) == "list.append() takes exactly one argument (2 given)"
else:
    raise AssertionError("no exception")
try:
    a.push(1)
except AttributeError as error:
    assert str(error) == "'list' object has no attribute 'push'"
else:
    raise AssertionError("no exception")
print(b, c, d, f)
