# ends: limit instructions
import math
while True:
    math.comb(10 ** 6, 5 * 10 ** 5)
