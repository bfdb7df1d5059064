# ends: limit memory
x = []
while True:
    x.append([])
