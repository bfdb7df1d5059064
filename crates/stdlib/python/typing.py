"""Names for type hints. At run time they only need to exist, to take parameters,
to print well and to be taken apart again; nothing is checked.

What stands for a class of another module (`Iterable`, `Deque`, `Pattern`) finds
that class when first asked for it, so that this module loads little.
"""

from _emulant import calling_module as _calling_module
import sys
from abc import ABCMeta, abstractmethod

__all__ = ['Annotated', 'Any', 'Callable', 'ClassVar', 'Concatenate', 'Final', 'ForwardRef',
           'Generic', 'Literal', 'Optional', 'ParamSpec', 'Protocol', 'Tuple', 'Type',
           'TypeVar', 'TypeVarTuple', 'Union', 'AbstractSet', 'ByteString', 'Container',
           'ContextManager', 'Hashable', 'ItemsView', 'Iterable', 'Iterator', 'KeysView',
           'Mapping', 'MappingView', 'MutableMapping', 'MutableSequence', 'MutableSet',
           'Sequence', 'Sized', 'ValuesView', 'Awaitable', 'AsyncIterator', 'AsyncIterable',
           'Coroutine', 'Collection', 'AsyncGenerator', 'AsyncContextManager', 'Reversible',
           'SupportsAbs', 'SupportsBytes', 'SupportsComplex', 'SupportsFloat',
           'SupportsIndex', 'SupportsInt', 'SupportsRound', 'ChainMap', 'Counter', 'Deque',
           'Dict', 'DefaultDict', 'List', 'OrderedDict', 'Set', 'FrozenSet', 'NamedTuple',
           'TypedDict', 'Generator', 'BinaryIO', 'IO', 'Match', 'Pattern', 'TextIO', 'AnyStr',
           'assert_type', 'assert_never', 'cast', 'clear_overloads', 'dataclass_transform',
           'final', 'get_args', 'get_origin', 'get_overloads', 'get_type_hints',
           'is_typeddict', 'LiteralString', 'Never', 'NewType', 'no_type_check',
           'no_type_check_decorator', 'NoReturn', 'NotRequired', 'overload', 'override',
           'ParamSpecArgs', 'ParamSpecKwargs', 'Required', 'reveal_type',
           'runtime_checkable', 'Self', 'Text', 'TYPE_CHECKING', 'TypeAlias', 'TypeGuard',
           'TypeAliasType', 'Unpack']

TYPE_CHECKING = False
Text = str

_NoneType = type(None)
_BuiltinAlias = type(list[int])
_BuiltinUnion = type(int | str)
_Function = type(lambda: None)


def _type_repr(obj):
    if isinstance(obj, tuple):
        return f'[{", ".join([_type_repr(item) for item in obj])}]'
    if isinstance(obj, _BuiltinAlias):
        return repr(obj)
    if isinstance(obj, type):
        if obj.__module__ == 'builtins':
            return obj.__qualname__
        return f'{obj.__module__}.{obj.__qualname__}'
    if obj is ...:
        return '...'
    if isinstance(obj, _Function):
        return obj.__name__
    return repr(obj)


def _convert(arg):
    # None and text stand for a type too.
    if arg is None:
        return _NoneType
    return ForwardRef(arg) if isinstance(arg, str) else arg


def _check(arg, message, allow_special=False):
    arg = _convert(arg)
    if isinstance(arg, _GenericAlias) and not allow_special:
        if arg.__origin__ in (Generic, Protocol, ClassVar, Final):
            raise TypeError(f'{arg} is not valid as type argument')
    if arg is Generic or arg is Protocol or isinstance(arg, _SpecialForm) and not (
            arg in (NoReturn, Never, Self, LiteralString, TypeAlias)
            or allow_special and arg in (ClassVar, Final)):
        raise TypeError(f'Plain {arg} is not valid as type argument')
    if type(arg) is tuple:
        raise TypeError(f'{message} Got {arg!r:.100}.')
    return arg


def _parameters(args):
    # The type variables in some arguments, each once, in order.
    found = {}
    for arg in args:
        if isinstance(arg, _Variable):
            found[arg] = None
        elif isinstance(arg, (tuple, list)):
            for parameter in _parameters(arg):
                found[parameter] = None
        elif not isinstance(arg, type):
            for parameter in getattr(arg, '__parameters__', ()):
                found[parameter] = None
    return tuple(found)


def _unique(items):
    found = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


class _Or:
    # What can stand on either side of `|`.
    __slots__ = ()

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


class _Variable(_Or):
    # What all kinds of type variables share.

    def __repr__(self):
        if self.__infer_variance__:
            return self.__name__
        sign = '+' if self.__covariant__ else '-' if self.__contravariant__ else '~'
        return sign + self.__name__

    def __mro_entries__(self, bases):
        raise TypeError(f'Cannot subclass an instance of {type(self).__name__}')

    def __typing_subst__(self, arg):
        # Built-in generics such as `list[T]` ask what may stand for the variable.
        return _check(arg, 'Parameters to generic types must be types.')

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return self.__name__

    def _set_variance(self, name, bound, covariant, contravariant, infer_variance):
        if covariant and contravariant:
            raise ValueError('Bivariant types are not supported.')
        if infer_variance and (covariant or contravariant):
            raise ValueError('Variance cannot be specified with infer_variance.')
        self.__name__ = name
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__infer_variance__ = bool(infer_variance)
        self.__bound__ = None if bound is None else _check(bound, 'Bound must be a type.')
        self.__module__ = _calling_module(0) or '__main__'


class TypeVar(_Variable):
    """A name for a type that the user of a generic chooses."""

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False,
                 infer_variance=False):
        self._set_variance(name, bound, covariant, contravariant, infer_variance)
        if len(constraints) == 1:
            raise TypeError('A single constraint is not allowed')
        if constraints and bound is not None:
            raise TypeError('Constraints cannot be combined with bound=...')
        message = 'TypeVar(name, constraint, ...): constraints must be types.'
        self.__constraints__ = tuple([_check(item, message) for item in constraints])


class ParamSpec(_Variable):
    """A name for the parameters of a callable."""

    def __init__(self, name, *, bound=None, covariant=False, contravariant=False,
                 infer_variance=False):
        self._set_variance(name, bound, covariant, contravariant, infer_variance)

    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)


class ParamSpecArgs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f'{self.__origin__.__name__}.args'

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self.__origin__ == other.__origin__

    def __hash__(self):
        return hash((type(self), self.__origin__))


class ParamSpecKwargs(ParamSpecArgs):
    def __repr__(self):
        return f'{self.__origin__.__name__}.kwargs'


