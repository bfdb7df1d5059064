# ends: done
x = []
x.append(x)
d = {1: x}
x.append(d)
assert repr(x) == '[[...], {1: [...]}]'
