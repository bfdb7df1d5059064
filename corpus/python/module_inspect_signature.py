"""inspect: signatures of classes, partial objects and callables; what a call binds; annotations and stored attributes."""

import functools
import inspect


def show(function, *args, **kwargs):
    try:
        print(inspect.signature(function).bind(*args, **kwargs))
    except TypeError as error:
        print(error)


show(lambda a, /: 0, a=1)
show(lambda a, b=2, *c, d: 0, 1, a=3)
show(lambda *, a, b: 0)
show(lambda a, *, b: 0, b=1)
show(lambda a, b: 0, 1, 2, 3, a=3)
show(lambda a, **k: 0, 1, b=2, c=3)
bound = inspect.signature(lambda a, b=2, *c, d=4, **e: 0).bind_partial()
bound.apply_defaults()
print(bound, bound.args, bound.kwargs)


class Plain: ...


class Made(Plain):
    def __new__(cls, x): ...


class Meta(type):
    def __call__(cls, z): ...


class Called(Made, metaclass=Meta):
    def __call__(self, q): ...


print(*map(inspect.signature, (Plain, Made, Called, Called.__call__, functools.partial(lambda a, b, c=3, *d, e: 0, 1, c=5))))
for make in (
    lambda: inspect.Parameter("1", inspect.Parameter.POSITIONAL_ONLY),
    lambda: inspect.Parameter("a", inspect.Parameter.VAR_KEYWORD, default=1),
    lambda: inspect.Signature([inspect.Parameter("a", inspect.Parameter.KEYWORD_ONLY), inspect.Parameter("b", inspect.Parameter.POSITIONAL_ONLY)]),
):
    try:
        make()
    except ValueError as error:
        print(error)


def annotated(a: "int", *b: str, c: float = 1.5, **d) -> "list[int]": ...


print(inspect.signature(annotated), inspect.signature(annotated, eval_str=True))
print(inspect.getfullargspec(annotated))
print(inspect.getcallargs(annotated, 1, 2, x=3), inspect.get_annotations(annotated, eval_str=True)["a"])


class Store:
    @property
    def value(self):
        raise RuntimeError

    def method(self):
        "Text."


class Derived(Store):
    def method(self): ...


print(type(inspect.getattr_static(Store(), "value")).__name__, inspect.getattr_static(Store, "none", None), inspect.getdoc(Derived.method))
