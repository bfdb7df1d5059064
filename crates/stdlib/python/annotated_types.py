"""As much of `annotated_types` as types of answers use: bounds for `Annotated[...]`."""

from dataclasses import dataclass

__all__ = ['BaseMetadata', 'Ge', 'GroupedMetadata', 'Gt', 'Interval', 'Le', 'Len', 'Lt', 'MaxLen', 'MinLen', 'MultipleOf', 'Predicate']


class BaseMetadata:
    """What all bounds are."""

    __slots__ = ()


class GroupedMetadata:
    """Several bounds in one; iterating gives them."""

    __slots__ = ()

    @property
    def __is_annotated_types_grouped_metadata__(self):
        return True


@dataclass(frozen=True, slots=True)
class Gt(BaseMetadata):
    gt: object


@dataclass(frozen=True, slots=True)
class Ge(BaseMetadata):
    ge: object


@dataclass(frozen=True, slots=True)
class Lt(BaseMetadata):
    lt: object


@dataclass(frozen=True, slots=True)
class Le(BaseMetadata):
    le: object


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval(GroupedMetadata):
    gt: object = None
    ge: object = None
    lt: object = None
    le: object = None

    def __iter__(self):
        for kind, bound in ((Gt, self.gt), (Ge, self.ge), (Lt, self.lt), (Le, self.le)):
            if bound is not None:
                yield kind(bound)


@dataclass(frozen=True, slots=True)
class MultipleOf(BaseMetadata):
    multiple_of: object


@dataclass(frozen=True, slots=True)
class MinLen(BaseMetadata):
    min_length: int


@dataclass(frozen=True, slots=True)
class MaxLen(BaseMetadata):
    max_length: int


@dataclass(frozen=True, slots=True)
class Len(GroupedMetadata):
    min_length: int = 0
    max_length: int = None

    def __iter__(self):
        if self.min_length > 0:
            yield MinLen(self.min_length)
        if self.max_length is not None:
            yield MaxLen(self.max_length)


@dataclass(frozen=True, slots=True)
class Predicate(BaseMetadata):
    func: object
