# ends: limit instructions
any(x < 0 for x in range(10 ** 15))
