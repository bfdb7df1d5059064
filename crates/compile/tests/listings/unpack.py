a, b = b, a
(c, *d), e = f()
x = y = z
o.attr, o[0] = x, y
del o.attr, o[1:2], x
