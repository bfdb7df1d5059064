# ends: limit instructions
import itertools
list(itertools.permutations(range(30)))
