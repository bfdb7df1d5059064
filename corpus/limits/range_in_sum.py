# ends: limit memory
sum(range(10 ** 15))
