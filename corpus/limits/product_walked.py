# ends: limit instructions
import itertools
for _ in itertools.product(range(100), repeat=10):
    pass