class TypeVarTuple(_Variable):
    """A name for any number of types."""

    def __init__(self, name):
        self.__name__ = name
        self.__module__ = _calling_module(0) or '__main__'

    def __repr__(self):
        return self.__name__

    def __iter__(self):
        yield Unpack[self]


class TypeAliasType(_Or):
    """What a `type` statement makes."""

    def __init__(self, name, value, *, type_params=()):
        self.__name__ = name
        self.__value__ = value
        self.__type_params__ = self.__parameters__ = tuple(type_params)
        self.__module__ = _calling_module(0) or '__main__'

    def __repr__(self):
        return self.__name__

    def __getitem__(self, args):
        if not self.__type_params__:
            raise TypeError('Only generic type aliases are subscriptable')
        return _BuiltinAlias(self, args)


class _SpecialForm(_Or):
    # A name that is not a class: `Any`, `Union`, `Literal`; some take parameters.

    def __init__(self, name, subscript=None):
        self._name = name
        self._subscript = subscript
        self.__doc__ = subscript.__doc__ if subscript is not None else None

    def __getattr__(self, item):
        if item in ('__name__', '__qualname__'):
            return self._name
        raise AttributeError(item)

    def __mro_entries__(self, bases):
        raise TypeError(f'Cannot subclass {self!r}')

    def __repr__(self):
        return f'typing.{self._name}'

    def __reduce__(self):
        return self._name

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __call__(self, *args, **kwds):
        raise TypeError(f'Cannot instantiate {self!r}')

    def __instancecheck__(self, obj):
        raise TypeError(f'{self} cannot be used with isinstance()')

    def __subclasscheck__(self, cls):
        raise TypeError(f'{self} cannot be used with issubclass()')

    def __getitem__(self, parameters):
        if self._subscript is None:
            raise TypeError(f'{self} is not subscriptable')
        return self._subscript(parameters)


class _GenericAlias(_Or):
    """A generic with its parameters, such as `List[int]`."""

    def __init__(self, origin, args, name=None):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)
        self.__parameters__ = _parameters(self.__args__)
        self._name = name
        if name is None:
            self.__module__ = origin.__module__

    def __getattr__(self, attr):
        if attr in ('__origin__', '__args__', '__parameters__'):
            raise AttributeError(attr)
        if attr[:2] == '__' == attr[-2:] and attr not in ('__name__', '__qualname__', '__doc__'):
            raise AttributeError(attr)
        if self._name and attr in ('__name__', '__qualname__'):
            return self._name
        return getattr(self.__origin__, attr)

    def __setattr__(self, attr, value):
        # Attributes of the class can be set through its alias.
        if attr[:2] == '__' == attr[-2:] or attr == '_name':
            object.__setattr__(self, attr, value)
        else:
            setattr(self.__origin__, attr, value)

    def __repr__(self):
        name = f'typing.{self._name}' if self._name else _type_repr(self.__origin__)
        return f'{name}[{self._shown_args()}]'

    def _shown_args(self):
        return ', '.join([_type_repr(arg) for arg in self.__args__]) or '()'

    def __eq__(self, other):
        if not isinstance(other, _GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __call__(self, *args, **kwargs):
        origin = self.__origin__
        if isinstance(origin, _SpecialForm):
            return origin(*args, **kwargs)
        if self._name:
            raise TypeError(f'Type {self._name} cannot be instantiated; '
                            f'use {origin.__name__}() instead')
        made = origin(*args, **kwargs)
        try:
            made.__orig_class__ = self
        except AttributeError:
            pass
        return made

    def __mro_entries__(self, bases):
        origin = self.__origin__
        later = bases[bases.index(self) + 1:]
        if isinstance(origin, _SpecialForm):
            raise TypeError(f'Cannot subclass {self!r}')
        if self._name:
            return _named_mro_entries(origin, bases, later)
        if origin is Generic:
            if Protocol in bases:
                return ()
            if any([isinstance(base, _GenericAlias) for base in later]):
                return ()
        return (origin,)

    def __getitem__(self, args):
        if self.__origin__ in (Generic, Protocol):
            raise TypeError(f'Cannot subscript already-subscripted {self}')
        if not self.__parameters__:
            raise TypeError(f'{self} is not a generic class')
        if not isinstance(args, tuple):
            args = (args,)
        chosen = _match_parameters(self, self.__parameters__, args)
        return self._with_args(_substitute(self.__args__, chosen))

    def _with_args(self, args):
        return type(self)(self.__origin__, args, self._name)

    def __iter__(self):
        yield Unpack[self]

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        raise TypeError('Subscripted generics cannot be used with class and instance checks')


def _named_mro_entries(origin, bases, later):
    entries = [] if origin in bases else [origin]
    if not any([isinstance(base, (_GenericAlias, _SpecialAlias))
                or isinstance(base, type) and issubclass(base, Generic) for base in later]):
        entries.append(Generic)
    return tuple(entries)


def _match_parameters(alias, parameters, args):
    # Which argument each parameter gets; a TypeVarTuple takes what is left over.
    if len(parameters) == 1 and isinstance(parameters[0], ParamSpec):
        if len(args) != 1 or not isinstance(args[0], (list, tuple, ParamSpec, type(...))):
            args = (args,)
    args = [tuple(arg) if isinstance(arg, list) else arg for arg in args]
    many = [place for place, parameter in enumerate(parameters)
            if isinstance(parameter, TypeVarTuple)]
    if many:
        before = many[0]
        after = len(parameters) - before - 1
        if len(args) < before + after:
            raise TypeError(f'Too few arguments for {alias}; actual {len(args)}, '
                            f'expected at least {before + after}')
        middle = len(args) - after
        args = [*args[:before], tuple(args[before:middle]), *args[middle:]]
    elif len(args) != len(parameters):
        raise TypeError(f'Too {"many" if len(args) > len(parameters) else "few"} arguments for '
                        f'{alias}; actual {len(args)}, expected {len(parameters)}')
    message = 'Parameters to generic types must be types.'
    return {parameter: arg if isinstance(arg, tuple) else _check(arg, message)
            for parameter, arg in zip(parameters, args)}


def _substitute(args, chosen):
    result = []
    for arg in args:
        if isinstance(arg, _Variable):
            new = chosen.get(arg, arg)
            if isinstance(arg, ParamSpec) and isinstance(new, tuple):
                result.extend([_convert(item) for item in new])
            else:
                result.append(new)
        elif isinstance(arg, _GenericAlias) and arg.__origin__ is Unpack:
            new = chosen.get(arg.__args__[0], arg)
            if isinstance(new, tuple):
                result.extend([_convert(item) for item in new])
            else:
                result.append(new)
        elif isinstance(arg, tuple):
            result.append(tuple(_substitute(arg, chosen)))
        else:
            inner = () if isinstance(arg, type) else getattr(arg, '__parameters__', ())
            if inner:
                given = []
                for parameter in inner:
                    new = chosen.get(parameter, parameter)
                    if isinstance(parameter, TypeVarTuple) and isinstance(new, tuple):
                        given.extend(new)
                    else:
                        given.append(new)
                arg = arg[tuple(given)]
            result.append(arg)
    return tuple(result)


class _UnionAlias(_GenericAlias):
    def __eq__(self, other):
        if not isinstance(other, (_UnionAlias, _BuiltinUnion)):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and _NoneType in args:
            other = args[1] if args[0] is _NoneType else args[0]
            return f'typing.Optional[{_type_repr(other)}]'
        return f'typing.Union[{", ".join([_type_repr(arg) for arg in args])}]'

    def _with_args(self, args):
        return Union[args]

    def __getattr__(self, attr):
        if attr in ('__name__', '__qualname__'):
            return 'Optional' if len(self.__args__) == 2 and _NoneType in self.__args__ else 'Union'
        return super().__getattr__(attr)

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        for arg in self.__args__:
            if issubclass(cls, arg):
                return True
        return False


class _LiteralAlias(_GenericAlias):
    def _key(self):
        return {(type(value), value) for value in self.__args__}

    def __eq__(self, other):
        if not isinstance(other, _LiteralAlias):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self):
        return hash(frozenset(self._key()))


