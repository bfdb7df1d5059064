"""The program's own methods inside str.format, % and f-strings, on every path that reaches them."""
class P:
    def __init__(s, v): s.v = v
    def __str__(s): return 'P<%s>' % (s.v,)
    def __repr__(s): return f'P({s.v!r})'
    def __format__(s, f): return f'F[{s.v}|{f}]'
    def __getitem__(s, k): return P((s.v, k))
    def __getattr__(s, n):
        if n.startswith('_'): raise AttributeError(n)
        return P(s.v + '.' + n if isinstance(s.v, str) else n)
class I:
    def __init__(s, v): s.v = v
    def __repr__(s): return f'I({s.v})'
    def __index__(s): return s.v
    def __int__(s): return s.v + 100
    def __float__(s): return s.v + 0.5
class Map:
    def __repr__(s): return 'Map()'
    def __getitem__(s, k): return P('k' + k)
p = P('a')
templates = ["{}", "{0}", "{!r}", "{!s}", "{!a}", "{:x}", "{0.b}", "{0[c]}", "{0[1]}", "{0.b[c].d}", "{!r:>20}", "{!s:^{1}}", "{:{1}}", "{} {}", "{0} {}", "{} {0}", "{", "}", "{a}", "{a.b!r}", "{0:{1}{a}}", "{:{:{}}}", "{5}", "{zz}", "{0!x}", "{0.}", "{0[}", "{{}} {}", "{0[a]b}", "{._x}"]
for t in templates:
    try: print(t, '->', t.format(p, 30, a=P('kw')))
    except Exception as e: print(t, '->', type(e).__name__, e)
    try: print(t, '=>', t.format_map(Map()))
    except Exception as e: print(t, '=>', type(e).__name__, e)
for t in ["%s", "%r", "%a", "%10s|", "%-10r|", "%.2s", "%d", "%x", "%f", "%c", "%(a)s", "%(a)d", "%s %s", "%%", "%y", "%5.1f", "%i %s"]:
    for args in (p, (p,), I(3), (I(3), p), (1, p, 2), Map(), [p], {'a': p}, {'a': I(4)}, {'a': 1, 'b': p}):
        try: print(t, '->', t % args)
        except Exception as e: print(t, '->', type(e).__name__, e)
for t in (b"%s", b"%b", b"%a", b"%r", b"%d", b"%x", b"%f", b"%c", b"%(a)s"):
    for args in (p, I(65), (I(65),), b'z', {b'a': b'q'}, bytearray(b'r'), 'str', 5, 2.5, (1, 2), None):
        try: print(t, '->', t % args)
        except Exception as e: print(t, '->', type(e).__name__, e)
for f in (lambda: f'{p}', lambda: f'{p!r}', lambda: f'{p!s:>15}', lambda: f'{p:{5}}', lambda: f'{[p]}', lambda: f'{[p]!r:>20}', lambda: f'{(p,)!s}', lambda: f'{p.x.y}', lambda: format([p]), lambda: format([p], 'x'), lambda: f'{[p]:5}', lambda: str([p, {p.v: p}]), lambda: f'{p=}', lambda: f'{p=:>3}', lambda: f'{[p]=}', lambda: f'{p!a}'):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
print(hex(I(255)), oct(I(8)), bin(I(5)), chr(I(65)), int(I(5)), float(I(5)), [1,2,3,4,5,6][I(2)], 'abcdef'[I(2)], b'abcdef'[I(2)], round(2.567, 1))
class F:
    def __float__(s): return 1.5
print(float(F()), '%f' % F(), '%.1e' % F())
try: print('%d' % F())
except TypeError as e: print(e)
try: int(F())
except TypeError as e: print(e)
class Sub(str):
    def __str__(s): return 'sub!'
class Sub2(str):
    def __repr__(s): return 'rep!'
class Sub3(int):
    def __str__(s): return 'int!'
class Sub4(float):
    def __repr__(s): return 'flt!'
class Sub5(dict):
    def __missing__(s, k): return 'miss ' + k
for v in (Sub('a'), Sub2('b'), Sub3(7), Sub4(1.5), [Sub('a'), Sub2('b'), Sub3(7), Sub4(1.5)]):
    print(v, repr(v), f'{v}', f'{v!r}', '%s' % (v,), '{}'.format(v), format(v), str(v))
    try: print(f'{v:>6}', '{:6}'.format(v), '%6s' % (v,))
    except TypeError as e: print(e)
print('{a} {b}'.format_map(Sub5(a=1)), '%(q)s' % Sub5())
print(Sub('x') + 'y', Sub('x') * 2, Sub('abc')[1:], Sub('a,b').split(','), ''.join([Sub('q'), 'r']), Sub('A').lower(), len(Sub('abc')), Sub('a') == 'a', hash(Sub('a')) == hash('a'))
