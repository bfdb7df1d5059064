"""bisect: left, right, insort, bounds, keys."""

import bisect

a = [1, 3, 3, 5]
print(bisect.bisect_left(a, 3), bisect.bisect_right(a, 3), bisect.bisect(a, 9), bisect.bisect_left(a, 0), bisect.bisect_left(a, 3, 2), bisect.bisect_right(a, 3, 0, 2))
bisect.insort(a, 4)
bisect.insort_left(a, 3)
print(a)
people = [("Ann", 20), ("Bob", 30)]
bisect.insort(people, ("Cid", 25), key=lambda p: p[1])
print(people, bisect.bisect_left(people, 25, key=lambda p: p[1]))


def grade(score):
    return "FDCBA"[bisect.bisect([60, 70, 80, 90], score)]


print([grade(s) for s in (33, 60, 77, 90, 100)])
try:
    bisect.bisect_left(a, 3, -1)
except ValueError as error:
    assert str(error) == "lo must be non-negative"
else:
    raise AssertionError("no exception")
try:
    bisect.bisect([1], "a")
except TypeError as error:
    assert str(error) == "'<' not supported between instances of 'str' and 'int'"
else:
    raise AssertionError("no exception")