class _CallableAlias(_GenericAlias):
    def _shown_args(self):
        *args, result = self.__args__
        if len(args) == 1 and (args[0] is ... or isinstance(args[0], ParamSpec)
                               or isinstance(args[0], _GenericAlias)
                               and args[0].__origin__ is Concatenate):
            return f'{_type_repr(args[0])}, {_type_repr(result)}'
        return f'[{", ".join([_type_repr(arg) for arg in args])}], {_type_repr(result)}'


class _AnnotatedAlias(_GenericAlias):
    def __init__(self, origin, metadata):
        if isinstance(origin, _AnnotatedAlias):
            metadata = origin.__metadata__ + metadata
            origin = origin.__origin__
        super().__init__(origin, (origin,), 'Annotated')
        self.__metadata__ = metadata

    def __repr__(self):
        shown = ', '.join([repr(item) for item in self.__metadata__])
        return f'typing.Annotated[{_type_repr(self.__origin__)}, {shown}]'

    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def _with_args(self, args):
        return _AnnotatedAlias(args[0], self.__metadata__)

    def __eq__(self, other):
        if not isinstance(other, _AnnotatedAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__metadata__ == other.__metadata__

    def __hash__(self):
        return hash((self.__origin__, self.__metadata__))


class _UnpackAlias(_GenericAlias):
    def __repr__(self):
        return f'typing.Unpack[{_type_repr(self.__args__[0])}]'


def _special(subscript):
    return _SpecialForm(subscript.__name__, subscript)


class _AnyMeta(type):
    def __instancecheck__(self, obj):
        if self is Any:
            raise TypeError('typing.Any cannot be used with isinstance()')
        return super().__instancecheck__(obj)

    def __repr__(self):
        return 'typing.Any' if self is Any else super().__repr__()

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


class Any(metaclass=_AnyMeta):
    """Any type at all."""

    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError('Any cannot be instantiated')
        return super().__new__(cls)


NoReturn = _SpecialForm('NoReturn')
Never = _SpecialForm('Never')
Self = _SpecialForm('Self')
LiteralString = _SpecialForm('LiteralString')
TypeAlias = _SpecialForm('TypeAlias')


def _one(form, parameters, message, allow_special=False):
    # A form with exactly one parameter.
    return _GenericAlias(form, (_check(parameters, message, allow_special),), form._name)


@_special
def ClassVar(parameters):
    return _one(ClassVar, parameters, 'typing.ClassVar accepts only single type.')


@_special
def Final(parameters):
    return _one(Final, parameters, 'typing.Final accepts only single type.')


@_special
def Required(parameters):
    return _one(Required, parameters, 'typing.Required accepts only a single type.', True)


@_special
def NotRequired(parameters):
    return _one(NotRequired, parameters,
                'typing.NotRequired accepts only a single type.', True)


@_special
def TypeGuard(parameters):
    return _one(TypeGuard, parameters, 'typing.TypeGuard accepts only single type.')


@_special
def Unpack(parameters):
    item = _check(parameters, 'typing.Unpack accepts only single type.')
    return _UnpackAlias(Unpack, (item,), 'Unpack')


@_special
def Concatenate(parameters):
    if parameters == ():
        raise TypeError('Cannot take a Concatenate of no types.')
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    if not (parameters[-1] is ... or isinstance(parameters[-1], ParamSpec)):
        raise TypeError('The last parameter to Concatenate should be a '
                        'ParamSpec variable or ellipsis.')
    message = 'Concatenate[arg, ...]: each arg must be a type.'
    parameters = (*[_check(item, message) for item in parameters[:-1]], parameters[-1])
    return _GenericAlias(Concatenate, parameters, 'Concatenate')


@_special
def Union(parameters):
    if parameters == ():
        raise TypeError('Cannot take a Union of no types.')
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    message = 'Union[arg, ...]: each arg must be a type.'
    flat = []
    for item in [_check(item, message) for item in parameters]:
        if isinstance(item, (_UnionAlias, _BuiltinUnion)):
            flat.extend(item.__args__)
        else:
            flat.append(item)
    flat = _unique(flat)
    if len(flat) == 1:
        return flat[0]
    return _UnionAlias(Union, tuple(flat), 'Union')


@_special
def Optional(parameters):
    return Union[_check(parameters, 'typing.Optional requires a single type.'), None]


@_special
def Literal(parameters):
    if not isinstance(parameters, tuple):
        parameters = (parameters,)
    flat = []
    for item in parameters:
        flat.extend(item.__args__ if isinstance(item, _LiteralAlias) else (item,))
    try:
        # 1 and True are two literals; what has no hash is not compared.
        flat = [value for _, value in dict.fromkeys([(type(value), value) for value in flat])]
    except TypeError:
        pass
    return _LiteralAlias(Literal, tuple(flat), 'Literal')


class Annotated:
    """A type with any further objects that say something about it."""
    __slots__ = ()

    def __new__(cls, *args, **kwargs):
        raise TypeError('Type Annotated cannot be instantiated.')

    def __class_getitem__(cls, parameters):
        if not isinstance(parameters, tuple) or len(parameters) < 2:
            raise TypeError('Annotated[...] should be used with at least two arguments '
                            '(a type and an annotation).')
        origin = _check(parameters[0], 'Annotated[t, ...]: t must be a type.', True)
        return _AnnotatedAlias(origin, tuple(parameters[1:]))

    def __init_subclass__(cls, *args, **kwargs):
        raise TypeError(f'Cannot subclass {cls.__module__}.Annotated')


class ForwardRef(_Or):
    """A type that is given as text."""

    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        if not isinstance(arg, str):
            raise TypeError(f'Forward reference must be a string -- got {arg!r}')
        self.__forward_arg__ = arg
        self.__forward_module__ = module
        self.__forward_is_class__ = is_class
        self.__forward_is_argument__ = is_argument

    def __eq__(self, other):
        if not isinstance(other, ForwardRef):
            return NotImplemented
        return (self.__forward_arg__ == other.__forward_arg__
                and self.__forward_module__ == other.__forward_module__)

    def __hash__(self):
        return hash((self.__forward_arg__, self.__forward_module__))

    def __repr__(self):
        module = self.__forward_module__
        shown = '' if module is None else f', module={module!r}'
        return f'ForwardRef({self.__forward_arg__!r}{shown})'

    def _evaluate(self, global_names, local_names, pending):
        text = self.__forward_arg__
        if text in pending:
            return self
        if global_names is None and local_names is None:
            global_names = local_names = {}
        elif global_names is None:
            global_names = local_names
        elif local_names is None:
            local_names = global_names
        if self.__forward_module__ is not None:
            module = sys.modules.get(self.__forward_module__)
            global_names = getattr(module, '__dict__', global_names)
        found = _check(_Expression(text, global_names, local_names).value(),
                       'Forward references must evaluate to types.', True)
        return _resolve(found, global_names, local_names, pending | {text})


class _Expression:
    # Reads the text of a type: names with dots, subscripts, `|`, literals. Any
    # other expression is left to the built-in `eval`.

    def __init__(self, text, global_names, local_names):
        self.text = text
        self.place = 0
        self.global_names = global_names
        self.local_names = local_names

    def value(self):
        try:
            found = self._union()
            if self._peek():
                raise SyntaxError
        except SyntaxError:
            return eval(self.text, self.global_names, self.local_names)
        return found

    def _peek(self):
        text = self.text
        while self.place < len(text) and text[self.place] in ' \t\n':
            self.place += 1
        return text[self.place:self.place + 1]

    def _take(self, mark):
        if self._peek() != mark:
            return False
        self.place += 1
        return True

    def _expect(self, mark):
        if not self._take(mark):
            raise SyntaxError

    def _union(self):
        found = self._primary()
        while self._take('|'):
            found = found | self._primary()
        return found

    def _primary(self):
        found = self._atom()
        while True:
            if self._take('.'):
                found = getattr(found, self._word())
            elif self._take('['):
                found = found[self._items(']')]
            else:
                return found

    def _items(self, close):
        # What stands between brackets: one value, or a tuple where a comma is.
        items = []
        comma = False
        while not self._take(close):
            items.append(self._union())
            if not self._take(','):
                self._expect(close)
                break
            comma = True
        if not items and close == ']':
            raise SyntaxError
        return tuple(items) if comma or not items else items[0]

    def _list(self):
        items = []
        while not self._take(']'):
            items.append(self._union())
            if not self._take(','):
                self._expect(']')
                break
        return items

    def _word(self):
        self._peek()
        start = self.place
        text = self.text
        while self.place < len(text) and (text[self.place].isalnum() or text[self.place] == '_'):
            self.place += 1
        word = text[start:self.place]
        if not word.isidentifier():
            raise SyntaxError
        return word

    def _atom(self):
        mark = self._peek()
        if self._take('['):
            return self._list()
        if self._take('('):
            return self._items(')')
        if self.text.startswith('...', self.place):
            self.place += 3
            return ...
        if mark and mark in '\'"':
            return self._string(mark)
        if mark and mark in '-0123456789':
            return self._number()
        word = self._word()
        if self._peek() and self._peek() in '\'"':
            raise SyntaxError
        if word in ('None', 'True', 'False'):
            return {'None': None, 'True': True, 'False': False}[word]
        for names in (self.local_names, self.global_names):
            if word in names:
                return names[word]
        import builtins
        try:
            return getattr(builtins, word)
        except AttributeError:
            raise NameError(f'name {word!r} is not defined', name=word) from None

    def _string(self, quote):
        end = self.text.find(quote, self.place + 1)
        value = self.text[self.place + 1:end]
        if end < 0 or '\\' in value or self.text[end + 1:end + 2] == quote:
            raise SyntaxError
        self.place = end + 1
        return value

    def _number(self):
        sign = -1 if self._take('-') else 1
        start = self.place
        while self.text[self.place:self.place + 1].isalnum():
            self.place += 1
        digits = self.text[start:self.place]
        if not digits.isdecimal() or self.text[self.place:self.place + 1] == '.':
            raise SyntaxError
        return sign * int(digits)


def _resolve(kind, global_names, local_names, pending=frozenset()):
    # The same type with all text in it replaced by what it names.
    if isinstance(kind, ForwardRef):
        return kind._evaluate(global_names, local_names, pending)
    if isinstance(kind, (_GenericAlias, _BuiltinAlias, _BuiltinUnion)):
        if isinstance(kind, _LiteralAlias):
            return kind
        args = kind.__args__
        if isinstance(kind, _BuiltinAlias):
            args = tuple([ForwardRef(arg) if isinstance(arg, str) else arg for arg in args])
        new = tuple([_resolve(arg, global_names, local_names, pending) for arg in args])
        if new == kind.__args__:
            return kind
        if isinstance(kind, _BuiltinAlias):
            return _BuiltinAlias(kind.__origin__, new)
        if isinstance(kind, _BuiltinUnion):
            return Union[new]
        return kind._with_args(new)
    return kind


class Generic:
    """The base of classes with type parameters: `class Box(Generic[T])`."""
    __slots__ = ()
    _is_protocol = False

    def __class_getitem__(cls, parameters):
        if not isinstance(parameters, tuple):
            parameters = (parameters,)
        if cls is Generic or cls is Protocol:
            if not parameters:
                raise TypeError(f'Parameter list to {cls.__qualname__}[...] cannot be empty')
            parameters = tuple([_convert(item) for item in parameters])
            for item in parameters:
                if not (isinstance(item, _Variable)
                        or isinstance(item, _GenericAlias) and item.__origin__ is Unpack):
                    raise TypeError(f'Parameters to {cls.__name__}[...] must all be type '
                                    'variables or parameter specification variables.')
            if len(set(parameters)) != len(parameters):
                raise TypeError(f'Parameters to {cls.__name__}[...] must all be unique')
            return _GenericAlias(cls, parameters)
        own = getattr(cls, '__parameters__', ())
        if not own:
            raise TypeError(f'{cls} is not a generic class')
        chosen = _match_parameters(cls, own, parameters)
        args = []
        for parameter in own:
            arg = chosen[parameter]
            if isinstance(parameter, TypeVarTuple) and isinstance(arg, tuple):
                args.extend([_convert(item) for item in arg])
            else:
                args.append(arg)
        return _GenericAlias(cls, tuple(args))

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        bases = cls.__dict__.get('__orig_bases__')
        if bases is None:
            plain = Generic in cls.__bases__ and cls.__name__ != 'Protocol'
        else:
            plain = Generic in bases
        if plain:
            raise TypeError('Cannot inherit from plain Generic')
        if bases is None:
            cls.__parameters__ = tuple(cls.__dict__.get('__parameters__', ()))
            return
        variables = _parameters(bases)
        listed = None
        for base in bases:
            if isinstance(base, _GenericAlias) and base.__origin__ is Generic:
                if listed is not None:
                    raise TypeError('Cannot inherit from Generic[...] multiple times.')
                listed = base.__parameters__
        if listed is not None:
            missing = [str(item) for item in variables if item not in listed]
            if missing:
                shown = ', '.join([str(item) for item in listed])
                raise TypeError(f'Some type variables ({", ".join(missing)}) are '
                                f'not listed in Generic[{shown}]')
            variables = listed
        cls.__parameters__ = tuple(variables)


def _annotations(cls):
    # Those of the class itself. (Where `type` has them, they are a descriptor.)
    found = cls.__dict__.get('__annotations__')
    return found if isinstance(found, dict) else {}


# Names in a protocol's body that are not members of the protocol.
_NOT_MEMBERS = frozenset([
    '__abstractmethods__', '__annotations__', '__dict__', '__doc__', '__init__',
    '__module__', '__new__', '__slots__', '__subclasshook__', '__weakref__',
    '__class_getitem__', '__match_args__', '__parameters__', '__orig_bases__',
    '__orig_class__', '__type_params__', '__firstlineno__', '__static_attributes__',
    '__protocol_attrs__', '__qualname__', '__final__', '_is_protocol',
    '_is_runtime_protocol', '_abc_impl'])


def _protocol_members(cls):
    members = set()
    for base in cls.__mro__[:-1]:
        if base is Protocol or base is Generic:
            continue
        for name in [*base.__dict__, *_annotations(base)]:
            if name not in _NOT_MEMBERS and not name.startswith('_abc_'):
                members.add(name)
    return members


def _find_static(cls, name):
    # What a class has under a name, without running any code of it.
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    raise AttributeError(name)


class _ProtocolMeta(ABCMeta):
    # What abstract classes ask one another: without the checks for programs.
    _abc_subclasscheck = ABCMeta.__subclasscheck__

    def __new__(mcls, name, bases, namespace, /, **kwargs):
        if name == 'Protocol' and bases == (Generic,):
            pass
        elif Protocol in bases:
            for base in bases:
                if not (base in (object, Generic) or base.__module__ in
                        ('collections.abc', 'contextlib')
                        or issubclass(base, Generic) and base._is_protocol):
                    raise TypeError('Protocols can only inherit from other protocols, '
                                    f'got {base!r}')
        return super().__new__(mcls, name, bases, namespace, **kwargs)

    def __subclasscheck__(cls, other):
        if cls is Protocol:
            return type.__subclasscheck__(cls, other)
        if cls._is_protocol:
            if not isinstance(other, type):
                raise TypeError('issubclass() arg 1 must be a class')
            if not cls._is_runtime_protocol:
                raise TypeError('Instance and class checks can only be used with '
                                '@runtime_checkable protocols')
            hook = cls.__dict__.get('__subclasshook__')
            ours = getattr(hook, '__func__', None) is _protocol_hook
            for name in cls.__protocol_attrs__ if ours else ():
                if not callable(getattr(cls, name, None)):
                    raise TypeError(
                        "Protocols with non-method members don't support issubclass()")
        return super().__subclasscheck__(other)

    def __instancecheck__(cls, instance):
        if cls is Protocol:
            return type.__instancecheck__(cls, instance)
        if not cls._is_protocol:
            return super().__instancecheck__(instance)
        if not cls._is_runtime_protocol:
            raise TypeError('Instance and class checks can only be used with '
                            '@runtime_checkable protocols')
        if ABCMeta.__subclasscheck__(cls, type(instance)):
            return True
        own = getattr(instance, '__dict__', {})
        for name in cls.__protocol_attrs__:
            if name in own:
                value = own[name]
            else:
                try:
                    value = _find_static(type(instance), name)
                except AttributeError:
                    return False
            if value is None and callable(getattr(cls, name, None)):
                return False
        return True


def _protocol_hook(cls, other):
    if not cls.__dict__.get('_is_protocol', False):
        return NotImplemented
    for name in cls.__protocol_attrs__:
        for base in other.__mro__:
            if name in base.__dict__:
                if base.__dict__[name] is None:
                    return NotImplemented
                break
            if name in _annotations(base) and issubclass(other, Generic) and other._is_protocol:
                break
        else:
            return NotImplemented
    return True


def _no_init(self, *args, **kwargs):
    # A protocol has no instances; a class that follows one has its own way.
    cls = type(self)
    if cls._is_protocol:
        raise TypeError('Protocols cannot be instantiated')
    if cls.__init__ is not _no_init:
        return
    for base in cls.__mro__:
        init = base.__dict__.get('__init__', _no_init)
        if init is not _no_init:
            init(self, *args, **kwargs)
            return


class Protocol(Generic, metaclass=_ProtocolMeta):
    """The base of protocols: classes that say which members others must have."""
    __slots__ = ()
    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        if not cls.__dict__.get('_is_protocol', False):
            cls._is_protocol = Protocol in cls.__bases__
        if cls._is_protocol:
            cls.__protocol_attrs__ = _protocol_members(cls)
            if '__subclasshook__' not in cls.__dict__:
                cls.__subclasshook__ = classmethod(_protocol_hook)
            if cls.__init__ is Protocol.__init__:
                cls.__init__ = _no_init


def runtime_checkable(cls):
    """Let a protocol be used with isinstance: only the presence of members is checked."""
    if not isinstance(cls, type) or not issubclass(cls, Generic) or not cls._is_protocol:
        raise TypeError('@runtime_checkable can be only applied to protocol classes, '
                        f'got {cls!r}')
    cls._is_runtime_protocol = True
    return cls


def _load(module, name):
    if module == 'builtins':
        import builtins as found
    elif module == 'collections.abc':
        import collections.abc as found
    elif module == 'collections':
        import collections as found
    elif module == 'contextlib':
        import contextlib as found
    else:
        import re as found
    return getattr(found, name)


class _SpecialAlias(_Or):
    # A capital name for a class that takes parameters itself, such as `List`.

    def __init__(self, name, module, origin, count):
        self._name = name
        self._module = module
        self._origin = origin
        self._count = count

    def __getattr__(self, attr):
        if attr == '__origin__':
            found = _load(self._module, self._origin)
            self.__origin__ = found
            return found
        if attr in ('__name__', '__qualname__'):
            return self._name
        if attr == '__parameters__' or attr[:2] == '__' == attr[-2:]:
            raise AttributeError(attr)
        return getattr(self.__origin__, attr)

    def __repr__(self):
        return f'typing.{self._name}'

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __call__(self, *args, **kwargs):
        if self._module == 'collections':
            return self.__origin__(*args, **kwargs)
        raise TypeError(f'Type {self._name} cannot be instantiated; '
                        f'use {self.__origin__.__name__}() instead')

    def __mro_entries__(self, bases):
        return _named_mro_entries(self.__origin__, bases, bases[bases.index(self) + 1:])

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        if isinstance(cls, _SpecialAlias):
            return issubclass(cls.__origin__, self.__origin__)
        return issubclass(cls, self.__origin__)

    def __getitem__(self, parameters):
        if self._name == 'Tuple':
            return self._tuple(parameters)
        if not isinstance(parameters, tuple):
            parameters = (parameters,)
        message = 'Parameters to generic types must be types.'
        parameters = tuple([_check(item, message) for item in parameters])
        if not self._count:
            raise TypeError(f'{self} is not a generic class')
        if len(parameters) != self._count:
            many = len(parameters) > self._count
            raise TypeError(f'Too {"many" if many else "few"} arguments for {self}; '
                            f'actual {len(parameters)}, expected {self._count}')
        return self._alias(parameters)

    def _alias(self, parameters):
        kind = _CollectionAlias if self._module == 'collections' else _GenericAlias
        return kind(self.__origin__, parameters, self._name)

    def _tuple(self, parameters):
        if parameters == ():
            return self._alias(())
        if not isinstance(parameters, tuple):
            parameters = (parameters,)
        if len(parameters) >= 2 and parameters[-1] is ...:
            message = 'Tuple[t, ...]: t must be a type.'
            return self._alias((*[_check(item, message) for item in parameters[:-1]], ...))
        message = 'Tuple[t0, t1, ...]: each t must be a type.'
        return self._alias(tuple([_check(item, message) for item in parameters]))


class _CollectionAlias(_GenericAlias):
    # `Deque[int]()` and the like do make the collection.
    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)


