# ends: done
import copy
x = []
for _ in range(200):
    x = [x, x]
y = copy.deepcopy(x)
assert y[0] is y[1]
