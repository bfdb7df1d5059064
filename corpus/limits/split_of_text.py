# ends: limit instructions
x = 'a ' * 10 ** 5
while True:
    x.split()
