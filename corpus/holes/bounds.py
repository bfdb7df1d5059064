# Bounds in types: written for pydantic or annotated_types, in a stub, a field, an alias, or inside of others.
from dataclasses import dataclass
from typing import Annotated, Literal, Optional, TypedDict

import annotated_types as at
from annotated_types import Ge, Interval, Le, Len, MinLen, MultipleOf
from emulant import HoleError, ask, emulate
from pydantic import BaseModel, Field, StringConstraints

Share = Annotated[float, Field(ge=0, le=1)]


@emulate
def score(text: str) -> Annotated[int, Field(ge=0, le=10)]:
    """How good is it?"""


@emulate
def share(text: str) -> Share: ...


@emulate
def code(text: str) -> Annotated[str, Field(pattern=r'^[A-Z]{2}\d{3}$')]: ...


@emulate
def even(text: str) -> Annotated[int, Interval(gt=0, lt=100), MultipleOf(2)]: ...


@emulate
def words(text: str) -> Annotated[list[Annotated[str, MinLen(2)]], Len(1, 3)]: ...


@emulate
def perhaps(text: str) -> Optional[Annotated[float, at.Gt(0.5)]]: ...


@dataclass
class Item:
    name: Annotated[str, StringConstraints(min_length=1, max_length=8)]
    count: Annotated[int, Ge(1), Le(5)]


class Order(TypedDict):
    items: Annotated[list[Item], at.Len(1, 2)]
    rate: Share


class Person(BaseModel):
    age: int = Field(ge=0, le=150)
    tag: Literal['a', 'b'] = 'a'


@emulate
def order(text: str) -> Order: ...


@emulate
def person(text: str) -> Person: ...


print(score('x'), share('x'), code('x'), even('x'), words('x'), perhaps('x'))
print(order('x'))
print(person('x'), ask[Annotated[int, Field(gt=2, lt=4)]]('three'))
print(Interval(ge=0, le=3), list(Interval(ge=0, le=3)), Len(2), list(Len(2, 5)), MultipleOf(3) == MultipleOf(3))
for text in ('low', 'long', 'half'):
    try:
        print(person(text))
    except Exception as error:
        print(type(error).__name__, str(error).split(';')[0])


# The same where types are looked at while the program runs.
def made_here():
    Later = Annotated[int, Field(ge=5)]

    class Box(BaseModel):
        size: Annotated[int, MultipleOf(5)] = Field(le=20)
        label: Annotated[str, MinLen(2), Field(pattern='^b')]
        parts: Annotated[list[int], Len(0, 2)] = []

    return Later, Box


Later, Box = made_here()
print(Box.model_json_schema())
print(Box(size=10, label='box'))
for wrong in ({'size': 7, 'label': 'box'}, {'size': 25, 'label': 'b'}, {'size': 5, 'label': 'ab', 'parts': [1, 2, 3]}):
    try:
        Box(**wrong)
    except ValueError as error:
        print(str(error).replace('\n', ' '))
