# ends: limit instructions
x = 'aß' * 10 ** 5
while True:
    x.upper().casefold().title()
