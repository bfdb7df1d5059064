# ends: done
x = None
for _ in range(300000):
    x = (x,)
x = None
y = [[0] * 100 for _ in range(1000)]
