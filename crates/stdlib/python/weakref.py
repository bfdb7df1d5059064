"""References that do not keep their objects alive.

An object dies when the last reference goes, as in CPython; one in a cycle of garbage when `gc.collect()` is called.
The containers drop dead entries when they are looked at.
"""

import sys
from _emulant import all_watched, watch, weak_get, weak_key

__all__ = ['ref', 'proxy', 'getweakrefcount', 'getweakrefs', 'WeakKeyDictionary', 'ReferenceType', 'ProxyType',
           'CallableProxyType', 'ProxyTypes', 'WeakValueDictionary', 'WeakSet', 'WeakMethod', 'finalize']

_object = object
_NEVER = (int, float, complex, str, bytes, tuple, list, dict, bool, type(None), range, slice, type(...), object)


def _check(target):
    kind = type(target)
    if isinstance(target, ref):
        raise TypeError("cannot create weak reference to 'weakref.ReferenceType' object")
    refused = kind in _NEVER
    if not refused and kind.__module__ != 'builtins' and not hasattr(target, '__dict__'):
        refused = not any(['__weakref__' in _slots(base) for base in kind.__mro__])
    if refused or kind not in _NEVER and isinstance(target, (int, tuple, bytes)) and _slots(kind) == ():
        raise TypeError(f"cannot create weak reference to '{kind.__name__}' object")


def _slots(kind):
    names = kind.__dict__.get('__slots__', ())
    return (names,) if isinstance(names, str) else tuple(names)


class ref:
    def __new__(cls, object, callback=None, /, *args):
        _check(object)
        if cls is ref and callback is None:
            key = id(object)
            for one in all_watched():
                if type(one) is ref and one._key == key and one._callback is None:
                    return one
        self = _object.__new__(cls)
        self._key = weak_key(object)
        self._callback = callback
        self._hash = None
        watch(self)
        return self

    def __init__(self, object, callback=None, /):
        pass

    def __call__(self):
        return weak_get(self._key)

    @property
    def __callback__(self):
        return self._callback if self() is not None else None

    def __eq__(self, other):
        if not isinstance(other, ref):
            return NotImplemented
        mine, theirs = self(), other()
        if mine is None or theirs is None:
            return self is other
        return mine == theirs

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self):
        if self._hash is None:
            target = self()
            if target is None:
                raise TypeError('weak object has gone away')
            self._hash = hash(target)
        return self._hash

    def __repr__(self):
        target = self()
        if target is None:
            return f'<weakref at {id(self):#x}; dead>'
        name = getattr(target, '__name__', None)
        kind = type(target).__name__
        shown = f"'{kind}' at {id(target):#x}" + (f' ({name})' if isinstance(name, str) else '')
        return f'<weakref at {id(self):#x}; to {shown}>'

    @classmethod
    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


ref.__name__ = ref.__qualname__ = 'ReferenceType'
ref.__module__ = 'weakref'
ReferenceType = ref


def _died(key):
    """The object with this key is gone: tell those who asked, the last first."""
    for one in reversed(all_watched()):
        if isinstance(one, ref) and one._key == key and one._callback is not None:
            callback, one._callback = one._callback, None
            try:
                callback(one)
            except BaseException as error:
                sys.unraisablehook(sys.UnraisableHookArgs((type(error), error, error.__traceback__, None, callback)))


def getweakrefs(object):
    key = id(object)
    return [one for one in all_watched() if isinstance(one, ref) and one._key == key]


def getweakrefcount(object):
    return len(getweakrefs(object))


class WeakMethod(ref):
    """A weak reference to a bound method, which lives as long as its object and its function."""

    def __new__(cls, meth, callback=None):
        try:
            target, function = meth.__self__, meth.__func__
        except AttributeError:
            raise TypeError(f'argument should be a bound method, not {type(meth)}') from None

        def gone(_, holder=[]):
            if self._alive:
                self._alive = False
                if callback is not None:
                    callback(self)
        self = ref.__new__(cls, target, gone)
        self._function = ref(function, gone)
        self._kind = type(meth)
        self._alive = True
        return self

    def __call__(self):
        target, function = ref.__call__(self), self._function()
        if target is None or function is None:
            return None
        return self._kind(function, target)

    def __eq__(self, other):
        if not isinstance(other, WeakMethod):
            return NotImplemented
        if not self._alive or not other._alive:
            return self is other
        return ref.__eq__(self, other) and self._function == other._function

    __hash__ = ref.__hash__


