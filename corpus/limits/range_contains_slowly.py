# ends: done
1.5 in range(10 ** 15)
