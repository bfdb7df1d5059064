# ends: limit memory
import asyncio
async def g():
    await asyncio.sleep(1)
async def f():
    keep = []
    while True:
        keep.append(asyncio.create_task(g()))
asyncio.run(f())
