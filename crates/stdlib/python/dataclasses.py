"""Classes that are mostly data: the decorator reads the annotations of a class
and adds the methods that follow from them.

The methods are closures over the list of fields; no source text is made. A call
with exactly the positional arguments of `__init__` takes a short way; every
other one is matched to the parameters by `_bind`, which knows the language's
error messages.
"""

import sys

__all__ = ['dataclass', 'field', 'Field', 'FrozenInstanceError', 'InitVar', 'KW_ONLY',
           'MISSING', 'fields', 'asdict', 'astuple', 'make_dataclass', 'replace',
           'is_dataclass']


from _emulant import calling_module

_Mapping = type(type.__dict__)
if _Mapping is dict:
    from types import MappingProxyType as _Mapping


class FrozenInstanceError(AttributeError):
    pass


class _MISSING_TYPE:
    pass


MISSING = _MISSING_TYPE()


class _KW_ONLY_TYPE:
    pass


KW_ONLY = _KW_ONLY_TYPE()


class _Kind:
    # Which sort of field one is; the name shows in the repr of a Field.
    __slots__ = ('name',)

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


_FIELD = _Kind('_FIELD')
_FIELD_CLASSVAR = _Kind('_FIELD_CLASSVAR')
_FIELD_INITVAR = _Kind('_FIELD_INITVAR')


class InitVar:
    """The type of a parameter of `__init__` that does not become a field."""
    __slots__ = ('type',)

    def __init__(self, type):
        self.type = type

    def __repr__(self):
        kind = self.type
        plain = isinstance(kind, type) and type(kind) is not type(list[int])
        return f'dataclasses.InitVar[{kind.__name__ if plain else repr(kind)}]'

    def __class_getitem__(cls, kind):
        return InitVar(kind)


_NO_METADATA = _Mapping({})


class Field:
    """What is known about one field."""
    __slots__ = ('name', 'type', 'default', 'default_factory', 'repr', 'hash', 'init',
                 'compare', 'metadata', 'kw_only', '_field_type')

    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = _NO_METADATA if metadata is None else _Mapping(metadata)
        self.kw_only = kw_only
        self._field_type = None

    def __repr__(self):
        names = ('name', 'type', 'default', 'default_factory', 'init', 'repr', 'hash',
                 'compare', 'metadata', 'kw_only', '_field_type')
        return f'Field({",".join([f"{name}={getattr(self, name)!r}" for name in names])})'

    def __set_name__(self, owner, name):
        # A default may be a descriptor that wants to know its name.
        tell = getattr(type(self.default), '__set_name__', None)
        if tell is not None:
            tell(self.default, owner, name)

    __class_getitem__ = classmethod(type(list[int]))


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None,
          compare=True, metadata=None, kw_only=MISSING):
    """Say more about a field than its default."""
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError('cannot specify both default and default_factory')
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


class _DataclassParams:
    __slots__ = ('init', 'repr', 'eq', 'order', 'unsafe_hash', 'frozen', 'match_args',
                 'kw_only', 'slots', 'weakref_slot')

    def __init__(self, **options):
        for name, value in options.items():
            setattr(self, name, value)

    def __repr__(self):
        parts = [f'{name}={getattr(self, name)!r}' for name in self.__slots__]
        return f'_DataclassParams({",".join(parts)})'


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False,
              frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    """Add the methods that follow from the fields of a class."""
    params = _DataclassParams(init=init, repr=repr, eq=eq, order=order,
                              unsafe_hash=unsafe_hash, frozen=frozen, match_args=match_args,
                              kw_only=kw_only, slots=slots, weakref_slot=weakref_slot)
    if cls is None:
        return lambda cls: _process(cls, params)
    return _process(cls, params)


