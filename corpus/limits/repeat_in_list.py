# ends: limit instructions
import itertools
list(itertools.repeat(0))
