"""Dicts keep insertion order: updates stay, deletes and re-inserts move."""

d = {"b": 1, "a": 2, "c": 3}
d["b"] = 10
assert list(d) == ["b", "a", "c"]
del d["b"]
d["b"] = 4
assert list(d.items()) == [("a", 2), ("c", 3), ("b", 4)] and list(reversed(d)) == ["b", "c", "a"]
d.update(z=1, a=0)
assert list(d) == ["a", "c", "b", "z"] and d.popitem() == ("z", 1)
assert {"x": 1, "y": 2} == {"y": 2, "x": 1} and {1: "a"} == {1.0: "a"} == {True: "a"}
merged = {"a": 1, "b": 2} | {"b": 3, "c": 4}
assert list(merged.items()) == [("a", 1), ("b", 3), ("c", 4)]
merged |= [("a", 9)]
assert merged["a"] == 9 and list(merged) == ["a", "b", "c"]
assert list(dict.fromkeys("banana")) == ["b", "a", "n"] and dict.fromkeys([1], []) == {1: []} and dict.fromkeys("a") == {"a": None}
assert dict([("k", 1)], v=2) == {"k": 1, "v": 2} and dict(zip("ab", range(2))) == {"a": 0, "b": 1}
assert {k: v for v, k in enumerate("ab")} == {"a": 0, "b": 1} and {1: "x", 1.0: "y"} == {1: "y"} and list({1: "x", 1.0: "y"}) == [1]
big = {i: i for i in range(1000)}
for i in range(0, 1000, 2):
    del big[i]
big[0] = 0
assert list(big)[:3] == [1, 3, 5] and list(big)[-1] == 0 and len(big) == 501
sorted_by_value = dict(sorted({"x": 3, "y": 1, "z": 2}.items(), key=lambda kv: kv[1]))
assert list(sorted_by_value) == ["y", "z", "x"]
print(d, merged, sorted_by_value)
