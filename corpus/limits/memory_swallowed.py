# ends: limit instructions
x = []
while True:
    try:
        x.append('a' * 1000000 + str(len(x)))
    except BaseException:
        pass
