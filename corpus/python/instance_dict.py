"""__dict__ can be assigned: shared state, an object that is its own dict; slots stay beside it."""

class Borg:
    _s = {}
    def __init__(self): self.__dict__ = self._s
    def get(self): return self.x
a=Borg(); b=Borg()
a.x=1
print(b.x, Borg._s, a.__dict__ is b.__dict__, b.get(), vars(a), dir(a)[-2:])
a.get = lambda: 5
print(b.get(), sorted(Borg._s))
del a.x
print(hasattr(b,'x'))
class AttrDict(dict):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.__dict__ = self
d=AttrDict(a=1)
d.b=2; d['c']=3
print(d, d.c, d.a, d.__dict__ is d, d.keys())
class S:
    __slots__=('x','__dict__')
s=S(); s.x=1; s.y=2
print(vars(s), s.x, s.y, sorted(k for k in dir(s) if k[0]!='_'))
s.z=4; s.x=7
print(vars(s), s.x, s.__dict__ is s.__dict__)
vars(s)['q']=1
print(s.q)
del s.x
try: s.x
except AttributeError as e: print(e)
s.__dict__ = {'n':1}
print(s.n, hasattr(s,'y'), vars(s))
try: s.__dict__ = 3
except TypeError as e: print(e)
del s.__dict__
print(vars(s))
class Plain: pass
p=Plain(); p.a=1
q=Plain(); q.__dict__=p.__dict__
q.b=2
print(p.b, p.__dict__, q.__dict__ is p.__dict__)
for o in (p,q):
    o.c=o.a+1
    print(o.c, o.a, o.b)
class N:
    __slots__=('a',)
try: N().__dict__ = {}
except AttributeError as e: print(e)
import copy, pickle
c=copy.copy(q); c.a=9; print(q.a, c.a, c.__dict__)
print(copy.deepcopy(d), pickle.loads(pickle.dumps(p)).__dict__)
