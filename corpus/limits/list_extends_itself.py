# ends: limit memory
x = [1, 2]
while True:
    x.extend(x)
