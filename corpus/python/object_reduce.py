"""object takes itself apart for copy and pickle: __reduce_ex__, __reduce__, __getstate__."""

import copy
import copyreg


class Point:
    def __init__(self, x):
        self.x = x


class Slotted:
    __slots__ = ("a", "b")


class Both(Slotted):
    pass


point = Point(1)
print(point.__getstate__(), object().__getstate__(), Point.__getstate__ is object.__getstate__)
function, args, state = point.__reduce_ex__(2)[:3]
print(function is copyreg.__newobj__, args == (Point,), state)
function, args, state = point.__reduce__()
print(function is copyreg._reconstructor, args == (Point, object, None), state)
slotted = Slotted()
print(slotted.__getstate__())
slotted.a = 3
print(slotted.__getstate__())
both = Both()
both.b, both.c = 4, 5
print(both.__getstate__(), vars(both), copy.copy(both).__getstate__())
try:
    slotted.__reduce_ex__(0)
except TypeError as error:
    print(error)
try:
    point.__reduce_ex__("2")
except TypeError as error:
    print(error)


class Own(Point):
    def __reduce__(self):
        return Own, (self.x + 1,)


print(Own(1).__reduce_ex__(4)[1], copy.copy(Own(1)).x)
class Mapping(dict):
    pass


made = Mapping(k=1)
made.extra = 2
parts = made.__reduce_ex__(4)
print(parts[2], parts[3], list(parts[4]))
print([1, 2].__reduce_ex__(2)[1:3], (5).__reduce_ex__(2)[1])
