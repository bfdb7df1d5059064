"""Tools that take functions and give functions: caches, partial application,
wrappers, comparison helpers and dispatch on the type of the first argument.

The caches are closures around a plain dict, whose order of insertion serves as
the order of use.
"""

WRAPPER_ASSIGNMENTS = ('__module__', '__name__', '__qualname__', '__doc__',
                       '__annotations__', '__type_params__')
WRAPPER_UPDATES = ('__dict__',)

_MISSING = object()
# Bound here, so that a program that replaces the built-in with a cache of it does not get in.
_len = len


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """Make a wrapper look like the function that it wraps."""
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            continue
        setattr(wrapper, name, value)
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    """The decorator form of `update_wrapper`."""
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)
    return decorate


# Static methods, as functions that are built in bind nothing where they stand in a class.
@staticmethod
def reduce(function, iterable, initial=_MISSING, /):
    """Fold the items from the left with a function of two arguments."""
    try:
        source = iter(iterable)
    except TypeError:
        raise TypeError('reduce() arg 2 must support iteration') from None
    if initial is _MISSING:
        for initial in source:
            break
        else:
            raise TypeError('reduce() of empty iterable with no initial value')
    for item in source:
        initial = function(initial, item)
    return initial


class partial:
    """A function with some of its arguments given already."""
    # `__dict__` stays, because programs set attributes on partial objects.
    __slots__ = ('_func', '_args', '_keywords', '__dict__', '__weakref__')
    func = property(lambda self: self._func, doc='function object to use in future partial calls')
    args = property(lambda self: self._args, doc='tuple of arguments to future partial calls')
    keywords = property(lambda self: self._keywords, doc='dictionary of keyword arguments to future partial calls')

    def __new__(cls, *args, **keywords):
        if not args:
            raise TypeError("type 'partial' takes at least one argument")
        func, *args = args
        args = tuple(args)
        if not callable(func):
            raise TypeError('the first argument must be callable')
        if isinstance(func, partial) and not func.__dict__:
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        made = super().__new__(cls)
        made._func = func
        made._args = args
        made._keywords = keywords
        return made

    def __call__(self, /, *args, **keywords):
        if keywords:
            return self._func(*self._args, *args, **{**self._keywords, **keywords})
        return self._func(*self._args, *args, **self._keywords)

    def __repr__(self):
        kind = type(self)
        name = 'functools.partial' if kind is partial else kind.__qualname__
        if any([shown is self for shown in _shown]):
            return '...'
        _shown.append(self)
        try:
            parts = [repr(self.func), *[repr(value) for value in self.args]]
            parts += [f'{key}={value!r}' for key, value in self.keywords.items()]
        finally:
            _shown.pop()
        return f'{name}({", ".join(parts)})'

    def __reduce__(self):
        return type(self), (self._func,), (self._func, self._args, self._keywords or None, self.__dict__ or None)

    def __setstate__(self, state):
        if not isinstance(state, tuple) or _len(state) != 4:
            raise TypeError('invalid partial state')
        func, args, keywords, attributes = state
        if not callable(func) or not isinstance(args, tuple) or not isinstance(keywords, (dict, type(None))):
            raise TypeError('invalid partial state')
        self.__dict__ = {} if attributes is None else attributes
        self._func = func
        self._args = args if type(args) is tuple else tuple(args)
        self._keywords = keywords if type(keywords) is dict else dict(keywords or {})

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


# The partial objects whose repr is being made, against endless recursion.
_shown = []


