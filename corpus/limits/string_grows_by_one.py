# ends: limit instructions
x = ''
while True:
    x = x + 'a'
