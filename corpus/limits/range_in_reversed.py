# ends: limit instructions
[*reversed(range(10 ** 12))]
