# ends: raised ValueError: Too many decimal digits in format string
f'{1:1000000000000000000000d}'
