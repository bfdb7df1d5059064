# ends: limit instructions
import heapq, bisect
x = list(range(10 ** 5))
while True:
    heapq.heapify(x)
    bisect.insort(x, 5)
    heapq.nlargest(3, x)
