"""functools: state of partial objects, functions that bind nothing in a class, names of what total_ordering adds."""

import functools
import pickle

part = functools.partial(int, base=2)
flat = functools.partial(part, "101")
print(flat(), flat.func is int, flat.keywords)
part.extra = 1
print(functools.partial(part).func is part, part.__reduce__()[2])
part = functools.partial(print)
part.__setstate__((max, (1,), {}, {"a": 1}))
print(part(0, 5), part.a)
part.__setstate__((part, (), {}, {}))
print(repr(part))
try:
    functools.partial()
except TypeError as error:
    print(error)
for state in ((max, [1], {}, {}), (max, (), [], {})):
    try:
        functools.partial(max).__setstate__(state)
    except TypeError as error:
        print(error)


class Holder:
    key = functools.cmp_to_key
    fold = functools.reduce

    def use(self):
        return sorted([3, 1, 2], key=self.key(lambda a, b: b - a)), self.fold(max, [1, 5, 2])


print(Holder().use())


@functools.lru_cache(maxsize=2)
def square(x):
    return x * x


print([square(n) for n in (1, 2, 1, 3)], square.cache_info(), type(square.cache_info()) is functools._CacheInfo)


@functools.total_ordering
class Weight:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value < other.value

    def __eq__(self, other):
        return self.value == other.value


print(Weight(1) >= Weight(0), Weight(1) <= Weight(2), Weight.__gt__.__name__, pickle.loads(pickle.dumps(Weight.__gt__)) is Weight.__gt__)
