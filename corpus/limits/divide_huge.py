# ends: limit instructions
a, b = 7 ** 300000, 3 ** 200000
while True:
    a // b