class partialmethod:
    """`partial` for use as a method in a class body."""

    def __init__(self, func, /, *args, **keywords):
        if not callable(func) and not hasattr(func, '__get__'):
            raise TypeError(f'{func!r} is not callable or a descriptor')
        if isinstance(func, partialmethod):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __repr__(self):
        parts = [repr(self.func), *[repr(value) for value in self.args]]
        parts += [f'{key}={value!r}' for key, value in self.keywords.items()]
        return f'{type(self).__module__}.{type(self).__qualname__}({", ".join(parts)})'

    def _unbound(self):
        def _method(cls_or_self, /, *args, **keywords):
            return self.func(cls_or_self, *self.args, *args, **{**self.keywords, **keywords})
        _method.__isabstractmethod__ = self.__isabstractmethod__
        _method._partialmethod = self
        return _method

    def __get__(self, obj, cls=None):
        bind = getattr(self.func, '__get__', None)
        if bind is not None:
            func = bind(obj, cls)
            if func is not self.func:
                # A class method, say: what it gives is bound already.
                result = partial(func, *self.args, **self.keywords)
                try:
                    result.__self__ = func.__self__
                except AttributeError:
                    pass
                return result
        return self._unbound().__get__(obj, cls)

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, '__isabstractmethod__', False)

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


# Stands between the positional and the keyword arguments in a key.
_KEYWORDS = object()


def _make_key(args, keywords, typed):
    if not keywords and not typed:
        if _len(args) == 1 and (type(args[0]) is int or type(args[0]) is str):
            return args[0]
        return args
    key = args
    if keywords:
        key += (_KEYWORDS,)
        for pair in keywords.items():
            key += pair
    if typed:
        key += tuple([type(value) for value in args])
        key += tuple([type(value) for value in keywords.values()])
    return key


def lru_cache(maxsize=128, typed=False):
    """Remember the results of a function, at most `maxsize` of them."""
    if isinstance(maxsize, int):
        maxsize = max(maxsize, 0)
    elif callable(maxsize) and isinstance(typed, bool):
        return _lru_cache(maxsize, 128, typed)
    elif maxsize is not None:
        raise TypeError('Expected first argument to be an integer, a callable, or None')

    def decorate(function):
        return _lru_cache(function, maxsize, typed)
    return decorate


def cache(function, /):
    """Remember all results of a function."""
    return lru_cache(maxsize=None)(function)


def _lru_cache(function, maxsize, typed):
    if not callable(function):
        raise TypeError('the first argument must be callable')
    results = {}
    hits = misses = 0
    missing = _MISSING
    make_key = _make_key
    size = _len
    find = results.get

    if maxsize is None:
        def wrapper(*args, **keywords):
            nonlocal hits, misses
            key = make_key(args, keywords, typed)
            value = find(key, missing)
            if value is not missing:
                hits += 1
                return value
            misses += 1
            value = function(*args, **keywords)
            results[key] = value
            return value
    elif maxsize == 0:
        def wrapper(*args, **keywords):
            nonlocal misses
            misses += 1
            return function(*args, **keywords)
    else:
        def wrapper(*args, **keywords):
            nonlocal hits, misses
            key = make_key(args, keywords, typed)
            value = find(key, missing)
            if value is not missing:
                hits += 1
                # Back in at the end: the front is what was used longest ago.
                del results[key]
                results[key] = value
                return value
            misses += 1
            value = function(*args, **keywords)
            # The call may have filled this very entry meanwhile.
            if key not in results:
                if size(results) >= maxsize:
                    del results[next(iter(results))]
                results[key] = value
            return value

    def cache_info():
        return (globals().get('_CacheInfo') or __getattr__('_CacheInfo'))(hits, misses, maxsize, _len(results))

    def cache_clear():
        nonlocal hits, misses
        hits = misses = 0
        results.clear()

    wrapper.cache_info = cache_info
    wrapper.cache_clear = cache_clear
    wrapper.cache_parameters = lambda: {'maxsize': maxsize, 'typed': typed}
    return update_wrapper(wrapper, function)


def __getattr__(name):
    # Made on first use: most programs never ask, and `collections` is large.
    if name == '_CacheInfo':
        from collections import namedtuple
        made = namedtuple('CacheInfo', ['hits', 'misses', 'maxsize', 'currsize'], module='functools')
    elif name == 'RLock':
        from threading import RLock as made
    else:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    globals()[name] = made
    return made