def _process(cls, params):
    cls.__dataclass_params__ = params
    inherited = {}
    frozen_bases = []
    for base in cls.__mro__[:0:-1]:
        base_fields = getattr(base, '__dataclass_fields__', None)
        if base_fields is not None:
            inherited.update(base_fields)
            frozen_bases.append(base.__dataclass_params__.frozen)
    own = _own_fields(cls, params)
    if frozen_bases:
        if any(frozen_bases) and not params.frozen:
            raise TypeError('cannot inherit non-frozen dataclass from a frozen one')
        if params.frozen and not any(frozen_bases):
            raise TypeError('cannot inherit frozen dataclass from a non-frozen one')
    all_fields = {**inherited, **own}
    cls.__dataclass_fields__ = all_fields
    namespace = cls.__dict__
    # An `__eq__` in the class body alone sets `__hash__` to None.
    has_hash = not (namespace.get('__hash__', MISSING) is MISSING
                    or namespace['__hash__'] is None and '__eq__' in namespace)
    if params.order and not params.eq:
        raise ValueError('eq must be true if order is true')

    real = [f for f in all_fields.values() if f._field_type is _FIELD]
    given = [f for f in all_fields.values() if f._field_type is not _FIELD_CLASSVAR]
    positional = [f for f in given if f.init and not f.kw_only]
    keyword_only = [f for f in given if f.init and f.kw_only]
    if params.init:
        _add(cls, '__init__', _make_init(cls, given, positional, keyword_only, params))
    if params.repr:
        _add(cls, '__repr__', _make_repr([f.name for f in real if f.repr]))
    compared = [f.name for f in real if f.compare]
    if params.eq:
        _add(cls, '__eq__', _make_eq(compared))
    if params.order:
        for name, method in _make_orders(compared):
            if not _add(cls, name, method):
                raise TypeError(f'Cannot overwrite attribute {name} in class {cls.__name__}. '
                                'Consider using functools.total_ordering')
    if params.frozen:
        for name, method in _make_frozen(cls, frozenset([f.name for f in real])):
            if not _add(cls, name, method):
                raise TypeError(f'Cannot overwrite attribute {name} in class {cls.__name__}')
    _set_hash(cls, params, has_hash,
              [f.name for f in real if (f.compare if f.hash is None else f.hash)])
    if not getattr(cls, '__doc__'):
        cls.__doc__ = _describe(cls, positional, keyword_only)
    if params.match_args and '__match_args__' not in cls.__dict__:
        cls.__match_args__ = tuple([f.name for f in positional])
    if params.weakref_slot and not params.slots:
        raise TypeError('weakref_slot is True but slots is False')
    if params.slots:
        cls = _with_slots(cls, params)
    if hasattr(cls, '__abstractmethods__'):
        from abc import update_abstractmethods
        update_abstractmethods(cls)
    return cls


def _add(cls, name, method):
    # Give the class a method unless its body has one; tells whether it did.
    if name in cls.__dict__:
        return False
    method.__name__ = name
    method.__qualname__ = f'{cls.__qualname__}.{name}'
    setattr(cls, name, method)
    return True


def _own_fields(cls, params):
    own = {}
    kw_only = params.kw_only
    marked = False
    annotations = cls.__dict__.get('__annotations__', {})
    for name, kind in annotations.items():
        marker = _marker(cls, kind)
        if marker is KW_ONLY:
            if marked:
                raise TypeError(f'{name!r} is KW_ONLY, but KW_ONLY has already been specified')
            marked = kw_only = True
        else:
            own[name] = _own_field(cls, name, kind, marker, kw_only)
    for name, f in own.items():
        if isinstance(getattr(cls, name, None), Field):
            if f.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, f.default)
    for name, value in cls.__dict__.items():
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f'{name!r} is a field but has no type annotation')
    return own


def _own_field(cls, name, kind, marker, kw_only):
    default = getattr(cls, name, MISSING)
    if isinstance(default, Field):
        f = default
    else:
        if type(default).__name__ == 'member_descriptor':
            # The attribute is a slot and no default.
            default = MISSING
        f = field(default=default)
    f.name = name
    f.type = kind
    f._field_type = marker
    if marker is not _FIELD and f.default_factory is not MISSING:
        raise TypeError(f'field {name} cannot have a default factory')
    if marker is _FIELD_CLASSVAR:
        if f.kw_only is not MISSING:
            raise TypeError(f'field {name} is a ClassVar but specifies kw_only')
    elif f.kw_only is MISSING:
        f.kw_only = kw_only
    if marker is _FIELD and f.default.__class__.__hash__ is None:
        raise ValueError(f'mutable default {type(f.default)} for field {name} '
                         'is not allowed: use default_factory')
    return f


