"""What objects tell about themselves.

Missing: sources and modules' files, and `signature` of built-in functions and classes without a
Python `__init__` or `__new__`; asking for one says so.
"""

import sys as _sys
import types as _types

__all__ = ['BoundArguments', 'Parameter', 'Signature', 'cleandoc', 'currentframe', 'get_annotations', 'getcallargs',
           'getcoroutinestate', 'getdoc', 'getfullargspec', 'getgeneratorstate', 'getmembers',
           'getmembers_static', 'getmodule', 'getmro', 'isabstract', 'isasyncgen', 'isasyncgenfunction', 'isawaitable',
           'isbuiltin', 'isclass', 'iscode', 'iscoroutine', 'iscoroutinefunction', 'isdatadescriptor', 'isframe',
           'isfunction', 'isgenerator', 'isgeneratorfunction', 'isgetsetdescriptor', 'ismemberdescriptor', 'ismethod',
           'ismethoddescriptor', 'ismodule', 'isroutine', 'istraceback', 'markcoroutinefunction', 'signature', 'unwrap']


class _empty:
    """Nothing was given."""


_KIND_NAMES = ('POSITIONAL_ONLY', 'POSITIONAL_OR_KEYWORD', 'VAR_POSITIONAL', 'KEYWORD_ONLY', 'VAR_KEYWORD')
_DESCRIPTIONS = ('positional-only', 'positional or keyword', 'variadic positional', 'keyword-only', 'variadic keyword')


class _ParameterKind(int):
    @property
    def name(self):
        return _KIND_NAMES[self]

    @property
    def description(self):
        return _DESCRIPTIONS[self]

    def __str__(self):
        return self.name

    def __repr__(self):
        return f'<_ParameterKind.{self.name}: {int(self)}>'


_KINDS = _POSITIONAL_ONLY, _EITHER, _STAR, _KEYWORD_ONLY, _DOUBLE_STAR = tuple(map(_ParameterKind, range(5)))


class Parameter:
    """One parameter of a signature."""

    empty = _empty
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = _KINDS

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        if kind not in _KINDS:
            raise ValueError(f'value {kind!r} is not a valid Parameter.kind')
        self._kind = kind = _KINDS[kind]
        if default is not _empty and kind in (_STAR, _DOUBLE_STAR):
            raise ValueError(f'{kind.description} parameters cannot have default values')
        if name is _empty:
            raise ValueError('name is a required attribute for Parameter')
        if not isinstance(name, str):
            raise TypeError(f'name must be a str, not a {type(name).__name__}')
        if name[:1] == '.' and name[1:].isdigit():
            # The argument of a comprehension's frame.
            self._kind, name = _POSITIONAL_ONLY, 'implicit' + name[1:]
        import keyword
        if not name.isidentifier() or keyword.iskeyword(name) and kind is not _POSITIONAL_ONLY:
            raise ValueError(f'{name!r} is not a valid parameter name')
        self._name, self._default, self._annotation = name, default, annotation

    name = property(lambda self: self._name)
    kind = property(lambda self: self._kind)
    default = property(lambda self: self._default)
    annotation = property(lambda self: self._annotation)

    def replace(self, **changes):
        given = {'name': self.name, 'kind': self.kind, 'default': self.default, 'annotation': self.annotation}
        for name in changes:
            if name not in given:
                raise TypeError(f"Parameter.replace() got an unexpected keyword argument '{name}'")
        given.update(changes)
        return type(self)(given.pop('name'), given.pop('kind'), **given)

    def __str__(self):
        text = self.name
        if self.annotation is not _empty:
            text += f': {formatannotation(self.annotation)}'
        if self.default is not _empty:
            text += f' = {self.default!r}' if self.annotation is not _empty else f'={self.default!r}'
        return '*' * {2: 1, 4: 2}.get(int(self.kind), 0) + text

    def __repr__(self):
        return f'<{type(self).__name__} "{self}">'

    def __eq__(self, other):
        if not isinstance(other, Parameter):
            return NotImplemented
        return (self.name, self.kind, self.default, self.annotation) == \
            (other.name, other.kind, other.default, other.annotation)

    def __hash__(self):
        return hash((self.name, self.kind, self.annotation, self.default))


