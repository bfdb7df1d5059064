# ends: limit asks
code = 'x = 1\n'
while True:
    exec(code)
    code += 'x = 1\n'
