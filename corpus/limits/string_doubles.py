# ends: limit instructions
x = 'ab'
while True:
    x += x
