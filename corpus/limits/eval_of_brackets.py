# ends: raised SyntaxError: too many nested parentheses (<string>, line 1)
eval('(' * 100000)
