"""typing: what programs use at run time: repr, get_args, Protocol, TypedDict, cast."""

import typing
from typing import Any, Callable, ClassVar, Generic, Literal, NewType, Optional, Protocol, TypedDict, TypeVar, Union, cast, get_args, get_origin, get_type_hints, runtime_checkable

print(Optional[int], Union[int, str], Union[int, None, int], Literal["a", 1], Callable[[int], str], typing.List[int], typing.Dict[str, Any], Any, ClassVar[int])
print(get_origin(list[int]), get_args(dict[str, int]), get_args(Optional[int]), get_args(Literal["x", "y"]), get_origin(Union[int, str]) is Union, get_args(Callable[[int], str]))
T = TypeVar("T")
UserId = NewType("UserId", int)


class Box(Generic[T]):
    def __init__(self, item: T):
        self.item = item


class Movie(TypedDict, total=False):
    name: str
    year: int


@runtime_checkable
class Closer(Protocol):
    def close(self) -> None: ...


class Door:
    def close(self):
        return None


print(Box[int](5).item, Box[int], T, UserId(3) + 1, Movie(name="x"), Movie.__annotations__, isinstance(Door(), Closer), isinstance(5, Closer), cast(str, 5))


def f(a: int, b: "Optional[str]" = None) -> list[int]: ...


print(get_type_hints(f), typing.TYPE_CHECKING, typing.NamedTuple("P", [("x", int)])(3))


@typing.overload
def g(x: int) -> int: ...
@typing.overload
def g(x: str) -> str: ...
def g(x):
    return x


@typing.final
class Last: ...


assert g(5) == 5 and Last() and typing.Final[int] and (Union[int, str] == Union[str, int]) and Optional[int] == Union[int, None]
try:
    Optional[int]()
except TypeError as error:
    assert str(error) == "Cannot instantiate typing.Union"
else:
    raise AssertionError("no exception")
try:
    isinstance([], typing.List[int])
except TypeError as error:
    assert str(error) == "Subscripted generics cannot be used with class and instance checks"
else:
    raise AssertionError("no exception")
try:
    Closer()
except TypeError as error:
    assert str(error) == "Protocols cannot be instantiated"
else:
    raise AssertionError("no exception")
