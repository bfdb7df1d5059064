# ends: rejected NotSupported: a lone surrogate in a string
print('\ud800')
