"""async for, async with, async generators and comprehensions."""

import asyncio

log = []


class Ticker:
    def __init__(self, limit):
        self.limit = limit
        self.n = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n >= self.limit:
            raise StopAsyncIteration
        self.n += 1
        await asyncio.sleep(0)
        return self.n


class Connection:
    async def __aenter__(self):
        log.append("open")
        return self

    async def __aexit__(self, kind, error, trace):
        log.append(f"close {kind.__name__ if kind else None}")
        return kind is ValueError


async def countdown(n):
    try:
        while n:
            yield n
            n -= 1
            await asyncio.sleep(0)
    finally:
        log.append("generator closed")


async def main():
    seen = []
    async for x in Ticker(3):
        seen.append(x)
    else:
        seen.append("else")
    assert seen == [1, 2, 3, "else"]
    async with Connection() as connection:
        assert isinstance(connection, Connection)
    async with Connection():
        raise ValueError("swallowed")
    assert [x async for x in countdown(3)] == [3, 2, 1]
    assert {x: x async for x in Ticker(2) if x > 1} == {2: 2}
    assert [await asyncio.sleep(0, y) for y in "ab"] == ["a", "b"]
    total = 0
    async for x in countdown(2):
        total += x
    assert total == 3
    g = countdown(5)
    assert await anext(g) == 5
    await g.aclose()
    try:
        async for x in [1]:
            pass
    except TypeError as error:
        assert str(error) == "'async for' requires an object with __aiter__ method, got list"
    else:
        raise AssertionError("no exception")
    try:
        async with 5:
            pass
    except TypeError as error:
        assert str(error) == "'int' object does not support the asynchronous context manager protocol"
    else:
        raise AssertionError("no exception")


asyncio.run(main())
assert log == ["open", "close None", "open", "close ValueError"] + ["generator closed"] * 3
print(log)
