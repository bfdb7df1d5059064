# ends: limit memory
x = 'ab'
while True:
    x += x
