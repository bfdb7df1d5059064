# ends: limit instructions
x = 'a' * 1000000
x.translate({97: 'b' * 10000})
