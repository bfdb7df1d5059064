# ends: limit memory
'%.*f' % (10 ** 9, 1.5)
