"""Sorting is stable, keys are computed once each, reverse keeps equal ones in order."""

words = ["pear", "fig", "apple", "kiwi", "date", "plum"]
assert sorted(words, key=len) == ["fig", "pear", "kiwi", "date", "plum", "apple"]
assert sorted(words, key=len, reverse=True) == ["apple", "pear", "kiwi", "date", "plum", "fig"]
calls = []


def key(word):
    calls.append(word)
    return word[-1]


assert sorted(words, key=key) == ["apple", "date", "fig", "kiwi", "plum", "pear"]
assert calls == words, "one call for each, in order"
people = [("Ann", 30), ("Bob", 25), ("Cid", 30), ("Dan", 25)]
people.sort(key=lambda p: p[0], reverse=True)
people.sort(key=lambda p: p[1])
assert people == [("Dan", 25), ("Bob", 25), ("Cid", 30), ("Ann", 30)]
assert sorted([True, 0, 1, False]) == [0, False, True, 1] and sorted("bca") == ["a", "b", "c"] and sorted({"b": 1, "a": 2}) == ["a", "b"]
assert [type(x).__name__ for x in sorted([1.0, 1, True])] == ["float", "int", "bool"]
assert sorted([(1, "b"), (1, "a"), (0, "z")]) == [(0, "z"), (1, "a"), (1, "b")] and sorted([[2], [1, 9]]) == [[1, 9], [2]]
assert [1, 2, 3].sort() is None
items = [3, 1, 2]
try:
    items.sort(key=lambda x: items.append(x) or x)
except ValueError as error:
    assert str(error) == "list modified during sort"
else:
    raise AssertionError("no exception")
assert items == [1, 2, 3]
seen = []
data = [2, 1]
data.sort(key=lambda x: seen.append(len(data)) or x)
assert seen == [0, 0] and data == [1, 2], "a list looks empty while it is sorted"
try:
    sorted([1, None])
except TypeError as error:
    assert str(error) == "'<' not supported between instances of 'NoneType' and 'int'"
else:
    raise AssertionError("no exception")
try:
    sorted(words, key=lambda w: 1 / 0)
except ZeroDivisionError as error:
    assert str(error) == "division by zero"
else:
    raise AssertionError("no exception")
try:
    [].sort(5)
except TypeError as error:
    assert str(error) == "sort() takes no positional arguments"
else:
    raise AssertionError("no exception")
n = float("nan")
print(sorted([3.0, 1.0, 2.0]), sorted([10**20, -1, 5]), sorted(words, key=lambda w: (-len(w), w)))
print(min(words, key=len), max(words, key=len), sorted(range(30), key=lambda x: x % 4))
