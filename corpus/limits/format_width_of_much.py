# ends: limit memory
format(1, f'{10 ** 9}d')
