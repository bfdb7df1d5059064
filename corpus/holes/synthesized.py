"""A function that is written once: accepted on examples, a check and a call that the writer is not shown."""
from emulant import HoleError, auto, ensures, example, synthesize


@synthesize
@ensures(lambda answer: answer >= 0, "not negative")
@example("a b", returns=2)
@example("", returns=0)
@example("one  two", returns=2)
def words(text: str) -> int:
    "How many words the text has."
    ...


print(words("x y z"), words("x"))
print(words(None))


@synthesize
@example(1, returns=1)
@example(2, returns=4)
@example(3, returns=9)
def square(n: int) -> int: ...


try:
    square(5)
except HoleError as error:
    print([reason for _, reason in error.answers])


@auto(after=3)
def double(n: int) -> int: ...


print([double(n) for n in [1, 2, 3, 4, 5]])
