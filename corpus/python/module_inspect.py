"""inspect: signatures and kinds of callables, as frameworks use them."""

import inspect


def f(a, b: int = 2, /, c="x", *args, d, e=None, **rest) -> bool:
    "Doc."
    return True


class C:
    def method(self, x): ...


s = inspect.signature(f)
print(s, list(s.parameters), s.parameters["b"].default, s.parameters["d"].kind.name, s.return_annotation, s.parameters["a"].default is inspect.Parameter.empty)
bound = s.bind(1, 2, 3, 4, d=5, z=6)
print(bound.arguments, bound.args, bound.kwargs, inspect.signature(C().method), inspect.signature(C), inspect.signature(lambda *, k=1: k))
print(inspect.isfunction(f), inspect.isclass(C), inspect.ismethod(C().method), inspect.isgeneratorfunction(f), inspect.iscoroutinefunction(f), inspect.getdoc(f), inspect.isbuiltin(len))


def generator():
    yield


async def coroutine(): ...


print(inspect.isgeneratorfunction(generator), inspect.iscoroutinefunction(coroutine), inspect.isgenerator(generator()), [n for n, _ in inspect.getmembers(C, inspect.isfunction)])
try:
    s.bind(1)
except TypeError as error:
    assert str(error) == "missing a required argument: 'd'"
else:
    raise AssertionError("no exception")
assert s.bind(1, a=2, d=1).kwargs == {"d": 1, "a": 2}, "a positional-only name is free for ** to take"
