# ends: done
x = list(range(1000))
for y in x:
    x.clear()
    x[:] = []
