"""queue: FIFO, LIFO and priority order without threads."""

import queue

q = queue.Queue(maxsize=2)
q.put("a")
q.put_nowait("b")
assert q.full() and q.qsize() == 2 and not q.empty()
try:
    q.put_nowait("c")
except queue.Full:
    print("full")
else:
    raise AssertionError("no exception")
print(q.get(), q.get_nowait())
try:
    q.get_nowait()
except queue.Empty:
    print("empty")
else:
    raise AssertionError("no exception")
s = queue.LifoQueue()
p = queue.PriorityQueue()
for n in (3, 1, 2):
    s.put(n)
    p.put((n, "x"))
print([s.get() for _ in range(3)], [p.get()[0] for _ in range(3)])
