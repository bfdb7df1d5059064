"""pickle: all protocols of plain values and of instances, and what is no pickle."""
import pickle, sys, zlib
class A:
    def __init__(self): self.x=1; self.y=[self]
class S:
    __slots__=('a','b')
    def __init__(self): self.a=1; self.b='t'
class L(list): pass
class D(dict): pass
class I(int): pass
class T(tuple): pass
class E2(Exception): pass
class N:
    def __reduce__(self): return (N, (), {'k':1})
class G:
    def __getstate__(self): return 5
    def __setstate__(self, s): self.s=s
l=[]; l.append(l)
t=([],); t[0].append(t)
for v in (None, True, 0, 255, 256, 65536, -1, 2**31, -2**31, 2**70, -2**63, -128, 1.5, 'a', 'é☃𝄞\n\\', '', 'x'*300, b'', b'abc', b'x'*300, bytearray(b'q'), (), (1,), (1,2), (1,2,3), (1,2,3,4), [], [1], [1,2], {}, {'a':1}, {'a':1,'b':[1]}, {1}, frozenset([1]), l, t, 1j, range(3), len, A, A(), S(), L([1]), D(a=1), I(5), T((1,2)), E2('m',1), N(), G(), ['a','a'], int, type(None), ..., NotImplemented, slice(1,2), list(range(1200)), 'y'*70000, A.__init__, [1].append if False else 1):
    for p in range(6):
        try: d=pickle.dumps(v,p)
        except Exception as e: print(type(v).__name__,p,type(e).__name__); continue
        print(type(v).__name__, p, len(d), zlib.crc32(d), d if len(d)<40 else '')
        r=pickle.loads(d)
        if v is not l and v is not t and not isinstance(v,(A,S,G,N,E2)): assert r==v and type(r) is type(v), (v,r)
a=pickle.loads(pickle.dumps(A())); print(a.y[0] is a, pickle.loads(pickle.dumps(S())).b, pickle.loads(pickle.dumps(G())).s, pickle.loads(pickle.dumps(N())).k, repr(pickle.loads(pickle.dumps(E2('m',1)))))
for bad in (b'', b'\x80\x04', b'x', b'garbage', b'\x80\x09.', b'(', b'.', b'\x80\x04K'):
    try: print(pickle.loads(bad))
    except Exception as e: print(bad, type(e).__name__, e)
for bad in (lambda: 0, sys, (x for x in ())):
    try: pickle.dumps(bad); print('ok')
    except Exception as e: print(type(e).__name__)
