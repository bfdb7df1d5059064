"""heapq: push, pop, heapify, nlargest, merge, and ties by comparison."""

import heapq

h = []
for n in [5, 1, 8, 3, 9, 2]:
    heapq.heappush(h, n)
print(h, heapq.heappop(h), h, heapq.heappushpop(h, 0), heapq.heapreplace(h, 7), h)
data = [9, 4, 7, 1, 8, 2]
heapq.heapify(data)
print(data, [heapq.heappop(data) for _ in range(6)], data)
words = ["pear", "fig", "apple", "kiwi"]
print(heapq.nlargest(2, words, key=len), heapq.nsmallest(2, words, key=len), heapq.nlargest(10, [3, 1]), heapq.nsmallest(1, []), heapq.nlargest(1, [1, 5]))
print(list(heapq.merge([1, 4], [2, 3], [0])), list(heapq.merge([4, 1], [3], reverse=True)), list(heapq.merge(["a", "ccc"], ["bb"], key=len)))
tasks = [(2, "b"), (1, "z"), (1, "a")]
heapq.heapify(tasks)
print([heapq.heappop(tasks) for _ in range(3)])
try:
    heapq.heappop([])
except IndexError as error:
    assert str(error) == "index out of range"
else:
    raise AssertionError("no exception")
try:
    heapq.heapify([1, "a"])
except TypeError as error:
    assert str(error) == "'<' not supported between instances of 'int' and 'str'"
else:
    raise AssertionError("no exception")
try:
    heapq.heappush((1,), 2)
except TypeError as error:
    assert str(error) == "heappush() argument 1 must be list, not tuple"
else:
    raise AssertionError("no exception")
