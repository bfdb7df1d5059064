# ends: done
range(10 ** 15).count(0.5)
