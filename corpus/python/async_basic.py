"""async: coroutines, await, gather order, tasks, sleep(0), results, errors."""

import asyncio

log = []


async def work(name, steps):
    for step in range(steps):
        log.append(f"{name}{step}")
        await asyncio.sleep(0)
    return name * steps


async def fails():
    await asyncio.sleep(0)
    raise ValueError("async failure")


async def main():
    assert await work("a", 2) == "aa"
    results = await asyncio.gather(work("x", 2), work("y", 3))
    assert results == ["xx", "yyy"]
    task = asyncio.create_task(work("t", 1))
    log.append("created")
    assert await task == "t" and task.done() and task.result() == "t"
    try:
        await fails()
    except ValueError as error:
        log.append(str(error))
    else:
        raise AssertionError("no exception")
    mixed = await asyncio.gather(work("g", 1), fails(), return_exceptions=True)
    assert mixed[0] == "g" and repr(mixed[1]) == "ValueError('async failure')"
    return "done"


assert asyncio.run(main()) == "done"
assert log[:7] == ["a0", "a1", "x0", "y0", "x1", "y1", "y2"] and log[7:9] == ["created", "t0"]


async def plain():
    return 5


c = plain()
assert type(c).__name__ == "coroutine" and plain.__name__ == "plain"
try:
    c.send(None)
except StopIteration as stop:
    assert stop.value == 5
else:
    raise AssertionError("no exception")
try:
    asyncio.run(5)
except ValueError as error:
    assert str(error) == "a coroutine was expected, got 5"
else:
    raise AssertionError("no exception")


async def wrong():
    await 5


try:
    asyncio.run(wrong())
except TypeError as error:
    assert str(error) == "object int can't be used in 'await' expression"
else:
    raise AssertionError("no exception")
print(log)
