# ends: limit memory
'a'.center(10 ** 12, '*')