class _CallableForm(_SpecialAlias):
    def __getitem__(self, parameters):
        if not isinstance(parameters, tuple) or len(parameters) != 2:
            raise TypeError('Callable must be used as Callable[[arg, ...], result].')
        args, result = parameters
        result = _check(result, 'Callable[args, result]: result must be a type.')
        if isinstance(args, list):
            args = tuple(args)
        if not isinstance(args, tuple):
            args = (args,)
        else:
            message = 'Callable[[arg, ...], result]: each arg must be a type.'
            args = tuple([_check(item, message) for item in args])
        return _CallableAlias(self.__origin__, (*args, result), 'Callable')


Callable = _CallableForm('Callable', 'collections.abc', 'Callable', 2)
Tuple = _SpecialAlias('Tuple', 'builtins', 'tuple', -1)

for _name, _count in (('list', 1), ('dict', 2), ('type', 1)):
    globals()[_name.title()] = _SpecialAlias(_name.title(), 'builtins', _name, _count)
Set = _SpecialAlias('Set', 'builtins', 'set', 1)
FrozenSet = _SpecialAlias('FrozenSet', 'builtins', 'frozenset', 1)
for _name, _count in (
        ('Hashable', 0), ('Awaitable', 1), ('Coroutine', 3), ('AsyncIterable', 1),
        ('AsyncIterator', 1), ('Iterable', 1), ('Iterator', 1), ('Reversible', 1),
        ('Sized', 0), ('Container', 1), ('Collection', 1), ('MutableSet', 1),
        ('Mapping', 2), ('MutableMapping', 2), ('Sequence', 1), ('MutableSequence', 1),
        ('ByteString', 0), ('MappingView', 1), ('KeysView', 1), ('ItemsView', 2),
        ('ValuesView', 1), ('Generator', 3), ('AsyncGenerator', 2)):
    globals()[_name] = _SpecialAlias(_name, 'collections.abc', _name, _count)
