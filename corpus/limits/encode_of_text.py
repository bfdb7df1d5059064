# ends: limit instructions
x = 'é' * 10 ** 6
while True:
    x.encode('utf-16').decode('utf-16')
