# ends: limit instructions
import math
a, b = 7 ** 200000, 3 ** 300000
while True:
    math.gcd(a, b)