AbstractSet = _SpecialAlias('AbstractSet', 'collections.abc', 'Set', 1)
for _name, _origin, _count in (
        ('Deque', 'deque', 1), ('DefaultDict', 'defaultdict', 2),
        ('OrderedDict', 'OrderedDict', 2), ('Counter', 'Counter', 1),
        ('ChainMap', 'ChainMap', 2)):
    globals()[_name] = _SpecialAlias(_name, 'collections', _origin, _count)
ContextManager = _SpecialAlias('ContextManager', 'contextlib', 'AbstractContextManager', 1)
AsyncContextManager = _SpecialAlias('AsyncContextManager', 'contextlib',
                                    'AbstractAsyncContextManager', 1)
Pattern = _SpecialAlias('Pattern', 're', 'Pattern', 1)
Match = _SpecialAlias('Match', 're', 'Match', 1)
del _name, _origin, _count

T = TypeVar('T')
KT = TypeVar('KT')
VT = TypeVar('VT')
T_co = TypeVar('T_co', covariant=True)
T_contra = TypeVar('T_contra', contravariant=True)
AnyStr = TypeVar('AnyStr', bytes, str)


@runtime_checkable
class SupportsInt(Protocol):
    __slots__ = ()

    @abstractmethod
    def __int__(self) -> int: ...


