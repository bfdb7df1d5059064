# ends: done
assert 10 ** 30 in range(10 ** 31)
assert len(range(10 ** 15)) == 10 ** 15
assert -1.5 not in range(1000)
