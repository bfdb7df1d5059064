# ends: limit instructions
x = 'a' * 100000
y = 'a' * 50000 + 'b'
while True:
    x.find(y)
