# ends: raised NotImplementedError: not supported: asyncio: all tasks wait and nothing can wake them
import asyncio
async def f():
    await asyncio.Queue().get()
asyncio.run(f())