class _Weak:
    """What both mappings do alike; `_living()` drops the entries that died and gives the others."""

    def __len__(self):
        return len(self._living())

    def __iter__(self):
        for key, _ in self._living():
            yield key

    keys = __iter__

    def values(self):
        for _, value in self._living():
            yield value

    def items(self):
        for pair in self._living():
            yield pair

    def clear(self):
        self.data.clear()

    def copy(self):
        new = type(self)()
        for key, value in self._living():
            new[key] = value
        return new

    __copy__ = copy

    def __or__(self, other):
        if not hasattr(other, 'keys'):
            return NotImplemented
        new = self.copy()
        new.update(other)
        return new

    def __ior__(self, other):
        self.update(other)
        return self

    def __repr__(self):
        return f'<{type(self).__name__} at {id(self):#x}>'


class WeakValueDictionary(_Weak):
    """A mapping whose entries go when their values die."""

    def __init__(self, other=(), /, **kw):
        self.data = {}
        self.update(other, **kw)

    def _living(self):
        living = []
        for key, one in list(self.data.items()):
            value = one()
            if value is None:
                if self.data.get(key) is one:
                    del self.data[key]
            else:
                living.append((key, value))
        return living

    def __getitem__(self, key):
        value = self.data[key]()
        if value is None:
            del self.data[key]
            raise KeyError(key)
        return value

    def __delitem__(self, key):
        self[key] if key in self.data and self.data[key]() is None else None
        del self.data[key]

    def __setitem__(self, key, value):
        self.data[key] = ref(value)

    def __contains__(self, key):
        one = self.data.get(key)
        return one is not None and one() is not None

    def get(self, key, default=None):
        one = self.data.get(key)
        value = None if one is None else one()
        return default if value is None else value

    def pop(self, key, *default):
        if len(default) > 1:
            raise TypeError(f'pop expected at most 2 arguments, got {1 + len(default)}')
        one = self.data.pop(key, None)
        value = None if one is None else one()
        if value is None:
            if default:
                return default[0]
            raise KeyError(key)
        return value

    def popitem(self):
        while True:
            key, one = self.data.popitem()
            value = one()
            if value is not None:
                return key, value

    def setdefault(self, key, default=None):
        value = self.get(key)
        if value is None:
            self[key] = default
            return default
        return value

    def update(self, other=None, /, **kwargs):
        if other is not None:
            pairs = other.items() if hasattr(other, 'items') else dict(other).items()
            for key, value in pairs:
                self[key] = value
        for key, value in kwargs.items():
            self[key] = value

    def valuerefs(self):
        return list(self.data.values())

    def itervaluerefs(self):
        yield from self.data.values()

    def __eq__(self, other):
        if isinstance(other, WeakValueDictionary):
            return dict(self.items()) == dict(other.items())
        return NotImplemented

    __hash__ = None


class WeakKeyDictionary(_Weak):
    """A mapping whose entries go when their keys die."""

    def __init__(self, dict=None):
        self.data = {}
        if dict is not None:
            self.update(dict)

    def _living(self):
        living = []
        dead = []
        for one, value in list(self.data.items()):
            key = one()
            if key is None:
                dead.append(one)
            else:
                living.append((key, value))
        for one in dead:
            self.data.pop(one, None)
        return living

    def __getitem__(self, key):
        return self.data[ref(key)]

    def __setitem__(self, key, value):
        self.data[ref(key)] = value

    def __delitem__(self, key):
        del self.data[ref(key)]

    def __contains__(self, key):
        try:
            return ref(key) in self.data
        except TypeError:
            return False

    def get(self, key, default=None):
        return self.data.get(ref(key), default)

    def pop(self, key, *args):
        return self.data.pop(ref(key), *args)

    def popitem(self):
        while True:
            one, value = self.data.popitem()
            key = one()
            if key is not None:
                return key, value

    def setdefault(self, key, default=None):
        return self.data.setdefault(ref(key), default)

    def update(self, dict=None, /, **kwargs):
        if dict is not None:
            for key, value in (dict.items() if hasattr(dict, 'items') else dict):
                self[key] = value

    def keyrefs(self):
        return list(self.data)


