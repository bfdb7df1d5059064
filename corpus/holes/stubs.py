"""A stub: its types, its examples, its exceptions, its checks, and what happens after three bad answers."""
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Literal, NamedTuple, Optional, TypedDict

from emulant import AskFailed, HoleError, emulate, ensures, example, raises
from pydantic import BaseModel, Field


class Mood(Enum):
    GOOD = 1
    BAD = 2


@dataclass
class Place:
    name: str
    moods: list[Mood] = field(default_factory=list)


class Point(NamedTuple):
    x: int
    y: int = 0


class Row(TypedDict, total=False):
    id: int
    tags: set[str]


class Order(BaseModel):
    item: str
    count: Annotated[int, Field(ge=1, le=5)] = 1
    place: Optional[Place] = None


@emulate
@example("I love this!", returns=Mood.GOOD)
@example("Broken again.", returns=Mood.BAD)
def mood(text: str) -> Mood:
    "The writer's mood."
    ...


@emulate
def place(text: str) -> Place: ...


@emulate
def point(text: str) -> Point | None: ...


@emulate
def row(text: str) -> Row: ...


@emulate
def order(text: str) -> Order: ...


@emulate
def nested(text: str) -> dict[str, tuple[Literal["a", 1, None, True], list[float]]]: ...


@emulate
@raises(LookupError, ValueError)
def price(text: str) -> int:
    "The price that the text says."


@emulate
@ensures(lambda answer, text: answer in text, "the answer stands in the text")
@ensures(lambda answer: len(answer) > 1)
def quoted(text: str) -> str:
    "A word of the text."


@ensures(lambda answer: answer % 2 == 0, "even")
@emulate
def even(n: int) -> int: ...


@ensures(lambda answer: 1 / answer > 0)
@emulate
def never(n: int) -> int: ...


@ensures(lambda answer: [None for _ in range(10**9)] == [])
@emulate
def slow(n: int) -> int: ...


print(mood("Fine, thanks"))
print(place("home"))
print(point("here"), point("nowhere"))
print(row("r"))
print(order("two pears"))
print(nested("n"))
print(price("3 euros"))
try:
    price("free")
except LookupError as error:
    print("LookupError:", error.args[0])
print(quoted("a long text"))
print(even(3))
before = [1]
try:
    never(0)
except HoleError as error:
    print(isinstance(error, AskFailed), before)
    print(error)
try:
    slow(1)
except HoleError as error:
    print(error.answers[0])