@staticmethod
def cmp_to_key(mycmp):
    """Turn a comparison function into a key function."""
    class K:
        __slots__ = ('obj',)
        __hash__ = None

        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return mycmp(self.obj, other.obj) < 0

        def __gt__(self, other):
            return mycmp(self.obj, other.obj) > 0

        def __eq__(self, other):
            return mycmp(self.obj, other.obj) == 0

        def __le__(self, other):
            return mycmp(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return mycmp(self.obj, other.obj) >= 0
    return K


def _derive(name, root, negate, join):
    # A comparison from the one called `root`: negated or not, then joined with
    # `==` by 'or', with `!=` by 'and', or left alone. Each is made once and found by its name.
    key = f'_{name[2:-2]}_from_{root[2:-2]}'
    if key in globals():
        return globals()[key]

    def compare(self, other):
        result = getattr(type(self), root)(self, other)
        if result is NotImplemented:
            return result
        if negate:
            result = not result
        if join == 'or':
            return result or self == other
        if join == 'and':
            return result and self != other
        return result
    compare.__name__, compare.__qualname__ = name, key
    globals()[key] = compare
    return compare


_ORDERINGS = {
    '__lt__': (('__gt__', True, 'and'), ('__le__', False, 'or'), ('__ge__', True, None)),
    '__le__': (('__ge__', True, 'or'), ('__lt__', False, 'and'), ('__gt__', True, None)),
    '__gt__': (('__lt__', True, 'and'), ('__ge__', False, 'or'), ('__le__', True, None)),
    '__ge__': (('__le__', True, 'or'), ('__gt__', False, 'and'), ('__lt__', True, None)),
}


def total_ordering(cls):
    """Fill in the order comparisons that a class does not define itself."""
    defined = [name for name in _ORDERINGS
               if getattr(cls, name, None) is not getattr(object, name, None)]
    if not defined:
        raise ValueError('must define at least one ordering operation: < > <= >=')
    for root in ('__lt__', '__le__', '__gt__', '__ge__'):
        if root in defined:
            break
    for name, negate, join in _ORDERINGS[root]:
        if name not in defined:
            setattr(cls, name, _derive(name, root, negate, join))
    return cls


class cached_property:
    """A property computed once; the value lives in the instance's `__dict__`."""

    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        if self.attrname is None:
            self.attrname = name
        elif name != self.attrname:
            raise TypeError('Cannot assign the same cached_property to two different names '
                            f'({self.attrname!r} and {name!r}).')

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        name = self.attrname
        if name is None:
            raise TypeError(
                'Cannot use cached_property instance without calling __set_name__ on it.')
        try:
            values = instance.__dict__
        except AttributeError:
            raise TypeError(
                f"No '__dict__' attribute on {type(instance).__name__!r} "
                f'instance to cache {name!r} property.') from None
        value = values.get(name, _MISSING)
        if value is _MISSING:
            value = self.func(instance)
            try:
                values[name] = value
            except TypeError:
                raise TypeError(
                    f"The '__dict__' attribute on {type(instance).__name__!r} instance "
                    f'does not support item assignment for caching {name!r} property.') from None
        return value

    def __class_getitem__(cls, item):
        return type(list[int])(cls, item)


def _find_implementation(cls, registry):
    mro = cls.__mro__
    for place, kind in enumerate(mro):
        if kind in registry and kind is not object:
            return registry[kind]
        # Classes that `kind` belongs to without inheriting from them, and that
        # none of its bases brings in already.
        virtual = [other for other in registry
                   if other not in mro and issubclass(kind, other)
                   and not any([issubclass(base, other) for base in kind.__bases__])]
        # An abstract base that is inherited from goes before its strangers.
        for base in mro[place + 1:]:
            if base in registry and hasattr(base, '__abstractmethods__'):
                virtual = [other for other in virtual if issubclass(other, base)]
                break
        best = None
        for other in virtual:
            if best is None or issubclass(other, best):
                best = other
            elif not issubclass(best, other):
                raise RuntimeError(f'Ambiguous dispatch: {best} or {other}')
        if best is not None:
            return registry[best]
    return registry.get(object)


def singledispatch(func):
    """Choose the implementation by the type of the first argument."""
    registry = {}
    found = {}
    abstract = False
    name = getattr(func, '__name__', 'singledispatch function')

    def dispatch(cls):
        """The implementation for a class."""
        implementation = found.get(cls)
        if implementation is None:
            implementation = registry.get(cls)
            if implementation is None:
                implementation = _find_implementation(cls, registry)
                # An abstract class may gain this one later, so look again then.
                if abstract:
                    return implementation
            found[cls] = implementation
        return implementation

    def register(cls, func=None):
        """Add an implementation; also a decorator, with or without a class."""
        nonlocal abstract
        if isinstance(cls, type) or _union_members(cls):
            if func is None:
                return lambda func: register(cls, func)
        else:
            if func is not None:
                raise TypeError('Invalid first argument to `register()`. '
                                f'{cls!r} is not a class or union type.')
            func = cls
            cls = _first_annotation(func)
        for kind in _union_members(cls) or (cls,):
            registry[kind] = func
            abstract = abstract or hasattr(kind, '__abstractmethods__')
        found.clear()
        return func

    def wrapper(*args, **keywords):
        if not args:
            raise TypeError(f'{name} requires at least 1 positional argument')
        cls = args[0].__class__
        return (found.get(cls) or dispatch(cls))(*args, **keywords)

    registry[object] = func
    wrapper.register = register
    wrapper.dispatch = dispatch
    from types import MappingProxyType
    wrapper.registry = MappingProxyType(registry)
    wrapper._clear_cache = found.clear
    return update_wrapper(wrapper, func)


def _union_members(cls):
    # The classes of `A | B` or `Union[A, B]`; nothing for anything else.
    if isinstance(cls, type):
        return None
    if isinstance(cls, type(int | str)) or str(getattr(cls, '__origin__', '')) == 'typing.Union':
        members = cls.__args__
        if all([isinstance(member, type) for member in members]):
            return members
    return None


def _first_annotation(func):
    annotations = getattr(func, '__annotations__', {})
    if not annotations:
        raise TypeError(
            f'Invalid first argument to `register()`: {func!r}. '
            'Use either `@register(some_class)` or plain `@register` '
            'on an annotated function.')
    for argument, cls in annotations.items():
        break
    if isinstance(cls, str) or cls is None:
        from typing import get_type_hints
        argument, cls = next(iter(get_type_hints(func).items()))
    if not isinstance(cls, type) and not _union_members(cls):
        if hasattr(cls, '__args__') and 'Union' in type(cls).__name__:
            raise TypeError(f'Invalid annotation for {argument!r}. '
                            f'{cls!r} not all arguments are classes.')
        raise TypeError(f'Invalid annotation for {argument!r}. {cls!r} is not a class.')
    return cls


class singledispatchmethod:
    """`singledispatch` for methods: the argument after `self` or `cls` decides."""

    def __init__(self, func):
        if not callable(func) and not hasattr(func, '__get__'):
            raise TypeError(f'{func!r} is not callable or a descriptor')
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, obj, cls=None):
        def _method(*args, **keywords):
            method = self.dispatcher.dispatch(args[0].__class__)
            return method.__get__(obj, cls)(*args, **keywords)
        _method.__isabstractmethod__ = self.__isabstractmethod__
        _method.register = self.register
        update_wrapper(_method, self.func)
        return _method

    @property
    def __isabstractmethod__(self):
        return getattr(self.func, '__isabstractmethod__', False)