def formatannotation(annotation, base_module=None):
    if getattr(annotation, '__module__', None) == 'typing':
        return repr(annotation).replace('typing.', '')
    if isinstance(annotation, _types.GenericAlias):
        return str(annotation)
    if isinstance(annotation, type):
        if annotation.__module__ in ('builtins', base_module):
            return annotation.__qualname__
        return annotation.__module__ + '.' + annotation.__qualname__
    return repr(annotation)


class BoundArguments:
    """The values that a call would give to the parameters of a signature, by name."""

    def __init__(self, signature, arguments):
        self._signature, self.arguments = signature, arguments

    signature = property(lambda self: self._signature)

    def _split(self):
        args, kwargs = [], {}
        by_name = False
        for name, parameter in self._signature.parameters.items():
            if parameter.kind >= _KEYWORD_ONLY:
                by_name = True
            if name not in self.arguments:
                # What follows an argument that is left out can only be named.
                by_name = by_name or parameter.kind is not _STAR
                continue
            value = self.arguments[name]
            if parameter.kind is _DOUBLE_STAR:
                kwargs.update(value)
            elif by_name:
                kwargs[name] = value
            elif parameter.kind is _STAR:
                args.extend(value)
            else:
                args.append(value)
        return tuple(args), kwargs

    args = property(lambda self: self._split()[0])
    kwargs = property(lambda self: self._split()[1])

    def apply_defaults(self):
        usual = {_STAR: (), _DOUBLE_STAR: {}}
        filled = {}
        for name, parameter in self._signature.parameters.items():
            if name in self.arguments:
                filled[name] = self.arguments[name]
            elif parameter.default is not _empty:
                filled[name] = parameter.default
            elif parameter.kind in usual:
                filled[name] = type(usual[parameter.kind])()
        self.arguments = filled

    def __eq__(self, other):
        if not isinstance(other, BoundArguments):
            return NotImplemented
        return self.signature == other.signature and self.arguments == other.arguments

    __hash__ = None

    def __repr__(self):
        parts = [f'{name}={value!r}' for name, value in self.arguments.items()]
        return f'<{type(self).__name__} ({", ".join(parts)})>'


