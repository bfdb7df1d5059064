"""Assigning to and deleting slices of lists."""

a = [0, 1, 2, 3, 4, 5]
a[1:3] = ["x", "y", "z"]
assert a == [0, "x", "y", "z", 3, 4, 5]
a[1:4] = []
assert a == [0, 3, 4, 5]
a[2:2] = "ab"
assert a == [0, 3, "a", "b", 4, 5]
a[::2] = [10, 20, 30]
assert a == [10, 3, 20, "b", 30, 5]
a[:] = range(5)
assert a == [0, 1, 2, 3, 4]
a[10:] = [9]
a[-100:0] = [8]
assert a == [8, 0, 1, 2, 3, 4, 9]
del a[1:3]
del a[::2]
assert a == [2, 4]
a[1:1] = a
assert a == [2, 2, 4, 4]
b = [1, 2, 3, 4]
b[::-1] = b
assert b == [4, 3, 2, 1]
b[5:2] = ["mid"]
assert b == [4, 3, 2, 1, "mid"]
b[1:3] += ["more"]
assert b == [4, 3, 2, "more", 1, "mid"]
c = [3, 1, 2]
c[:] = sorted(c)
assert c == [1, 2, 3]
c[1:2] = (x * 10 for x in c)
assert c == [1, 10, 20, 30, 3]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def extended():
    [1, 2, 3, 4][::2] = [1]


def not_iterable():
    [1, 2][0:1] = 5


def string():
    "abc"[0:1] = "z"


def index():
    [][0] = 1


assert message(extended) == "ValueError: attempt to assign sequence of size 1 to extended slice of size 2"
assert message(not_iterable) == "TypeError: can only assign an iterable"
assert message(string) == "TypeError: 'str' object does not support item assignment"
assert message(index) == "IndexError: list assignment index out of range"
print(a, b, c)
