# ends: limit instructions
','.join(map(str, range(10 ** 12)))
