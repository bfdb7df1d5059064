# ends: limit memory
f'{"a":>{10 ** 11}}'