class Signature:
    """The parameters of a callable and what it gives."""

    empty = _empty
    _parameter_cls = Parameter
    _bound_arguments_cls = BoundArguments

    def __init__(self, parameters=None, *, return_annotation=_empty, __validate_parameters__=True):
        from collections import OrderedDict
        named = OrderedDict()
        last, optional = _POSITIONAL_ONLY, False
        for parameter in parameters or ():
            kind, name = parameter.kind, parameter.name
            if kind < last:
                raise ValueError(f'wrong parameter order: {last.description} parameter before {kind.description} parameter')
            last = kind
            if kind <= _EITHER:
                if optional and parameter.default is _empty:
                    raise ValueError('non-default argument follows default argument')
                optional = parameter.default is not _empty
            if name in named:
                raise ValueError(f'duplicate parameter name: {name!r}')
            named[name] = parameter
        self._parameters = _types.MappingProxyType(named)
        self._return_annotation = return_annotation

    parameters = property(lambda self: self._parameters)
    return_annotation = property(lambda self: self._return_annotation)

    @classmethod
    def from_callable(cls, obj, **options):
        return signature(obj, **options)

    def __str__(self):
        parts = []
        slash = star = False
        for parameter in self.parameters.values():
            if slash and parameter.kind != 0:
                parts.append('/')
            slash = parameter.kind == 0
            if parameter.kind == 3 and not star:
                parts.append('*')
            star = star or parameter.kind in (2, 3)
            parts.append(str(parameter))
        if slash:
            parts.append('/')
        text = f"({', '.join(parts)})"
        if self.return_annotation is not _empty:
            text += f' -> {formatannotation(self.return_annotation)}'
        return text

    def __repr__(self):
        return f'<{type(self).__name__} {self}>'

    def _key(self):
        named = {name: one for name, one in self.parameters.items() if one.kind is _KEYWORD_ONLY}
        return [one for one in self.parameters.values() if one.kind is not _KEYWORD_ONLY], named, self.return_annotation

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self):
        ordered, named, returned = self._key()
        return hash((tuple(ordered), frozenset(named.values()), returned))

    def replace(self, *, parameters=_types, return_annotation=_types):
        # The module stands for what is not given: `_empty` can be.
        return type(self)(self.parameters.values() if parameters is _types else parameters,
                          return_annotation=self.return_annotation if return_annotation is _types else return_annotation)

    def bind(self, /, *args, **kwargs):
        return self._bind(args, kwargs, False)

    def bind_partial(self, /, *args, **kwargs):
        return self._bind(args, kwargs, True)

    def _bind(self, args, kwargs, partial):
        arguments, at = {}, 0
        # CPython names the kind of what is missing only right behind the positional arguments.
        behind = list(self.parameters)[len(args):len(args) + 1]
        for name, parameter in self.parameters.items():
            kind = parameter.kind
            if kind >= _KEYWORD_ONLY and at < len(args):
                break
            if kind is _STAR:
                if at < len(args):
                    arguments[name] = args[at:]
                    at = len(args)
            elif kind is _DOUBLE_STAR:
                if kwargs:
                    arguments[name] = kwargs
                    kwargs = {}
            elif kind <= _EITHER and at < len(args):
                if kind is _EITHER and name in kwargs:
                    raise TypeError(f'multiple values for argument {name!r}')
                arguments[name] = args[at]
                at += 1
            elif name in kwargs:
                if kind is _POSITIONAL_ONLY:
                    raise TypeError(f'{name!r} parameter is positional only, but was passed as a keyword')
                arguments[name] = kwargs.pop(name)
            elif parameter.default is _empty and not partial:
                what = 'keyword-only argument' if kind is _KEYWORD_ONLY and name in behind else 'argument'
                raise TypeError(f'missing a required {what}: {name!r}')
        if at < len(args):
            raise TypeError('too many positional arguments')
        if kwargs:
            raise TypeError(f'got an unexpected keyword argument {next(iter(kwargs))!r}')
        return self._bound_arguments_cls(self, arguments)


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    """The signature of a function, method or class written in Python."""
    if not callable(obj):
        raise TypeError(f'{obj!r} is not a callable object')
    again = lambda other: signature(other, follow_wrapped=follow_wrapped, globals=globals, locals=locals, eval_str=eval_str)
    if isinstance(obj, _types.MethodType):
        return _without_first(again(obj.__func__))
    if follow_wrapped:
        obj = unwrap(obj, stop=lambda one: hasattr(one, '__signature__') or isinstance(one, _types.MethodType))
        if isinstance(obj, _types.MethodType):
            return again(obj)
    given = getattr(obj, '__signature__', None)
    if given is not None:
        if not isinstance(given, Signature):
            raise TypeError(f'unexpected object {given!r} in __signature__ attribute')
        return given
    import functools
    method = getattr(obj, '_partialmethod', None)
    if isinstance(method, functools.partialmethod):
        made = again(method.func)
        first, *rest = made.parameters.values()
        return made.replace(parameters=[first, *_given(made.replace(parameters=rest), method).parameters.values()])
    if isinstance(obj, _types.FunctionType):
        return _of_function(obj, globals, locals, eval_str)
    if isinstance(obj, functools.partial):
        return _given(again(obj.func), obj)
    if isinstance(obj, type):
        return _of_class(obj, again)
    call = getattr(type(obj), '__call__', None)
    if isinstance(call, _types.FunctionType):
        return _without_first(again(call))
    raise NotImplementedError(f'not supported: inspect.signature of {obj!r}')


def _of_class(cls, again):
    own = lambda kind, name: next((base.__dict__[name] for base in kind.__mro__ if name in vars(base)), None)
    call = own(type(cls), '__call__')
    if isinstance(call, _types.FunctionType):
        return _without_first(again(call))
    new, init = own(cls, '__new__'), own(cls, '__init__')
    new = getattr(new, '__func__', new)
    for made in (new, init):
        if isinstance(made, _types.FunctionType):
            return _without_first(again(made))
    if new is object.__dict__['__new__'] and init is object.__dict__['__init__']:
        return Signature()
    raise NotImplementedError(f'not supported: inspect.signature of {cls!r}')


def _without_first(made):
    parameters = list(made.parameters.values())
    if not parameters or parameters[0].kind >= _KEYWORD_ONLY:
        raise ValueError('invalid method signature')
    return made if parameters[0].kind is _STAR else made.replace(parameters=parameters[1:])


