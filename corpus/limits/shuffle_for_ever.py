# ends: limit instructions
import random
random.seed(1)
x = list(range(100000))
while True:
    random.shuffle(x)
