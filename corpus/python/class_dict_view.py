"""A class shows its namespace through a view, with __dict__ and __weakref__ of the first class that has them."""

class A:
    x=1
print(type(A.__dict__), A.__dict__)
try: A.__dict__['y']=2
except TypeError as e: print(e)
from types import MappingProxyType
print(MappingProxyType({'a':1}), MappingProxyType)
print(vars(A))
class A:
    x=1
class B(A): pass
class E(Exception): pass
class I(int): pass
class L(list):
    "doc"
class S:
    __slots__=('a',)
class SD:
    __slots__=('a','__dict__','__weakref__')
class St(str): pass
class F(frozenset): pass
class M(type): pass
class D(dict): pass
class T(tuple): pass
class Fl(float): pass
for c in (A,B,E,I,L,S,SD,St,F,M,D,T,Fl): print(c.__name__, list(vars(c)), [n for n in dir(c) if n in ('__dict__','__weakref__')], [n for n in dir(c()) if n in ('__dict__','__weakref__')] if c is not M else 0)
print(A.__weakref__, A().__weakref__, type(A.__weakref__))
print(len(A.__dict__), 'x' in A.__dict__, A.__dict__['x'], A.__dict__.get('zz'), dict(B.__dict__))
