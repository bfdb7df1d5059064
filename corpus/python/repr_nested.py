"""repr of containers within containers, of own classes, of cycles."""

from collections import OrderedDict, defaultdict, deque


class Named:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


a = [1]
a.append(a)
d = {"x": 1}
d["me"] = d
d["list"] = [d]
q = deque([1])
q.append(q)
print(a, d, q)
print([Named("n"), (Named("m"),), {Named("k").name: Named("v")}], {"k": Named("z")}, (a,), [[], {}, (), set()])
print([1.0, 1e20, -0.0, 1j, True, None, ...], ["a'b", 'c"d', "e\\f", "\n"], [b"x"], {1: {2: {3: [4]}}})
print(OrderedDict([(1, [2])]), defaultdict(int, {"a": 1}), {1: "a", "b": 2}.items(), range(3), slice(1), [int, str, list], [print, len])
print(str([1, "x"]), f"{[Named('f')]}", "%s" % [Named("p")], "{}".format((Named("q"), "s")), str(Named("w")), str({"s": "t"}), [Exception("e"), ValueError()])


class Tree:
    def __init__(self):
        self.children = [self]

    def __repr__(self):
        return f"Tree({self.children if len(self.children) > 1 else 'leaf'})"


print(Tree(), [Tree()])


class BadRepr:
    def __repr__(self):
        raise ValueError("no repr")


try:
    repr([BadRepr()])
except ValueError as error:
    print(error)
else:
    raise AssertionError("no exception")
