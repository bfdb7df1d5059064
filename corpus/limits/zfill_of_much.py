# ends: limit memory
'1'.zfill(10 ** 12)
