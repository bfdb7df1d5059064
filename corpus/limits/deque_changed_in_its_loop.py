# ends: raised RuntimeError: deque mutated during iteration
import collections
d = collections.deque([1])
for k in d:
    d.append(1)
