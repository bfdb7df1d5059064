# ends: limit instructions
while True:
    '{:{w}.{p}f}'.format(1.1, w=100000, p=100000)
