"""Sorting with comparisons that lie, raise or count: the order of calls is CPython's."""

from functools import cmp_to_key


class N:
    compared = []

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        N.compared.append((self.value, other.value))
        return self.value < other.value

    def __repr__(self):
        return str(self.value)


def trace(values):
    N.compared = []
    result = sorted(N(v) for v in values)
    return result, N.compared


print(trace([2, 1]))
print(trace([1, 2, 3]))
print(trace([3, 2, 1]))
print(trace([2, 3, 1]))
print(trace([5, 2, 8, 1, 9]))
print(trace([1, 1, 1]))
print(len(trace([i * 37 % 101 for i in range(101)])[1]), len(trace(range(64))[1]), len(trace(range(200, 0, -1))[1]))
print(len(trace([i % 5 for i in range(150)])[1]))


class Liar:
    def __init__(self, name):
        self.name = name

    def __lt__(self, other):
        return True

    def __repr__(self):
        return self.name


print(sorted(Liar(c) for c in "abcde"), sorted((Liar(c) for c in "abcde"), reverse=True))


class Never(Liar):
    def __lt__(self, other):
        return False


print(sorted(Never(c) for c in "abcde"), min(Liar(c) for c in "abc"), max(Never(c) for c in "abc"))


class Breaks(Liar):
    def __lt__(self, other):
        if self.name == "c":
            raise ValueError("will not compare")
        return self.name < other.name


data = [Breaks(c) for c in "badc"]
try:
    data.sort()
except ValueError as error:
    assert str(error) == "will not compare" and sorted(x.name for x in data) == list("abcd")
else:
    raise AssertionError("no exception")
calls = []


def compare(a, b):
    calls.append((a, b))
    return (a > b) - (a < b)


print(sorted([3, 1, 2], key=cmp_to_key(compare)), calls)
print(sorted([1, 2, 3, 4], key=cmp_to_key(lambda a, b: b - a)), sorted("bAc", key=str.lower))
n = float("nan")
print(sorted([2.0, n, 1.0]), sorted([n, 1.0, 2.0, 0.5]), min([n, 1.0]), max([1.0, n]))
print(sorted([{1}, {0, 1}, {2}, set()], key=len), sorted([{3}, {1, 3}, {1}]))
