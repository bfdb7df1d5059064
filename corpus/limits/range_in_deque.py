# ends: limit memory
import collections
collections.deque(range(10 ** 12))