def _marker(cls, kind):
    # KW_ONLY, or the kind of field that an annotation makes.
    if isinstance(kind, str):
        kind = _resolve_head(cls, kind)
    if kind is KW_ONLY:
        return KW_ONLY
    if kind is InitVar or type(kind) is InitVar:
        return _FIELD_INITVAR
    typing = sys.modules.get('typing')
    if typing is not None:
        marker = typing.ClassVar
        if kind is marker or getattr(kind, '__origin__', None) is marker:
            return _FIELD_CLASSVAR
    return _FIELD


def _resolve_head(cls, text):
    # The object that a textual annotation such as 't.ClassVar[int]' begins
    # with; None unless it can be found without evaluating anything.
    parts = text.split('[')[0].strip().split('.')
    module = sys.modules.get(cls.__module__)
    if module is None or len(parts) > 2:
        return None
    found = module.__dict__.get(parts[0].strip())
    if len(parts) == 2:
        found = getattr(found, '__dict__', {}).get(parts[1].strip())
    return found


def _make_init(cls, given, positional, keyword_only, params):
    seen_default = False
    for f in positional:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen_default = True
        elif seen_default:
            raise TypeError(f'non-default argument {f.name!r} follows default argument')
    names = tuple([f.name for f in positional])
    optional = sum([f.default is not MISSING or f.default_factory is not MISSING
                    for f in positional])
    keyword_names = tuple([f.name for f in keyword_only])
    keyword_optional = [f.name for f in keyword_only
                        if f.default is not MISSING or f.default_factory is not MISSING]
    has_post_init = hasattr(cls, '__post_init__')
    put = object.__setattr__ if params.frozen else setattr
    # What `__init__` does for each field, in order: name, default, factory,
    # whether it may be passed, whether it goes to `__post_init__` instead.
    steps = []
    for f in given:
        only_passed_on = f._field_type is _FIELD_INITVAR
        if not f.init and f.default_factory is MISSING:
            if not (params.slots and f.default is not MISSING):
                continue
        steps.append((f.name, f.default, f.default_factory, f.init, only_passed_on))
    # Fields and parameters agree one to one: the short way is open.
    simple = (not keyword_names
              and names == tuple([step[0] for step in steps])
              and not any([step[4] for step in steps]))
    count = len(names)

    def __init__(self, /, *args, **kwargs):
        if simple and len(args) == count and not kwargs:
            for name, value in zip(names, args):
                put(self, name, value)
            if has_post_init:
                self.__post_init__()
            return
        bound = _bind(__init__.__qualname__, names, optional, args, kwargs,
                      keyword_names, keyword_optional)
        passed_on = []
        for name, default, factory, may_pass, only_passed_on in steps:
            if may_pass and name in bound:
                value = bound[name]
            else:
                value = default if factory is MISSING else factory()
            if only_passed_on:
                passed_on.append(value)
            else:
                put(self, name, value)
        if has_post_init:
            self.__post_init__(*passed_on)

    annotations = {f.name: f.type for f in given if f.init}
    annotations['return'] = None
    __init__.__annotations__ = annotations
    return __init__


def _bind(function, names, optional, args, kwargs, keyword_only=(), keyword_optional=()):
    # Match call arguments to the parameters of a generated method, as the
    # language does, with the same errors. `names` are the positional
    # parameters after `self`; the last `optional` of them have defaults. Gives
    # the arguments that were passed, by name.
    bound = dict(zip(names, args))
    keywords_given = 0
    for name, value in kwargs.items():
        if name in bound:
            raise TypeError(f'{function}() got multiple values for argument {name!r}')
        if name in keyword_only:
            keywords_given += 1
        elif name not in names:
            raise TypeError(f'{function}() got an unexpected keyword argument {name!r}')
        bound[name] = value
    if len(args) > len(names):
        most = len(names) + 1
        given = len(args) + 1
        if optional:
            takes = f'from {most - optional} to {most} positional arguments'
        else:
            takes = f'{most} positional argument{"" if most == 1 else "s"}'
        extra = ''
        if keywords_given:
            plural = '' if keywords_given == 1 else 's'
            extra = f' positional arguments (and {keywords_given} keyword-only argument{plural})'
        raise TypeError(f'{function}() takes {takes} but {given}{extra} were given')
    missing = [name for name in names[:len(names) - optional] if name not in bound]
    kind = 'positional'
    if not missing:
        missing = [name for name in keyword_only
                   if name not in bound and name not in keyword_optional]
        kind = 'keyword-only'
    if missing:
        count = len(missing)
        shown = [repr(name) for name in missing]
        if count > 2:
            shown = [', '.join(shown[:-1]) + ',', shown[-1]]
        raise TypeError(f'{function}() missing {count} required {kind} '
                        f'argument{"" if count == 1 else "s"}: {" and ".join(shown)}')
    return bound


