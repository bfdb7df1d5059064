# ends: limit instructions
import math
print(len(str(math.factorial(10 ** 9))))
