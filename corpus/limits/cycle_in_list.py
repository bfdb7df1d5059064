# ends: limit instructions
import itertools
list(itertools.cycle([1, 2]))
