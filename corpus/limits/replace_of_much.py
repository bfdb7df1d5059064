# ends: limit memory
x = 'a' * 100000
x.replace('a', x)