class WeakSet:
    """A set whose members go when they die."""

    def __init__(self, data=None):
        self.data = set()
        if data is not None:
            self.update(data)

    def _living(self):
        living = []
        dead = []
        for one in list(self.data):
            item = one()
            if item is None:
                dead.append(one)
            else:
                living.append(item)
        for one in dead:
            self.data.discard(one)
        return living

    def __iter__(self):
        for item in self._living():
            yield item

    def __len__(self):
        return len(self._living())

    def __contains__(self, item):
        try:
            return ref(item) in self.data
        except TypeError:
            return False

    def add(self, item):
        self.data.add(ref(item))

    def clear(self):
        self.data.clear()

    def copy(self):
        return type(self)(self)

    def discard(self, item):
        self.data.discard(ref(item))

    def remove(self, item):
        self.data.remove(ref(item))

    def pop(self):
        while True:
            try:
                one = self.data.pop()
            except KeyError:
                raise KeyError('pop from empty WeakSet') from None
            item = one()
            if item is not None:
                return item

    def update(self, other):
        for item in other:
            self.add(item)

    def __ior__(self, other):
        self.update(other)
        return self

    def union(self, other):
        new = self.copy()
        new.update(other)
        return new

    __or__ = union

    def difference(self, other):
        left = set(other)
        return type(self)([item for item in self if item not in left])

    __sub__ = difference

    def intersection(self, other):
        return type(self)([item for item in other if item in self])

    __and__ = intersection

    def issubset(self, other):
        return set(self) <= set(other)

    __le__ = issubset

    def issuperset(self, other):
        return set(self) >= set(other)

    __ge__ = issuperset

    def isdisjoint(self, other):
        return not self.intersection(other)

    def __eq__(self, other):
        if not isinstance(other, WeakSet):
            return NotImplemented
        return set(self) == set(other)

    __hash__ = None

    def __repr__(self):
        return repr(self.data)


class finalize:
    """A call that is made once, when an object dies or the program ends."""

    _registry = {}
    _count = 0

    def __init__(self, obj, func, /, *args, **kwargs):
        if not finalize._count:
            import atexit
            atexit.register(finalize._at_exit)
        finalize._count += 1
        self._reference = ref(obj, self)
        self.atexit = True
        finalize._registry[id(self)] = self, func, args, kwargs, self._reference

    def __call__(self, _=None):
        entry = finalize._registry.pop(id(self), None)
        if entry is not None:
            return entry[1](*entry[2], **entry[3])

    def _of(self):
        entry = finalize._registry.get(id(self))
        target = entry and entry[4]()
        return None if target is None else (target, *entry[1:4])

    def detach(self):
        found = self._of()
        if found is not None:
            finalize._registry.pop(id(self), None)
        return found

    def peek(self):
        return self._of()

    @property
    def alive(self):
        return id(self) in finalize._registry

    @classmethod
    def _at_exit(cls):
        while cls._registry:
            entry = list(cls._registry.values())[-1]
            if entry[0].atexit:
                entry[0]()
            else:
                cls._registry.pop(id(entry[0]))

    def __repr__(self):
        found = self._of()
        if found is None:
            return f'<{type(self).__name__} object at {id(self):#x}; dead>'
        return f'<{type(self).__name__} object at {id(self):#x}; for {type(found[0]).__name__!r} at {id(found[0]):#x}>'


class ProxyType:
    """Stands for an object while it lives."""

    def __init__(self, reference):
        object.__setattr__(self, '_reference', reference)

    def __getattr__(self, name):
        return getattr(_target(self), name)

    def __setattr__(self, name, value):
        setattr(_target(self), name, value)

    def __delattr__(self, name):
        delattr(_target(self), name)

    def __bool__(self):
        return bool(_target(self))

    def __eq__(self, other):
        return _target(self) == (_target(other) if isinstance(other, ProxyType) else other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __repr__(self):
        target = _target(self)
        return f'<weakproxy at {id(self):#x} to {type(target).__name__} at {id(target):#x}>'

    def __str__(self):
        return str(_target(self))


class CallableProxyType(ProxyType):
    def __call__(self, *args, **kwargs):
        return _target(self)(*args, **kwargs)


def _target(proxy):
    target = object.__getattribute__(proxy, '_reference')()
    if target is None:
        raise ReferenceError('weakly-referenced object no longer exists')
    return target


def _forward(name):
    def method(self, *args):
        found = getattr(type(_target(self)), name, None)
        if found is None:
            raise TypeError(f"'{type(_target(self)).__name__}' object does not support {name}")
        return found(_target(self), *args)
    method.__name__ = name
    return method


for _name in ('__len__', '__getitem__', '__setitem__', '__delitem__', '__contains__', '__iter__', '__next__', '__add__',
              '__sub__', '__mul__', '__truediv__', '__floordiv__', '__mod__', '__lt__', '__le__', '__gt__', '__ge__',
              '__int__', '__float__', '__index__', '__enter__', '__exit__', '__reversed__', '__bytes__'):
    setattr(ProxyType, _name, _forward(_name))

ProxyTypes = ProxyType, CallableProxyType


def proxy(object, callback=None, /):
    kind = CallableProxyType if callable(object) else ProxyType
    return kind(ref(object, callback))
