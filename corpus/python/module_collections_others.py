"""collections: defaultdict, OrderedDict, deque, ChainMap, UserDict."""

from collections import ChainMap, OrderedDict, UserDict, UserList, defaultdict, deque

d = defaultdict(list)
d["a"].append(1)
d["b"]
print(d, dict(d), d.get("zz"), "zz" in d, d.default_factory, defaultdict(int, x=1)["y"], defaultdict(lambda: "dflt")["k"])
tree = lambda: defaultdict(tree)
t = tree()
t["x"]["y"]["z"] = 1
print(t["x"]["y"]["z"], list(t), defaultdict(None, {"a": 1}))
try:
    defaultdict(None)["k"]
except KeyError as error:
    assert str(error) == "'k'"
else:
    raise AssertionError("no exception")
try:
    defaultdict(5)
except TypeError as error:
    assert str(error) == "first argument must be callable or None"
else:
    raise AssertionError("no exception")
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a")
o.move_to_end("c", last=False)
print(o, o.popitem(last=False), list(reversed(o)), OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1) == {"a": 1})
q = deque([1, 2, 3], maxlen=3)
q.append(4)
q.appendleft(0)
print(q, q.pop(), q.popleft(), len(q), q[0], q.maxlen, deque("abc"))
q = deque(range(5))
q.rotate(2)
q.extend("x")
q.extendleft([8, 9])
q.remove(0)
q.insert(1, "i")
q.reverse()
print(q, 3 in q, q.index(2), q.count("x"), list(q)[:2], q == deque(q), q.copy() is q, deque([1]) + deque([2]), deque([1, 2]) < deque([1, 3]))
for call, text in [
    (lambda: deque().pop(), "pop from an empty deque"),
    (lambda: deque().popleft(), "pop from an empty deque"),
    (lambda: deque([1]).remove(5), "5 is not in deque"),
    (lambda: deque([1])[5], "deque index out of range"),
    (lambda: deque([1])[0:1], "sequence index must be integer, not 'slice'"),
    (lambda: [q.append(x) for x in q], "deque mutated during iteration"),
]:
    try:
        call()
    except Exception as error:
        assert str(error) == text, str(error)
    else:
        raise AssertionError("no exception")
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
m["c"] = 5
print(m["a"], m["b"], dict(m.maps[0]), sorted(m), len(m), m.parents["a"], m.new_child({"a": 0})["a"])


class Lower(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)


print(Lower({"A": 1}), Lower(B=2).data, UserList([1, 2]) + [3], list(UserList("ab")))
