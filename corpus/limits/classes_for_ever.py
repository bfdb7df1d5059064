# ends: limit instructions
n = 0
keep = []
while True:
    keep.append(type('A', (), {}))
