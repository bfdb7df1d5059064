"""The syntax of 3.12: generic functions and classes, and type aliases."""


def first[T](items: list[T]) -> T:
    return items[0]


class Stack[T]:
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self


type Pair[A] = tuple[A, A]
type Number = int | float


def bounded[T: int, *Ts, **P](x: T) -> T:
    return x


assert first([3, 4]) == 3 and Stack[int]().push(1).items == [1] and first.__type_params__[0].__name__ == "T"
assert Pair.__name__ == "Pair" and repr(Number) == "Number" and Number.__value__ == int | float
assert [p.__name__ for p in bounded.__type_params__] == ["T", "Ts", "P"] and bounded.__type_params__[0].__bound__ is int
assert Stack.__type_params__ and issubclass(Stack, object)
print(first("xyz"), Number, Stack.__name__)