def _make_repr(names):
    shown = set()

    def __repr__(self):
        key = id(self)
        if key in shown:
            return '...'
        shown.add(key)
        try:
            parts = [f'{name}={getattr(self, name)!r}' for name in names]
        finally:
            shown.discard(key)
        return f'{self.__class__.__qualname__}({", ".join(parts)})'
    return __repr__


def _make_eq(names):
    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return (tuple([getattr(self, name) for name in names])
                    == tuple([getattr(other, name) for name in names]))
        return NotImplemented
    return __eq__


def _make_orders(names):
    def values(instance):
        return tuple([getattr(instance, name) for name in names])

    def __lt__(self, other):
        if other.__class__ is self.__class__:
            return values(self) < values(other)
        return NotImplemented

    def __le__(self, other):
        if other.__class__ is self.__class__:
            return values(self) <= values(other)
        return NotImplemented

    def __gt__(self, other):
        if other.__class__ is self.__class__:
            return values(self) > values(other)
        return NotImplemented

    def __ge__(self, other):
        if other.__class__ is self.__class__:
            return values(self) >= values(other)
        return NotImplemented
    return (('__lt__', __lt__), ('__le__', __le__), ('__gt__', __gt__), ('__ge__', __ge__))


def _make_frozen(cls, names):
    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f'cannot assign to field {name!r}')
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f'cannot delete field {name!r}')
        super(cls, self).__delattr__(name)
    return (('__setattr__', __setattr__), ('__delattr__', __delattr__))


def _set_hash(cls, params, has_hash, names):
    if params.unsafe_hash:
        if has_hash:
            raise TypeError(f'Cannot overwrite attribute __hash__ in class {cls.__name__}')
    elif has_hash or not params.eq:
        return
    elif not params.frozen:
        cls.__hash__ = None
        return

    def __hash__(self):
        return hash(tuple([getattr(self, name) for name in names]))
    __hash__.__qualname__ = f'{cls.__qualname__}.__hash__'
    cls.__hash__ = __hash__


def _describe(cls, positional, keyword_only):
    # The signature as text: the docstring of a class that has none.
    parts = [_describe_parameter(f) for f in positional]
    if keyword_only:
        parts += ['*', *[_describe_parameter(f) for f in keyword_only]]
    return f'{cls.__name__}({", ".join(parts)})'


def _describe_parameter(f):
    kind = f.type
    if isinstance(kind, type) and type(kind) is not type(list[int]):
        shown = kind.__qualname__
        if kind.__module__ != 'builtins':
            shown = f'{kind.__module__}.{shown}'
    else:
        shown = repr(kind)
        if getattr(kind, '__module__', None) == 'typing':
            shown = shown.replace('typing.', '')
    text = f'{f.name}: {shown}'
    if f.default is not MISSING:
        return f'{text} = {f.default!r}'
    return text if f.default_factory is MISSING else f'{text} = <factory>'


def _with_slots(cls, params):
    # Slots cannot be added to a class, so the class is made again.
    if '__slots__' in cls.__dict__:
        raise TypeError(f'{cls.__name__} already specifies __slots__')
    names = [f.name for f in fields(cls)]
    if params.weakref_slot:
        names.append('__weakref__')
    inherited = set()
    for base in cls.__mro__[1:-1]:
        slots = base.__dict__.get('__slots__', ())
        inherited.update((slots,) if isinstance(slots, str) else slots)
    namespace = dict(cls.__dict__)
    for name in [*names, '__dict__', '__weakref__']:
        namespace.pop(name, None)
    namespace['__slots__'] = tuple([name for name in names if name not in inherited])
    made = type(cls)(cls.__name__, cls.__bases__, namespace)
    made.__qualname__ = cls.__qualname__
    if params.frozen:
        if '__getstate__' not in namespace:
            made.__getstate__ = _getstate
        if '__setstate__' not in namespace:
            made.__setstate__ = _setstate
    return made


def _getstate(self):
    return [getattr(self, f.name) for f in fields(self)]


