# ends: limit memory
import itertools
itertools.product(range(10 ** 9), repeat=3)
