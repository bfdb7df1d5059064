"""Dict methods, views, and their messages."""

d = {"a": 1, "b": 2}
assert d.get("a") == 1 and d.get("z") is None and d.get("z", 0) == 0 and d.setdefault("a", 9) == 1 and d.setdefault("c", []) == []
assert d.pop("c") == [] and d.pop("c", "gone") == "gone" and "a" in d and len(d) == 2
keys, values, items = d.keys(), d.values(), d.items()
d["x"] = 3
assert list(keys) == ["a", "b", "x"] and list(values) == [1, 2, 3] and ("x", 3) in items and len(items) == 3
assert keys & {"a", "zz"} == {"a"} and keys | {"q"} == {"a", "b", "x", "q"} and keys - {"a"} == {"b", "x"} and keys ^ {"a", "q"} == {"b", "x", "q"}
assert {"a", "b", "x"} == keys and keys > {"a"} and keys.isdisjoint({"q"}) and items >= {("a", 1)}
assert repr(keys) == "dict_keys(['a', 'b', 'x'])" and repr(values) == "dict_values([1, 2, 3])" and repr(items) == "dict_items([('a', 1), ('b', 2), ('x', 3)])"
assert d.copy() == d and d.copy() is not d and dict(d) == d and list(reversed(d.items()))[0] == ("x", 3)
e = {}
e.update([("k", 1)], v=2)
e.update({"k": 5})
assert e == {"k": 5, "v": 2} and e.clear() is None and e == {}
assert repr({"a": {"b": [1]}, 2: None}) == "{'a': {'b': [1]}, 2: None}" and str({}) == "{}"
nested = {}
nested.setdefault("x", {}).setdefault("y", []).append(1)
assert nested == {"x": {"y": [1]}} and max(d, key=d.get) == "x" and sum(d.values()) == 6 and sorted(d, reverse=True)[0] == "x"


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def grow():
    for key in d:
        d[key + "!"] = 1


def shrink():
    for key in list(d)[:1] and d:
        del d[key]


assert message(lambda: d["zz"]) == "KeyError: 'zz'" and message(lambda: d[1]) == "KeyError: 1" and message(lambda: d[(1, 2)]) == "KeyError: (1, 2)"
assert message(lambda: d.pop("zz")) == "KeyError: 'zz'"
assert message(lambda: {[1]: 2}) == "TypeError: unhashable type: 'list'" and message(lambda: d[{}]) == "TypeError: unhashable type: 'dict'"
assert message(grow) == "RuntimeError: dictionary changed size during iteration"
assert message(lambda: d < {}) == "TypeError: '<' not supported between instances of 'dict' and 'dict'"
assert message(lambda: d + {}) == "TypeError: unsupported operand type(s) for +: 'dict' and 'dict'"
assert message(lambda: d | [1]) == "TypeError: unsupported operand type(s) for |: 'dict' and 'list'"
assert message(lambda: d.get()) == "TypeError: get expected at least 1 argument, got 0"
assert message(lambda: d.keys()[0]) == "TypeError: 'dict_keys' object is not subscriptable"
assert message(lambda: {}.update([1])) == "TypeError: cannot convert dictionary update sequence element #0 to a sequence"
assert message(lambda: d.items) != "x" and message(lambda: d.has_key("a")) == "AttributeError: 'dict' object has no attribute 'has_key'"
print(nested, e, sorted(keys | {"q"}))