def _setstate(self, state):
    for f, value in zip(fields(self), state):
        object.__setattr__(self, f.name, value)


def fields(class_or_instance):
    """The fields of a dataclass or of an instance of one, as a tuple."""
    try:
        found = class_or_instance.__dataclass_fields__
    except AttributeError:
        raise TypeError('must be called with a dataclass type or instance') from None
    return tuple([f for f in found.values() if f._field_type is _FIELD])


def is_dataclass(obj):
    """Whether something is a dataclass or an instance of one."""
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, '__dataclass_fields__')


_ATOMIC = frozenset({bool, int, float, complex, str, bytes, type(None), type(...),
                     type(NotImplemented), type(len), type(is_dataclass), type, range,
                     property})


def asdict(obj, *, dict_factory=dict):
    """The fields as a dict; what is inside is converted too, or copied."""
    if not hasattr(type(obj), '__dataclass_fields__'):
        raise TypeError('asdict() should be called on dataclass instances')
    return _convert(obj, dict_factory, True)


def astuple(obj, *, tuple_factory=tuple):
    """The fields as a tuple; what is inside is converted too, or copied."""
    if not hasattr(type(obj), '__dataclass_fields__'):
        raise TypeError('astuple() should be called on dataclass instances')
    return _convert(obj, tuple_factory, False)


def _convert(obj, factory, named):
    kind = type(obj)
    if kind in _ATOMIC:
        return obj
    if hasattr(kind, '__dataclass_fields__'):
        pairs = [(f.name, _convert(getattr(obj, f.name), factory, named)) for f in fields(obj)]
        return factory(pairs if named else [value for _, value in pairs])
    if isinstance(obj, (list, tuple)):
        items = [_convert(item, factory, named) for item in obj]
        if isinstance(obj, tuple) and hasattr(obj, '_fields'):
            return kind(*items)
        return kind(items)
    if isinstance(obj, dict):
        pairs = [(_convert(key, factory, named), _convert(value, factory, named))
                 for key, value in obj.items()]
        if not hasattr(kind, 'default_factory'):
            return kind(pairs)
        made = kind(obj.default_factory)
        for key, value in pairs:
            made[key] = value
        return made
    from copy import deepcopy
    return deepcopy(obj)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, init=True, repr=True,
                   eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True,
                   kw_only=False, slots=False, weakref_slot=False, module=None):
    """A dataclass from a name and a list of names, (name, type) or (name, type, field)."""
    from keyword import iskeyword
    from types import new_class
    annotations = {}
    defaults = {}
    for item in fields:
        if isinstance(item, str):
            name, kind = item, 'typing.Any'
        elif len(item) == 2:
            name, kind = item
        elif len(item) == 3:
            name, kind, defaults[item[0]] = item
        else:
            raise TypeError(f'Invalid field: {item!r}')
        if not isinstance(name, str) or not name.isidentifier():
            raise TypeError(f'Field names must be valid identifiers: {name!r}')
        if iskeyword(name):
            raise TypeError(f'Field names must not be keywords: {name!r}')
        if name in annotations:
            raise TypeError(f'Field name duplicated: {name!r}')
        annotations[name] = kind

    def fill(body):
        body.update(namespace or {})
        body.update(defaults)
        body['__annotations__'] = annotations
    cls = new_class(cls_name, bases, {}, fill)
    cls.__module__ = (calling_module(0) or '__main__') if module is None else module
    return dataclass(cls, init=init, repr=repr, eq=eq, order=order, unsafe_hash=unsafe_hash,
                     frozen=frozen, match_args=match_args, kw_only=kw_only, slots=slots,
                     weakref_slot=weakref_slot)


def replace(obj, /, **changes):
    """A new instance with some fields changed; `__init__` runs as always."""
    if not hasattr(type(obj), '__dataclass_fields__'):
        raise TypeError('replace() should be called on dataclass instances')
    for f in obj.__dataclass_fields__.values():
        if f._field_type is _FIELD_CLASSVAR:
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError(f'field {f.name} is declared with init=False, '
                                 'it cannot be specified with replace()')
        elif f.name not in changes:
            if f._field_type is _FIELD_INITVAR and f.default is MISSING:
                raise ValueError(f'InitVar {f.name!r} must be specified with replace()')
            changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)
