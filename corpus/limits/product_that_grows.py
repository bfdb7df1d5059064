# ends: limit instructions
x = 3
while True:
    x *= x
