# emulant: holes calls
"""Holes stand wherever calls stand: async functions, generators, closures, methods, comprehensions, sort keys."""
import asyncio

from emulant import ask, emulate, ensures


@emulate
async def is_fruit(word: str) -> bool: ...


@ensures(lambda answer: answer > 0)
@emulate
async def weight(word: str) -> int: ...


class Shelf:
    def __init__(self, words):
        self.words = words

    @emulate
    def best(self, kind: str) -> str:
        "The best of the shelf."
        ...

    def tasty(self):
        return [word for word in self.words if tastes_good(word)]

    @staticmethod
    @emulate
    def plural(word: str) -> str: ...

    @classmethod
    @emulate
    def named(cls, word: str) -> bool: ...


def questions(words):
    for word in words:
        if ask[bool](f"Is {word} red?"):
            yield word


def counter(limit):
    def over(word):
        return letters_in(word) > limit
    return over


async def main():
    print(await is_fruit("apple"), await asyncio.gather(is_fruit("stone"), is_fruit("pear")))
    print(await weight("apple"))
    print([word async for word in Slowly(["apple", "stone"]) if ask[bool](f"Is {word} red?")])


class Slowly:
    def __init__(self, words):
        self.words = iter(words)

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        for word in self.words:
            return word
        raise StopAsyncIteration


asyncio.run(main())
shelf = Shelf(["apple", "stone"])
print(shelf.best("fruit"), shelf.tasty(), Shelf.plural("pear"), Shelf.named("apple"))
print(list(questions(["apple", "pear"])))
print(list(filter(counter(4), ["apple", "pear"])))
print({word: float(how_sweet(word)) for word in ["pear"]})
print(sorted(["stone", "apple"], key=lambda word: rank_of(word)))
