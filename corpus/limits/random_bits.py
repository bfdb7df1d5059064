# ends: limit instructions
import random
random.seed(1)
random.getrandbits(10 ** 12)
