"""What repr, str, ascii and format show of every kind of value, alone and nested, with and without the program's own methods."""
def f():pass
class C:
    x=property(lambda s:1)
    def m(self):pass
    @classmethod
    def k(cls):pass
    @staticmethod
    def s():pass
    __slots__=('q',)
class D(C):pass
def g(): yield
async def co(): pass
async def ag(): yield
class L(list):pass
class S(set):pass
class FS(frozenset):pass
class BA(bytearray):pass
class E(Exception):pass
class I(int): pass
class St(str): pass
class T(tuple): pass
class Dd(dict): pass
class R:
    def __repr__(self): return 'R()'
class SR:
    def __str__(self): return 'sr'
class Lr(list):
    def __repr__(self): return 'Lr' + super().__repr__()
class Er(Exception):
    def __repr__(self): return 'er!'
class Es(Exception):
    def __str__(self): return 'es!'
class Fm:
    def __format__(self, spec): return '<' + spec + '>'
class Idx:
    def __index__(self): return 5
class Flt:
    def __float__(self): return 2.5
    def __int__(self): return 7
class Meta(type):
    def __repr__(cls): return 'M:' + cls.__name__
class WithMeta(metaclass=Meta): pass
l=[];l.append(l)
d={};d[1]=d
t=([],);t[0].append(t)
dv={};dv['a']=dv.values()
lr=Lr();lr.append(lr)
rr=[R()];rr.append(rr)
things = [
    C, D, type(None), len, print, type, int, L([1]), S(), S({1}), FS(), FS([1]), BA(b'a'), bytearray(b"a'"), E(), E(1), E(1, 2), E('a'),
    KeyError('a'), KeyError('a', 'b'), OSError(2, 'x'), OSError('a'), l, d, t, dv, {}.keys(), {1: 2}.keys(), {1: 2}.values(), {1: 2}.items(),
    {1: 2, 3: 4}.items(), {(1,): [2]}, range(3), range(1, 2), range(1, 9, 2), slice(1), slice(1, 2, 3), Ellipsis, NotImplemented, None,
    list[int], dict[str, list[int]], int | None, list[...], tuple[()], tuple[int, ...], list[C], list["x"], dict[str, C] | None,
    frozenset(), set(), frozenset({1}), (1,), (), {}, ExceptionGroup("a", [ValueError(1)]), ExceptionGroup("a", [ValueError(1), TypeError(2)]),
    UnicodeDecodeError("utf-8", b"a", 0, 1, "x"), UnicodeEncodeError("ascii", "\xe9", 0, 1, "x"), StopIteration(5), SystemExit(3),
    I(5), St('a'), T((1,)), T(), Dd(a=1), R(), SR.__name__, Lr([1, R()]), [Lr([1])], Er(1), Es(1), [Er(1), Es(2)], E(R()), E(R(), 1),
    Meta, WithMeta, [WithMeta], {R(): 1}, {'k': {R()}}, (R(),), lr, rr, {1: R()}.items(), {1: R()}.values(), slice(R(), None), type(R()),
]
for i, x in enumerate(things):
    for how in (repr, str, ascii, lambda v: f'{v}', lambda v: f'{v!r:>40}', lambda v: '%s|%r' % (v, v), lambda v: '{}|{!r}|{!s}'.format(v, v, v), lambda v: format(v, '>5')):
        try:
            r = how(x)
        except BaseException as e:
            r = type(e).__name__ + ': ' + str(e)
        print(i, r)
for v in (Fm(),):
    print(f'{v}', f'{v:abc}', format(v), format(v,'x'), '{:y}{}'.format(v,v), '{0:{1}}'.format(v,'zz'))
print(hex(Idx()), bin(Idx()), chr(Idx()), 'abcdefg'[Idx()], '%d %x %c' % (5, Idx(), 'a'), '%d' % Flt(), '%.2f' % Flt(), float(Flt()), int(Flt()), int(Idx()), float(Idx()))
print('a', R(), SR(), [R()], sep='-', end='!\n')
print(*[R(), 1], sep=', ')
class V:
    def __init__(s, v): s.v = v
    @property
    def p(self): return self.v * 2
    def __getitem__(self, k): return 'item ' + str(k)
    def __getattr__(self, n):
        if n.startswith('z'): return 'attr ' + n
        raise AttributeError(n)
v = V(21)
print('{0.p} {0.v} {0[5]} {0[ab]} {0.zed} {v.p:>5}'.format(v, v=v))
print('%(a)s %(b)s' % v)
try: print('{0.nope}'.format(v))
except AttributeError as e: print('AE', e)
class Bad:
    def __repr__(self): return 5
    def __str__(self): return None
    def __format__(self, s): return 3
for fn in (repr, str, format, lambda b: f'{b}', lambda b: '%s' % b, lambda b: [b].__repr__(), lambda b: '{}'.format(b)):
    try: print(fn(Bad()))
    except TypeError as e: print('TE', e)
class Boom:
    def __repr__(self): raise ValueError('boom')
for fn in (repr, str, lambda b: f'{b!r}', lambda b: '%s' % b, lambda b: repr([1, b]), print):
    try: print(fn(Boom()))
    except ValueError as e: print('VE', e)
print(divmod(I(7), 2), abs(I(-3)), round(I(15), -1), I(5) + 1, str(I(5)), repr(St('x')), St('a').upper(), 'x'.join([St('a'), 'b']), format(I(5), 'x'), format(St('q'), '>3'))
class DM:
    def __divmod__(s, o): return ('dm', o)
    def __rdivmod__(s, o): return ('rdm', o)
    def __abs__(s): return 'abs'
    def __round__(s, n=None): return ('round', n)
    def __pow__(s, o, m=None): return ('pow', o, m)
    def __complex__(s): return 3+4j
    def __bytes__(s): return b'by'
    def __hash__(s): return 42
print(divmod(DM(), 1), divmod(1, DM()), abs(DM()), round(DM()), round(DM(), 2), pow(DM(), 2), pow(DM(), 2, 3), complex(DM()), bytes(DM()), hash(DM()), b'%s' % DM(), b'%b|' % DM())
print('abc'.translate({97: 'x', 98: None, 99: 100}), 'abc'.translate(str.maketrans('ab', 'xy', 'c')))
class Tab:
    def __getitem__(s, k):
        if k == 97: return 'A'
        if k == 98: return None
        raise LookupError
print('abc'.translate(Tab()))
import collections
print('aab'.translate(collections.defaultdict(lambda: 'z', {97: 'q'})))
print('-'.join(x for x in 'abc'), b'-'.join(bytes([i]) for i in range(65, 68)), bytes(i for i in range(3)), bytearray(x for x in b'abc'))
print('%s' % collections.OrderedDict(a=1), collections.Counter('aab'), collections.deque([1,2],3), collections.defaultdict(list,{1:[R()]}))
class TV:
    def __repr__(s): return '~T'
tv = TV()
print(list[tv], dict[str, list[tv]], [list[tv]], f'{list[tv]!r}', tuple[int, tv, None])
x = int
for _ in range(30): x = list[x]
print(x)
a = list[[int, str]]
print(a, list[1], dict['a', None])
print("%s" % collections.OrderedDict(a=1), '%s %s' % T((1,2)), '%(a)s' % Dd(a=5))
print('%s' % St('sub'), b'%s' % BA(b'q'), '%d' % I(3), '%s' % I(3), '%r' % St('z'))
