# ends: limit instructions
x = 'ab' * 1000000
','.join([x] * 1000)