@runtime_checkable
class SupportsFloat(Protocol):
    __slots__ = ()

    @abstractmethod
    def __float__(self) -> float: ...


@runtime_checkable
class SupportsComplex(Protocol):
    __slots__ = ()

    @abstractmethod
    def __complex__(self) -> complex: ...


@runtime_checkable
class SupportsBytes(Protocol):
    __slots__ = ()

    @abstractmethod
    def __bytes__(self) -> bytes: ...


@runtime_checkable
class SupportsIndex(Protocol):
    __slots__ = ()

    @abstractmethod
    def __index__(self) -> int: ...


@runtime_checkable
class SupportsAbs(Protocol[T_co]):
    __slots__ = ()

    @abstractmethod
    def __abs__(self) -> T_co: ...


@runtime_checkable
class SupportsRound(Protocol[T_co]):
    __slots__ = ()

    @abstractmethod
    def __round__(self, ndigits: int = 0) -> T_co: ...


class IO(Generic[AnyStr]):
    """A file, for hints only."""
    __slots__ = ()


class BinaryIO(IO[bytes]):
    __slots__ = ()


class TextIO(IO[str]):
    __slots__ = ()


class _NamedTupleMeta(type):
    def __new__(cls, name, bases, namespace):
        for base in bases:
            if base is not _NamedTuple and base is not Generic:
                raise TypeError('can only inherit from a NamedTuple type and Generic')
        types = namespace.get('__annotations__', {})
        defaults = []
        for field in types:
            if field in namespace:
                defaults.append(field)
            elif defaults:
                raise TypeError(f'Non-default namedtuple field {field} cannot follow default '
                                f'field{"s" if len(defaults) > 1 else ""} {", ".join(defaults)}')
        made = _make_namedtuple(name, types.items(), [namespace[field] for field in defaults],
                                namespace['__module__'])
        made.__bases__ = tuple([tuple if base is _NamedTuple else base for base in bases])
        return _fill_namedtuple(made, namespace, bases)


