"""Shallow and deep copies of any object.

Built-in containers are copied directly. Other objects are asked for `__copy__`,
`__deepcopy__` or `__reduce_ex__`; what only has the one of `object` is taken
apart here, into its state and, for subclasses of containers, its items.
"""


import sys


class Error(Exception):
    pass


error = Error

_MISSING = object()


def _function():
    pass


# Types whose objects cannot change, or that stand for themselves.
_ATOMIC = {int, float, bool, complex, str, bytes, type(None), type, range, slice, property,
           type(...), type(NotImplemented), type(_function), type(len), type(_function.__code__)}
_SHALLOW = {list: list.copy, dict: dict.copy, set: set.copy, bytearray: bytearray.copy}


def copy(x):
    """A new object with the same contents."""
    cls = type(x)
    if cls in _ATOMIC or cls is tuple or cls is frozenset:
        return x
    if cls in _SHALLOW:
        return _SHALLOW[cls](x)
    if issubclass(cls, type):
        return x
    special = getattr(cls, '__copy__', None)
    if special is not None:
        return special(x)
    taken = _take_apart(x, cls)
    if isinstance(taken, str):
        return x
    return _rebuild(x, None, *taken)


def deepcopy(x, memo=None, _nil=_MISSING):
    """A new object whose contents are copies too."""
    cls = type(x)
    if cls in _ATOMIC:
        return x
    if memo is None:
        memo = {}
    key = id(x)
    y = memo.get(key, _MISSING)
    if y is not _MISSING:
        return y
    special = _DEEP.get(cls)
    if special is not None:
        y = special(x, memo)
    elif issubclass(cls, type):
        return x
    else:
        special = getattr(x, '__deepcopy__', None)
        if special is not None:
            y = special(memo)
        else:
            taken = _take_apart(x, cls)
            if isinstance(taken, str):
                return x
            y = _rebuild(x, memo, *taken)
    if y is not x:
        memo[key] = y
        # The memo knows objects by id, so they must live as long as it does.
        kept = memo.get(id(memo))
        if kept is None:
            memo[id(memo)] = [x]
        else:
            kept.append(x)
    return y


def _deepcopy_list(x, memo):
    y = []
    memo[id(x)] = y
    append = y.append
    for item in x:
        append(item if type(item) in _ATOMIC else deepcopy(item, memo))
    return y


def _deepcopy_tuple(x, memo):
    y = [deepcopy(item, memo) for item in x]
    # Copying an item may have copied this very tuple, through a cycle.
    if id(x) in memo:
        return memo[id(x)]
    for old, new in zip(x, y):
        if old is not new:
            return tuple(y)
    return x


def _deepcopy_dict(x, memo):
    y = {}
    memo[id(x)] = y
    for key, value in x.items():
        y[deepcopy(key, memo)] = deepcopy(value, memo)
    return y


def _deepcopy_set(x, memo):
    return {deepcopy(item, memo) for item in x}


def _deepcopy_frozenset(x, memo):
    return frozenset([deepcopy(item, memo) for item in x])


def _deepcopy_method(x, memo):
    return x.__func__.__get__(deepcopy(x.__self__, memo))


class _Holder:
    def method(self):
        pass


_DEEP = {list: _deepcopy_list, tuple: _deepcopy_tuple, dict: _deepcopy_dict,
         set: _deepcopy_set, frozenset: _deepcopy_frozenset,
         bytearray: lambda x, memo: x.copy(),
         type(_Holder().method): _deepcopy_method}

_KINDS_WITHOUT_PARTS = (type((lambda: (yield))()), type(iter([])), type(sys))


def _take_apart(x, cls):
    # (callable, arguments, state, list items, dict items) that make x again.
    copyreg = sys.modules.get('copyreg')
    if copyreg is not None and cls in copyreg.dispatch_table:
        return copyreg.dispatch_table[cls](x)
    method = getattr(cls, '__reduce_ex__', None)
    if method is not None and method is not getattr(object, '__reduce_ex__', None):
        return x.__reduce_ex__(4)
    method = getattr(cls, '__reduce__', None)
    if method is not None and method is not getattr(object, '__reduce__', None):
        return x.__reduce__()
    if isinstance(x, _KINDS_WITHOUT_PARTS):
        raise TypeError(f'cannot pickle {cls.__name__!r} object')
    keywords = {}
    if hasattr(cls, '__getnewargs_ex__'):
        args, keywords = x.__getnewargs_ex__()
    elif hasattr(cls, '__getnewargs__'):
        args = x.__getnewargs__()
    else:
        args = ()
        for base in (int, float, complex, str, bytes, tuple, frozenset, set, bytearray):
            if isinstance(x, base):
                args = (base(x),)
                break

    def make(*args):
        return cls.__new__(cls, *args, **keywords)
    deque = getattr(sys.modules.get('_collections'), 'deque', None)
    if deque is not None and isinstance(x, deque):
        return cls, ((), x.maxlen), _state(x, cls), iter(x)
    items = iter(x) if isinstance(x, list) else None
    pairs = iter(x.items()) if isinstance(x, dict) else None
    if isinstance(x, BaseException):
        import copyreg
        return cls, copyreg._exception_args(x), _state(x, cls)
    if isinstance(x, (set, bytearray)):
        return cls, args, _state(x, cls)
    return make, args, _state(x, cls), items, pairs


def _state(x, cls):
    # As `object.__getstate__`: the dict, or the dict and the slots.
    method = getattr(cls, '__getstate__', None)
    if method is not object.__getstate__:
        return x.__getstate__()
    state = getattr(x, '__dict__', None) or None
    slots = {}
    for base in cls.__mro__:
        names = base.__dict__.get('__slots__', ())
        for name in (names,) if isinstance(names, str) else names:
            if name in ('__dict__', '__weakref__'):
                continue
            if name.startswith('__') and not name.endswith('__'):
                name = f'_{base.__name__.lstrip("_")}{name}'
            if hasattr(x, name):
                slots[name] = getattr(x, name)
    return (state, slots) if slots else state


def _rebuild(x, memo, make, args, state=None, items=None, pairs=None, set_state=None):
    # `memo` is None for a shallow copy.
    deep = memo is not None
    if deep and args:
        args = [deepcopy(arg, memo) for arg in args]
    y = make(*args)
    if deep:
        memo[id(x)] = y
    if state is not None:
        if deep:
            state = deepcopy(state, memo)
        if set_state is not None:
            set_state(y, state)
        elif hasattr(y, '__setstate__'):
            y.__setstate__(state)
        else:
            slots = None
            if isinstance(state, tuple) and len(state) == 2:
                state, slots = state
            if state is not None:
                y.__dict__.update(state)
            if slots is not None:
                for name, value in slots.items():
                    setattr(y, name, value)
    if items is not None:
        for item in items:
            y.append(deepcopy(item, memo) if deep else item)
    if pairs is not None:
        for key, value in pairs:
            if deep:
                key = deepcopy(key, memo)
                value = deepcopy(value, memo)
            y[key] = value
    return y
