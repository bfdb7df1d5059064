"""Names for the types that the language makes without naming them, and tools
that make classes at run time."""

import sys


def _function():
    pass


def _generator():
    yield


async def _coroutine():
    pass


async def _async_generator():
    yield


def _cell():
    value = None

    def inner():
        return value
    return inner.__closure__[0]


def _type_of(find):
    # Types that a runtime may not have stay out of this module.
    try:
        return type(find())
    except AttributeError:
        return None


FunctionType = LambdaType = type(_function)


class _Holder:
    __slots__ = ('slot',)

    def method(self):
        pass


MethodType = type(_Holder().method)
GeneratorType = type(_generator())
_made = _coroutine()
CoroutineType = type(_made)
_made.close()
AsyncGeneratorType = type(_async_generator())
BuiltinFunctionType = BuiltinMethodType = type(len)
ModuleType = type(sys)
NoneType = type(None)
NotImplementedType = type(NotImplemented)
EllipsisType = type(...)
GenericAlias = type(list[int])
UnionType = type(int | str)
MappingProxyType = type(_Holder.__dict__)

for _name, _find in (
        ('CodeType', lambda: _function.__code__),
        ('CellType', _cell),
        ('WrapperDescriptorType', lambda: object.__init__),
        ('MethodWrapperType', lambda: object().__str__),
        ('MethodDescriptorType', lambda: str.join),
        ('ClassMethodDescriptorType', lambda: dict.__dict__['fromkeys']),
        ('GetSetDescriptorType', lambda: FunctionType.__code__),
        ('MemberDescriptorType', lambda: _Holder.slot)):
    _kind = _type_of(_find)
    if _kind is not None:
        globals()[_name] = _kind

try:
    raise TypeError
except TypeError as _error:
    # The machine's own frames stand in no traceback, so the exception shows none.
    TracebackType = type(sys.exc_info()[2])
from _frames import frame as FrameType

del _name, _find, _kind, _made


if MappingProxyType is dict:
    class MappingProxyType:
        """A view of a mapping that cannot be written through."""
        __slots__ = ('_mapping',)
        __hash__ = None

        def __init__(self, mapping):
            if not hasattr(type(mapping), '__getitem__') or isinstance(mapping, (list, tuple)):
                raise TypeError('mappingproxy() argument must be a mapping, '
                                f'not {type(mapping).__name__}')
            self._mapping = mapping

        def __getitem__(self, key):
            return self._mapping[key]

        def __contains__(self, key):
            return key in self._mapping

        def __len__(self):
            return len(self._mapping)

        def __iter__(self):
            return iter(self._mapping)

        def __reversed__(self):
            return reversed(self._mapping)

        def __eq__(self, other):
            if type(other) is MappingProxyType:
                other = other._mapping
            return self._mapping == other

        def __or__(self, other):
            if type(other) is MappingProxyType:
                other = other._mapping
            return self._mapping | other

        def __ror__(self, other):
            return other | self._mapping

        def __repr__(self):
            return f'mappingproxy({self._mapping!r})'

        def __str__(self):
            return str(self._mapping)

        def get(self, key, default=None, /):
            return self._mapping.get(key, default)

        def keys(self):
            return self._mapping.keys()

        def values(self):
            return self._mapping.values()

        def items(self):
            return self._mapping.items()

        def copy(self):
            return self._mapping.copy()

        def __class_getitem__(cls, item):
            return GenericAlias(cls, item)

    MappingProxyType.__name__ = MappingProxyType.__qualname__ = 'mappingproxy'
    MappingProxyType.__module__ = 'builtins'
    if 'collections.abc' in sys.modules:
        sys.modules['collections.abc'].Mapping.register(MappingProxyType)


class SimpleNamespace:
    """An object with the attributes that it is made with."""

    def __init__(self, /, **kwargs):
        self.__dict__.update(kwargs)

    def __repr__(self):
        name = 'namespace' if type(self) is SimpleNamespace else type(self).__name__
        if self in _shown:
            return f'{name}(...)'
        _shown.append(self)
        try:
            parts = [f'{key}={value!r}' for key, value in self.__dict__.items()]
        finally:
            _shown.pop()
        return f'{name}({", ".join(parts)})'

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented

    def __reduce__(self):
        return type(self), (), self.__dict__

    __hash__ = None


