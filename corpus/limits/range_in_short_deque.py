# ends: limit memory
import collections
collections.deque(range(10 ** 15), maxlen=0)
