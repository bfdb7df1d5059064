"""functools: reduce, partial, lru_cache, cached_property, singledispatch, total_ordering."""

import functools
from functools import cache, cached_property, lru_cache, partial, reduce, singledispatch, total_ordering

print(reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(max, [3, 9, 2], 5), reduce(lambda a, b: a + b, [], "init"))
half = partial(lambda a, b, c=0: (a, b, c), 1, c=9)
print(half(2), half(3, c=4), half.args, half.keywords, partial(half, 5)())
calls = []


@lru_cache(maxsize=2)
def square(x):
    calls.append(x)
    return x * x


print([square(x) for x in (1, 2, 1, 3, 2, 1)], calls, square.cache_info(), square.__wrapped__(4), square.__name__)
square.cache_clear()
print(square.cache_info())


@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info().hits)


class Circle:
    made = 0

    def __init__(self, r):
        self.r = r

    @cached_property
    def area(self):
        Circle.made += 1
        return self.r * self.r * 3


c = Circle(2)
print(c.area, c.area, Circle.made, "area" in vars(c))
del c.area
print(c.area, Circle.made)


@singledispatch
def show(x):
    return f"other {x}"


@show.register
def _(x: int):
    return f"int {x}"


@show.register(list)
def _(x):
    return f"list of {len(x)}"


print(show(5), show([1]), show("s"), show(True), show.dispatch(bool) is show.dispatch(int))


@total_ordering
class Version:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n


print(Version(1) <= Version(1), Version(2) > Version(1), Version(1) >= Version(2))


class Menu:
    def order(self, dish, count):
        return f"{count} {dish}"

    two = functools.partialmethod(order, count=2)


print(Menu().two("tea"), sorted("bca", key=functools.cmp_to_key(lambda a, b: (a > b) - (a < b))))


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


assert message(lambda: reduce(max, [])) == "reduce() of empty iterable with no initial value"
assert message(lambda: square([1])) == "unhashable type: 'list'"
assert message(lambda: partial()) == "type 'partial' takes at least one argument" and message(lambda: partial(5)) == "the first argument must be callable"
