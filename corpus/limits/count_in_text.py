# ends: limit instructions
x = 'a' * 10 ** 6
while True:
    x.count('aa')
