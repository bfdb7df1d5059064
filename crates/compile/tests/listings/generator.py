def g(n):
    x = yield n
    yield from range(x)

async def h(items):
    async with lock as l:
        async for i in items:
            await i
        return [i async for i in items]
