"""copy: shallow and deep, shared parts, cycles, own hooks."""

import copy

inner = [1, 2]
data = {"a": inner, "b": inner, "t": (inner, 5)}
shallow, deep = copy.copy(data), copy.deepcopy(data)
inner.append(3)
assert shallow["a"] is inner and deep["a"] == [1, 2] and deep["a"] is deep["b"] and deep["t"][0] is deep["a"]
loop = [1]
loop.append(loop)
twin = copy.deepcopy(loop)
assert twin is not loop and twin[1] is twin


class Node:
    def __init__(self, value, parts):
        self.value = value
        self.parts = parts


n = Node(1, [Node(2, [])])
c, d = copy.copy(n), copy.deepcopy(n)
assert type(c) is Node and c.parts is n.parts and d.parts is not n.parts and d.parts[0].value == 2 and d.parts[0] is not n.parts[0]


class Own:
    def __copy__(self):
        return "copied"

    def __deepcopy__(self, memo):
        return "deep copied"


assert copy.copy(Own()) == "copied" and copy.deepcopy([Own()]) == ["deep copied"]
t = (1, "a")
assert copy.copy(t) is t and copy.deepcopy(t) is t and copy.copy(5) == 5 and copy.deepcopy(print) is print and copy.deepcopy(Node) is Node
assert copy.deepcopy({1, 2}) == {1, 2} and copy.copy([1]) == [1] and copy.deepcopy((inner,))[0] is not inner
try:
    copy.deepcopy(x for x in [])
except TypeError as error:
    assert str(error) == "cannot pickle 'generator' object"
else:
    raise AssertionError("no exception")
print(deep, d.value, c.value)