def _given(made, partial):
    """The signature that is left when a partial object has given some arguments."""
    try:
        bound = made.bind_partial(*partial.args, **partial.keywords)
    except TypeError as error:
        raise ValueError(f'partial object {partial!r} has incorrect arguments') from error
    left, by_name = [], False
    positional = len(partial.args)
    for name, parameter in made.parameters.items():
        if parameter.kind <= _EITHER and positional:
            positional -= 1
            continue
        if name in partial.keywords and parameter.kind in (_EITHER, _KEYWORD_ONLY):
            by_name = by_name or parameter.kind is _EITHER
            parameter = parameter.replace(default=partial.keywords[name])
        if by_name and parameter.kind is _STAR:
            continue
        if by_name and parameter.kind is _EITHER:
            parameter = parameter.replace(kind=_KEYWORD_ONLY)
        left.append(parameter)
    return made.replace(parameters=left)


def _of_function(function, globals=None, locals=None, eval_str=False):
    code = function.__code__
    names = code.co_varnames
    positional = names[:code.co_argcount]
    keyword = names[code.co_argcount:code.co_argcount + code.co_kwonlyargcount]
    at = code.co_argcount + code.co_kwonlyargcount
    defaults = function.__defaults__ or ()
    keyword_defaults = function.__kwdefaults__ or {}
    annotations = get_annotations(function, globals=globals, locals=locals, eval_str=eval_str)
    parameters = []

    def add(name, kind, default=_empty):
        parameters.append(Parameter(name, kind, default=default, annotation=annotations.get(name, _empty)))

    for number, name in enumerate(positional):
        given = number - (len(positional) - len(defaults))
        add(name, _POSITIONAL_ONLY if number < code.co_posonlyargcount else _EITHER, defaults[given] if given >= 0 else _empty)
    if code.co_flags & CO_VARARGS:
        add(names[at], _STAR)
        at += 1
    for name in keyword:
        add(name, _KEYWORD_ONLY, keyword_defaults.get(name, _empty))
    if code.co_flags & CO_VARKEYWORDS:
        add(names[at], _DOUBLE_STAR)
    return Signature(parameters, return_annotation=annotations.get('return', _empty))


def unwrap(func, *, stop=None):
    first, seen = func, {id(func)}
    while hasattr(func, '__wrapped__') and not (stop is not None and stop(func)):
        func = func.__wrapped__
        if id(func) in seen:
            raise ValueError(f'wrapper loop when unwrapping {first!r}')
        seen.add(id(func))
    return func


def get_annotations(obj, *, globals=None, locals=None, eval_str=False):
    """A copy of the annotations of a class, module or callable; with `eval_str`, those that are texts are evaluated."""
    if isinstance(obj, type):
        found = obj.__dict__.get('__annotations__')
        module = _sys.modules.get(getattr(obj, '__module__', None))
        scopes = getattr(module, '__dict__', None), dict(vars(obj))
    elif isinstance(obj, _types.ModuleType):
        found, scopes = getattr(obj, '__annotations__', None), (obj.__dict__, None)
    elif callable(obj):
        found = getattr(obj, '__annotations__', None)
        scopes = getattr(unwrap(obj), '__globals__', None), None
    else:
        raise TypeError(f'{obj!r} is not a module, class, or callable.')
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ValueError(f'{obj!r}.__annotations__ is neither a dict nor None')
    if not eval_str:
        return dict(found)
    globals = scopes[0] if globals is None else globals
    locals = scopes[1] if locals is None else locals
    return {name: eval(value, globals, locals) if isinstance(value, str) else value for name, value in found.items()}


class FullArgSpec(tuple):
    """What `getfullargspec` gives."""

    _fields = __match_args__ = ('args', 'varargs', 'varkw', 'defaults', 'kwonlyargs', 'kwonlydefaults', 'annotations')
    args, varargs, varkw, defaults, kwonlyargs, kwonlydefaults, annotations = [
        property(lambda self, place=place: self[place]) for place in range(7)]

    def __new__(cls, *values):
        return super().__new__(cls, values)

    def __repr__(self):
        return f'FullArgSpec({", ".join([f"{name}={value!r}" for name, value in zip(self._fields, self)])})'