class _Shown(list):
    # Membership by identity: asking for equality would call user code.
    def __contains__(self, wanted):
        return any([item is wanted for item in self])


_shown = _Shown()


def new_class(name, bases=(), kwds=None, exec_body=None):
    """Make a class as a class statement would."""
    resolved = resolve_bases(bases)
    meta, namespace, kwds = prepare_class(name, resolved, kwds)
    if exec_body is not None:
        exec_body(namespace)
    if resolved is not bases:
        namespace['__orig_bases__'] = bases
    return meta(name, resolved, namespace, **kwds)


def resolve_bases(bases):
    """Replace bases that are not classes by what their `__mro_entries__` give."""
    resolved = []
    changed = False
    for base in bases:
        if isinstance(base, type) or not hasattr(base, '__mro_entries__'):
            resolved.append(base)
            continue
        changed = True
        entries = base.__mro_entries__(bases)
        if not isinstance(entries, tuple):
            raise TypeError('__mro_entries__ must return a tuple')
        resolved.extend(entries)
    return tuple(resolved) if changed else bases


def prepare_class(name, bases=(), kwds=None):
    """The metaclass, the namespace and the keywords that a class would get."""
    kwds = {} if kwds is None else dict(kwds)
    if 'metaclass' in kwds:
        meta = kwds.pop('metaclass')
    else:
        meta = type(bases[0]) if bases else type
    if isinstance(meta, type):
        for base in bases:
            kind = type(base)
            if issubclass(meta, kind):
                continue
            if not issubclass(kind, meta):
                raise TypeError('metaclass conflict: the metaclass of a derived class must be '
                                'a (non-strict) subclass of the metaclasses of all its bases')
            meta = kind
    prepare = getattr(meta, '__prepare__', None)
    return meta, {} if prepare is None else prepare(name, bases, **kwds), kwds


def get_original_bases(cls, /):
    """The bases as they were written, before `__mro_entries__`."""
    try:
        return cls.__dict__.get('__orig_bases__', cls.__bases__)
    except AttributeError:
        raise TypeError(
            f'Expected an instance of type, not {type(cls).__name__!r}') from None


class DynamicClassAttribute:
    """A property that on the class itself leads to the metaclass's `__getattr__`."""

    def __init__(self, fget=None, fset=None, fdel=None, doc=None):
        self.fget = fget
        self.fset = fset
        self.fdel = fdel
        self.__doc__ = doc or getattr(fget, '__doc__', None)
        self.overwrite_doc = doc is None
        self.__isabstractmethod__ = bool(getattr(fget, '__isabstractmethod__', False))

    def __get__(self, instance, ownerclass=None):
        if instance is None:
            if self.__isabstractmethod__:
                return self
            raise AttributeError
        if self.fget is None:
            raise AttributeError('unreadable attribute')
        return self.fget(instance)

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("can't set attribute")
        self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError("can't delete attribute")
        self.fdel(instance)

    def getter(self, fget):
        doc = fget.__doc__ if self.overwrite_doc else None
        made = type(self)(fget, self.fset, self.fdel, doc or self.__doc__)
        made.overwrite_doc = self.overwrite_doc
        return made

    def setter(self, fset):
        made = type(self)(self.fget, fset, self.fdel, self.__doc__)
        made.overwrite_doc = self.overwrite_doc
        return made

    def deleter(self, fdel):
        made = type(self)(self.fget, self.fset, fdel, self.__doc__)
        made.overwrite_doc = self.overwrite_doc
        return made


def coroutine(func):
    """Let a generator function be awaited; coroutine functions pass unchanged."""
    if not callable(func):
        raise TypeError('types.coroutine() expects a callable')

    class Awaitable:
        __slots__ = ('made',)

        def __init__(self, made):
            self.made = made

        def __await__(self):
            return self.made

        def __iter__(self):
            return self.made

        def __next__(self):
            return next(self.made)

        def send(self, value):
            return self.made.send(value)

        def throw(self, *error):
            return self.made.throw(*error)

        def close(self):
            return self.made.close()

    def wrapped(*args, **kwargs):
        made = func(*args, **kwargs)
        return Awaitable(made) if isinstance(made, GeneratorType) else made

    from functools import update_wrapper
    return update_wrapper(wrapped, func)
