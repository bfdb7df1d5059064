"""asyncio tools: Queue, Event, Lock, Semaphore, wait_for, TaskGroup, cancellation."""

import asyncio

log = []


async def producer(queue):
    for n in range(3):
        await queue.put(n)
        log.append(f"put {n}")
    await queue.put(None)


async def consumer(queue):
    while (item := await queue.get()) is not None:
        log.append(f"got {item}")


async def holder(lock, name):
    async with lock:
        log.append(f"{name} in")
        await asyncio.sleep(0)
        log.append(f"{name} out")


async def waiter(event):
    await event.wait()
    log.append("event seen")


async def forever():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    else:
        raise AssertionError("no exception")


async def main():
    queue = asyncio.Queue(maxsize=1)
    await asyncio.gather(producer(queue), consumer(queue))
    lock = asyncio.Lock()
    await asyncio.gather(holder(lock, "a"), holder(lock, "b"))
    assert log[-4:] == ["a in", "a out", "b in", "b out"]
    event = asyncio.Event()
    task = asyncio.create_task(waiter(event))
    await asyncio.sleep(0)
    event.set()
    await task
    async with asyncio.TaskGroup() as group:
        one = group.create_task(asyncio.sleep(0, "one"))
        two = group.create_task(asyncio.sleep(0, "two"))
    assert (one.result(), two.result()) == ("one", "two")
    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        log.append("seen cancelled")
    else:
        raise AssertionError("no exception")
    assert task.cancelled()
    try:
        await asyncio.wait_for(forever(), timeout=0.01)
    except TimeoutError:
        log.append("timeout")
    else:
        raise AssertionError("no exception")
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(forever())
            group.create_task(fail())
    except* ValueError as some:
        log.append(repr(some.exceptions))
    else:
        raise AssertionError("no exception")


async def fail():
    raise ValueError("in group")


asyncio.run(main())
print(log)
