# ends: raised SyntaxError: not supported: an expression of more than 6000 parts in a row (<string>, line 1)
eval('+'.join(['1'] * 10 ** 6))