# Attributes that a NamedTuple makes itself, and those that its body brings anyway.
_PROHIBITED = frozenset(['__new__', '__init__', '__slots__', '__getnewargs__', '_fields',
                         '_field_defaults', '_field_types', '_make', '_replace', '_asdict',
                         '_source'])
_BROUGHT = frozenset(['__annotations__', '__name__', '__module__', '__qualname__',
                      '__orig_bases__', '__classcell__', '__firstlineno__',
                      '__static_attributes__'])


def _make_namedtuple(name, types, defaults, module):
    from collections import namedtuple
    message = 'field {} annotation must be a type'
    types = {field: _check(kind, message.format(field), True) for field, kind in types}
    made = namedtuple(name, types, defaults=defaults, module=module)
    made.__annotations__ = made.__new__.__annotations__ = types
    return made


def _fill_namedtuple(made, namespace, bases):
    if Generic in bases:
        made.__class_getitem__ = classmethod(Generic.__class_getitem__.__func__)
    for key, value in namespace.items():
        if key in _PROHIBITED:
            raise AttributeError(f'Cannot overwrite NamedTuple attribute {key}')
        if key not in _BROUGHT and key not in made._fields:
            setattr(made, key, value)
            tell = getattr(type(value), '__set_name__', None)
            if tell is not None:
                tell(value, made, key)
        elif key == '__qualname__':
            made.__qualname__ = value
        elif key == '__orig_bases__':
            made.__orig_bases__ = value
    if Generic in bases:
        made.__init_subclass__()
    return made


class _NamedTupleForm:
    # `NamedTuple('P', [('x', int)])`, and the base in `class P(NamedTuple)`.
    __name__ = __qualname__ = 'NamedTuple'

    def __call__(self, typename, fields=None, /, **kwargs):
        if fields is None:
            fields = kwargs.items()
        elif kwargs:
            raise TypeError('Either list of fields or keywords can be provided to NamedTuple, '
                            'not both')
        made = _make_namedtuple(typename, fields, (), _calling_module(0) or '__main__')
        made.__orig_bases__ = (self,)
        return made

    def __mro_entries__(self, bases):
        return (_NamedTuple,)

    def __repr__(self):
        return '<function NamedTuple>'


NamedTuple = _NamedTupleForm()
_NamedTuple = type.__new__(_NamedTupleMeta, 'NamedTuple', (), {})


class _TypedDictMeta(type):
    def __new__(cls, name, bases, namespace, total=True):
        for base in bases:
            if type(base) is not _TypedDictMeta and base is not Generic:
                raise TypeError('cannot inherit from both a TypedDict type and a non-TypedDict '
                                'base class')
        generic = any([issubclass(base, Generic) for base in bases])
        made = type.__new__(cls, name, (Generic, dict) if generic else (dict,), dict(namespace))
        if '__orig_bases__' not in namespace:
            made.__orig_bases__ = bases
        annotations = {}
        required = set()
        optional = set()
        for base in bases:
            annotations.update(_annotations(base))
            base_required = base.__dict__.get('__required_keys__', set())
            base_optional = base.__dict__.get('__optional_keys__', set())
            required = (required | base_required) - base_optional
            optional = (optional - base_required) | base_optional
        message = "TypedDict('Name', {f0: t0, f1: t1, ...}); each t must be a type"
        for key, kind in namespace.get('__annotations__', {}).items():
            kind = _check(kind, message, True)
            if isinstance(kind, ForwardRef):
                kind.__forward_module__ = made.__module__
            annotations[key] = kind
            needed = _requirement(kind)
            needed = total if needed is None else needed
            (required if needed else optional).add(key)
            (optional if needed else required).discard(key)
        made.__annotations__ = annotations
        made.__required_keys__ = frozenset(required)
        made.__optional_keys__ = frozenset(optional)
        made.__total__ = total
        return made

    def __call__(cls, /, *args, **kwargs):
        return dict(*args, **kwargs)

    def __instancecheck__(cls, other):
        raise TypeError('TypedDict does not support instance and class checks')

    __subclasscheck__ = __instancecheck__


def _requirement(kind):
    # True for Required, False for NotRequired, None where neither is said.
    if isinstance(kind, _AnnotatedAlias):
        return _requirement(kind.__origin__)
    if isinstance(kind, _GenericAlias) and kind.__origin__ in (Required, NotRequired):
        return kind.__origin__ is Required
    return None


class _TypedDictForm:
    # `TypedDict('D', {'x': int})`, and the base in `class D(TypedDict)`.
    __name__ = __qualname__ = 'TypedDict'

    def __call__(self, typename, fields=None, /, *, total=True, **kwargs):
        if fields is None:
            fields = kwargs
        elif kwargs:
            raise TypeError('TypedDict takes either a dict or keyword arguments, but not both')
        namespace = {'__annotations__': dict(fields), '__module__': _calling_module(0) or '__main__'}
        made = _TypedDictMeta(typename, (), namespace, total=total)
        made.__orig_bases__ = (self,)
        return made

    def __mro_entries__(self, bases):
        return (_TypedDict,)

    def __repr__(self):
        return '<function TypedDict>'


TypedDict = _TypedDictForm()
_TypedDict = type.__new__(_TypedDictMeta, 'TypedDict', (), {})


def is_typeddict(tp):
    """Whether something is a class made by TypedDict."""
    return isinstance(tp, _TypedDictMeta)