def getfullargspec(func):
    """The parameters of a function in the older form, with the first one of a bound method."""
    try:
        made = signature(getattr(func, '__func__', func), follow_wrapped=False)
    except Exception as error:
        raise TypeError('unsupported callable') from error
    args, defaults, kwonly, star, double_star = [], [], [], None, None
    annotations, kwdefaults = {}, {}
    if made.return_annotation is not _empty:
        annotations['return'] = made.return_annotation
    for name, parameter in made.parameters.items():
        if parameter.kind <= _EITHER:
            args.append(name)
            if parameter.default is not _empty:
                defaults.append(parameter.default)
        elif parameter.kind is _STAR:
            star = name
        elif parameter.kind is _KEYWORD_ONLY:
            kwonly.append(name)
            if parameter.default is not _empty:
                kwdefaults[name] = parameter.default
        else:
            double_star = name
        if parameter.annotation is not _empty:
            annotations[name] = parameter.annotation
    return FullArgSpec(args, star, double_star, tuple(defaults) or None, kwonly, kwdefaults or None, annotations)


def getcallargs(func, /, *args, **kwargs):
    """What each parameter gets in this call."""
    if isinstance(func, _types.MethodType):
        func, args = func.__func__, (func.__self__, *args)
    made = _of_function(func)
    bound = made.bind(*args, **kwargs)
    bound.apply_defaults()
    # What was given by position comes first, what was named or left out last.
    names = list(made.parameters)
    kinds = {name: made.parameters[name].kind for name in names}
    first = [name for name in names[:len(args)] if kinds[name] <= _EITHER]
    gathered = [name for name in names if kinds[name] in (_STAR, _DOUBLE_STAR)]
    return {name: bound.arguments[name] for name in dict.fromkeys(first + gathered + names)}


def _of_type(name, kind):
    """Is an object an instance of one type of the machine?"""
    def check(object):
        return isinstance(object, kind)
    check.__name__ = check.__qualname__ = name
    return check


isclass = _of_type('isclass', type)
isfunction = _of_type('isfunction', _types.FunctionType)
ismethod = _of_type('ismethod', _types.MethodType)
ismodule = _of_type('ismodule', _types.ModuleType)
isbuiltin = _of_type('isbuiltin', _types.BuiltinFunctionType)
isgenerator = _of_type('isgenerator', _types.GeneratorType)
iscoroutine = _of_type('iscoroutine', _types.CoroutineType)
isasyncgen = _of_type('isasyncgen', _types.AsyncGeneratorType)
isframe = _of_type('isframe', _types.FrameType)
istraceback = _of_type('istraceback', _types.TracebackType)
iscode = _of_type('iscode', _types.CodeType)
ismemberdescriptor = _of_type('ismemberdescriptor', _types.MemberDescriptorType)
isgetsetdescriptor = _of_type('isgetsetdescriptor', getattr(_types, 'GetSetDescriptorType', ()))


def ismethoddescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    return hasattr(type(object), '__get__') and not hasattr(type(object), '__set__') \
        or isinstance(object, _types.MethodDescriptorType)


def isdatadescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    return hasattr(type(object), '__set__') or hasattr(type(object), '__delete__')


def isroutine(object):
    return isbuiltin(object) or isfunction(object) or ismethod(object) or ismethoddescriptor(object)


def isawaitable(object):
    return iscoroutine(object) or hasattr(type(object), '__await__')


def isabstract(object):
    return isinstance(object, type) and bool(getattr(object, '__abstractmethods__', None))


CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS, CO_NESTED, CO_GENERATOR = 1, 2, 4, 8, 16, 32
CO_NOFREE, CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR = 64, 128, 256, 512


def _has_flag(function, flag):
    import functools
    while isinstance(function, (_types.MethodType, functools.partial)):
        function = function.func if isinstance(function, functools.partial) else function.__func__
    return isfunction(function) and bool(function.__code__.co_flags & flag)


def isgeneratorfunction(obj):
    return _has_flag(obj, CO_GENERATOR)


def iscoroutinefunction(obj):
    return _has_flag(obj, CO_COROUTINE) or getattr(getattr(obj, '__func__', obj), '_is_coroutine_mark', None) is _marked


def isasyncgenfunction(obj):
    return _has_flag(obj, CO_ASYNC_GENERATOR)


_marked = object()


def markcoroutinefunction(func):
    """From now on `iscoroutinefunction` is true for it."""
    getattr(func, '__func__', func)._is_coroutine_mark = _marked
    return func


