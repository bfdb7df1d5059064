# ends: limit instructions
A = [type('A', (), {})]
while True:
    A.append(type('B', (A[-1],), {}))