class NewType(_Or):
    """A name that only a type checker tells from the type behind it."""

    def __init__(self, name, tp):
        self.__qualname__ = name
        self.__name__ = name.rpartition('.')[-1]
        self.__supertype__ = tp
        self.__module__ = _calling_module(0) or '__main__'

    def __call__(self, x, /):
        return x

    def __mro_entries__(self, bases):
        name = self.__name__
        raise TypeError('Cannot subclass an instance of NewType. Perhaps you were looking for: '
                        f'`{bases[0].__name__} = NewType({bases[0].__name__!r}, {name})`')

    def __repr__(self):
        return f'{self.__module__}.{self.__qualname__}'


def cast(typ, val):
    """The value itself: only a type checker sees the type."""
    return val


def assert_type(val, typ, /):
    return val


def reveal_type(obj, /):
    print(f'Runtime type is {type(obj).__name__!r}', file=sys.stderr)
    return obj


def assert_never(arg, /):
    shown = repr(arg)
    if len(shown) > 100:
        shown = shown[:100] + '...'
    raise AssertionError(f'Expected code to be unreachable, but got: {shown}')


_overloads = {}


def _no_overload(*args, **kwds):
    raise NotImplementedError(
        'You should not call an overloaded function. A series of @overload-decorated functions '
        'outside a stub module should always be followed by an implementation that is not '
        '@overload-ed.')


def overload(func):
    """Marks one of several signatures of the function that follows."""
    inner = getattr(func, '__func__', func)
    key = getattr(inner, '__module__', None), getattr(inner, '__qualname__', None)
    if None not in key:
        _overloads.setdefault(key, []).append(func)
    return _no_overload


def get_overloads(func):
    inner = getattr(func, '__func__', func)
    return list(_overloads.get((inner.__module__, inner.__qualname__), ()))


def clear_overloads():
    _overloads.clear()


def _mark(name):
    def decorate(obj):
        try:
            setattr(obj, name, True)
        except (AttributeError, TypeError):
            pass
        return obj
    return decorate


final = _mark('__final__')
override = _mark('__override__')
final.__name__ = final.__qualname__ = 'final'
override.__name__ = override.__qualname__ = 'override'


def no_type_check(arg):
    """Say that the annotations of a function or class are not types."""
    if isinstance(arg, type):
        for value in arg.__dict__.values():
            if isinstance(value, _Function):
                value.__no_type_check__ = True
    try:
        arg.__no_type_check__ = True
    except TypeError:
        pass
    return arg


def no_type_check_decorator(decorator):
    def wrapped(*args, **kwds):
        return no_type_check(decorator(*args, **kwds))
    return wrapped


def dataclass_transform(*, eq_default=True, order_default=False, kw_only_default=False,
                        frozen_default=False, field_specifiers=(), **kwargs):
    def decorate(cls_or_fn):
        cls_or_fn.__dataclass_transform__ = {
            'eq_default': eq_default, 'order_default': order_default,
            'kw_only_default': kw_only_default, 'frozen_default': frozen_default,
            'field_specifiers': field_specifiers, 'kwargs': kwargs}
        return cls_or_fn
    return decorate


def get_origin(tp):
    """`list` for `list[int]` and `List[int]`; None where nothing is subscripted."""
    if isinstance(tp, _AnnotatedAlias):
        return Annotated
    if isinstance(tp, (_GenericAlias, _SpecialAlias, _BuiltinAlias, ParamSpecArgs)):
        return tp.__origin__
    if tp is Generic:
        return Generic
    if isinstance(tp, _BuiltinUnion):
        return _BuiltinUnion
    return getattr(tp, '__origin__', None) if _is_abc_callable(tp) else None


def _is_abc_callable(tp):
    # `collections.abc.Callable[[int], str]`, which is no alias of this module.
    return (type(tp).__name__ in ('_CallableAlias', '_CallableGenericAlias')
            and not isinstance(tp, _GenericAlias))


def get_args(tp):
    """The parameters of a subscripted type, as they were written."""
    if isinstance(tp, _AnnotatedAlias):
        return (tp.__origin__,) + tp.__metadata__
    if isinstance(tp, _CallableAlias) or _is_abc_callable(tp):
        *args, result = tp.__args__
        if len(args) == 1 and (args[0] is ... or isinstance(args[0], ParamSpec)
                               or getattr(args[0], '__origin__', None) is Concatenate):
            return (args[0], result)
        return (args, result)
    if isinstance(tp, (_GenericAlias, _BuiltinAlias, _BuiltinUnion)):
        return tp.__args__
    return ()


def _strip(kind):
    # The type without Annotated, Required and NotRequired.
    if isinstance(kind, _AnnotatedAlias):
        return _strip(kind.__origin__)
    if _requirement(kind) is not None:
        return _strip(kind.__args__[0])
    if isinstance(kind, (_GenericAlias, _BuiltinAlias, _BuiltinUnion)):
        args = kind.__args__
        new = tuple([_strip(arg) for arg in args])
        if new == args:
            return kind
        if isinstance(kind, _BuiltinAlias):
            return _BuiltinAlias(kind.__origin__, new)
        if isinstance(kind, _BuiltinUnion):
            return Union[new]
        return kind._with_args(new)
    return kind


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    """The annotations of a class, function or module, with text resolved."""
    if getattr(obj, '__no_type_check__', None):
        return {}
    if isinstance(obj, type):
        hints = {}
        for base in reversed(obj.__mro__):
            if globalns is None:
                global_names = getattr(sys.modules.get(base.__module__), '__dict__', {})
            else:
                global_names = globalns
            local_names = dict(base.__dict__) if localns is None else localns
            if localns is None and globalns is None:
                # Names of the module go before those of the class here.
                global_names, local_names = local_names, global_names
            for name, value in _annotations(base).items():
                hints[name] = _hint(value, global_names, local_names, True)
        return hints if include_extras else {key: _strip(kind) for key, kind in hints.items()}
    if globalns is None:
        if isinstance(obj, type(sys)):
            globalns = obj.__dict__
        else:
            inner = obj
            while hasattr(inner, '__wrapped__'):
                inner = inner.__wrapped__
            globalns = getattr(inner, '__globals__', {})
        if localns is None:
            localns = globalns
    elif localns is None:
        localns = globalns
    annotations = getattr(obj, '__annotations__', None)
    if annotations is None:
        if callable(obj) or isinstance(obj, type(sys)):
            return {}
        raise TypeError(f'{obj!r} is not a module, class, method, or function.')
    hints = {name: _hint(value, globalns, localns, False)
             for name, value in annotations.items()}
    return hints if include_extras else {key: _strip(kind) for key, kind in hints.items()}


def _hint(value, global_names, local_names, is_class):
    if value is None:
        return _NoneType
    if isinstance(value, str):
        value = ForwardRef(value, is_argument=False, is_class=is_class)
    return _resolve(value, global_names, local_names)
