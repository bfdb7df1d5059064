# ends: limit instructions
import math
while True:
    math.isqrt(7 ** 400000)
