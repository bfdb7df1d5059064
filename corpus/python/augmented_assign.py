"""Augmented assignment: in place or not, single evaluation of the target."""

log = []


def index():
    log.append("index")
    return 0


items = [1, [2]]
items[index()] += 5
items[1] += [3]
assert items == [6, [2, 3]] and log == ["index"]
a = b = [1]
a += (2,)
assert b == [1, 2]
a *= 2
assert b == [1, 2, 1, 2]
s = t = "x"
s += "y"
assert (s, t) == ("xy", "x")
n = 7
n -= 2
n *= 3
n //= 2
n **= 2
n %= 30
n <<= 2
n >>= 1
n |= 8
n &= 0b11101
n ^= 1
assert n == (((((((7 - 2) * 3 // 2) ** 2 % 30) << 2) >> 1) | 8) & 0b11101) ^ 1
f = 5
f /= 2
assert f == 2.5
d = {"k": 1}
d["k"] += 1
d |= {"z": 0}
assert d == {"k": 2, "z": 0}


class O:
    count = 0
    shared = []


o = O()
o.count += 1
o.shared += [1]
assert O.count == 0 and o.count == 1 and O.shared == [1] and o.shared is O.shared


class Acc:
    def __init__(self):
        self.log = []

    def __iadd__(self, other):
        self.log.append(other)
        return self

    def __imatmul__(self, other):
        return "replaced"


acc = same = Acc()
acc += 1
acc += 2
assert acc is same and acc.log == [1, 2]
acc @= 5
assert acc == "replaced"


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def unbound():
    nowhere += 1


def missing_key():
    d["none"] += 1


def wrong():
    x = [1]
    x += 5


def text():
    x = "a"
    x += 1


assert message(unbound) == "UnboundLocalError: cannot access local variable 'nowhere' where it is not associated with a value"
assert message(missing_key) == "KeyError: 'none'" and message(wrong) == "TypeError: 'int' object is not iterable"
assert message(text) == 'TypeError: can only concatenate str (not "int") to str'
print(n, f, d, items)