GEN_CREATED, GEN_RUNNING, GEN_SUSPENDED, GEN_CLOSED = 'GEN_CREATED', 'GEN_RUNNING', 'GEN_SUSPENDED', 'GEN_CLOSED'
CORO_CREATED, CORO_RUNNING, CORO_SUSPENDED, CORO_CLOSED = 'CORO_CREATED', 'CORO_RUNNING', 'CORO_SUSPENDED', 'CORO_CLOSED'
AGEN_CREATED, AGEN_RUNNING, AGEN_SUSPENDED, AGEN_CLOSED = 'AGEN_CREATED', 'AGEN_RUNNING', 'AGEN_SUSPENDED', 'AGEN_CLOSED'


def _state_of(prefix, running, suspended, frame):
    if running:
        return prefix + '_RUNNING'
    if suspended:
        return prefix + '_SUSPENDED'
    return prefix + ('_CLOSED' if frame is None else '_CREATED')


def getgeneratorstate(generator):
    return _state_of('GEN', generator.gi_running, generator.gi_suspended, generator.gi_frame)


def getcoroutinestate(coroutine):
    return _state_of('CORO', coroutine.cr_running, coroutine.cr_suspended, coroutine.cr_frame)


def getasyncgenstate(agen):
    return _state_of('AGEN', agen.ag_running, agen.ag_suspended, agen.ag_frame)


def currentframe():
    import _frames
    frames = _frames.live()
    return frames[0] if frames else None


def getmodule(object, _filename=None):
    if ismodule(object):
        return object
    return _sys.modules.get(getattr(object, '__module__', None))


def getmro(cls):
    return cls.__mro__


def getmembers(object, predicate=None):
    return _members(object, predicate, getattr)


def getmembers_static(object, predicate=None):
    return _members(object, predicate, getattr_static)


def _members(object, predicate, read):
    members = []
    for name in dir(object):
        try:
            value = read(object, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            members.append((name, value))
    members.sort(key=lambda pair: pair[0])
    return members


def getattr_static(obj, attr, default=_types):
    """An attribute as it is stored: nothing of the program is called."""
    own = {}
    if isinstance(obj, type):
        places = [*obj.__mro__, *type(obj).__mro__]
    else:
        places = type(obj).__mro__
        try:
            own = object.__getattribute__(obj, '__dict__')
        except AttributeError:
            pass
    on_class = next((vars(place)[attr] for place in places if attr in vars(place)), _types)
    if attr in own and not (on_class is not _types and isdatadescriptor(on_class)):
        return own[attr]
    if on_class is not _types:
        return on_class
    if default is not _types:
        return default
    raise AttributeError(attr)


def cleandoc(doc):
    """A documentation text without the blanks of its indentation."""
    lines = doc.expandtabs().split('\n')
    margins = [len(line) - len(line.lstrip(' ')) for line in lines[1:] if line.lstrip(' ')]
    margin = min(margins, default=0)
    lines = [lines[0].lstrip(' ')] + [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return '\n'.join(lines)


def getdoc(object):
    doc = getattr(object, '__doc__', None)
    if doc is None:
        # A method without a text of its own has that of the one it replaces.
        cls = object if isclass(object) else getattr(object, '__objclass__', None)
        name = getattr(object, '__name__', None)
        if ismethod(object):
            cls = object.__self__ if isclass(object.__self__) else type(object.__self__)
        elif isfunction(object):
            cls = _class_of(object)
        order = getattr(cls, '__mro__', ())
        found = order[:-1] if isclass(object) else [vars(base).get(name) for base in order]
        doc = next((one.__doc__ for one in found if getattr(one, '__doc__', None) is not None), None)
    return cleandoc(doc) if isinstance(doc, str) else None


def _class_of(function):
    found = _sys.modules.get(function.__module__)
    for name in function.__qualname__.split('.')[:-1]:
        found = getattr(found, name, None)
    return found if isclass(found) else None


def __getattr__(name):
    if name in ('getsource', 'getsourcelines', 'getsourcefile', 'getfile', 'stack', 'trace', 'getframeinfo',
                'getouterframes', 'getinnerframes', 'getcomments', 'getclosurevars', 'classify_class_attrs', 'getclasstree'):
        raise NotImplementedError(f'not supported: inspect.{name}')
    raise AttributeError(f"module 'inspect' has no attribute {name!r}")
