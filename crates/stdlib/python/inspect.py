"""What objects tell about themselves.

Missing: sources, frames and modules' files, and `signature` of built-in functions and classes without a
Python `__init__` or `__new__`; asking for one says so.
"""

import types as _types

__all__ = ['Parameter', 'Signature', 'cleandoc', 'getdoc', 'getmembers', 'getmro', 'isabstract', 'isasyncgenfunction',
           'isawaitable', 'isbuiltin', 'isclass', 'iscoroutine', 'iscoroutinefunction', 'isfunction', 'isgenerator',
           'isgeneratorfunction', 'ismethod', 'ismodule', 'isroutine', 'signature', 'unwrap']


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


class Parameter:
    """One parameter of a signature."""

    empty = _empty
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = map(_ParameterKind, range(5))

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation

    def replace(self, **changes):
        given = {'name': self.name, 'kind': self.kind, 'default': self.default, 'annotation': self.annotation}
        given.update(changes)
        return Parameter(given.pop('name'), given.pop('kind'), **given)

    def __str__(self):
        text = self.name
        if self.annotation is not _empty:
            text += f': {formatannotation(self.annotation)}'
        if self.default is not _empty:
            text += f' = {self.default!r}' if self.annotation is not _empty else f'={self.default!r}'
        return '*' * {2: 1, 4: 2}.get(int(self.kind), 0) + text

    def __repr__(self):
        return f'<Parameter "{self}">'

    def __eq__(self, other):
        if not isinstance(other, Parameter):
            return NotImplemented
        return (self.name, self.kind, self.default, self.annotation) == \
            (other.name, other.kind, other.default, other.annotation)

    def __hash__(self):
        return hash((self.name, self.kind))


def formatannotation(annotation, base_module=None):
    if getattr(annotation, '__module__', None) == 'typing':
        return repr(annotation).replace('typing.', '')
    if isinstance(annotation, type) and not isinstance(annotation, _types.GenericAlias):
        if annotation.__module__ in ('builtins', base_module):
            return annotation.__qualname__
        return annotation.__module__ + '.' + annotation.__qualname__
    return repr(annotation)


class Signature:
    """The parameters of a callable and what it gives."""

    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty):
        self.parameters = {parameter.name: parameter for parameter in parameters or ()}
        self.return_annotation = return_annotation

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
        return f'<Signature {self}>'

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        return list(self.parameters.values()) == list(other.parameters.values()) \
            and self.return_annotation == other.return_annotation

    def __hash__(self):
        return hash(tuple(self.parameters))

    def replace(self, *, parameters=None, return_annotation=None):
        return Signature(self.parameters.values() if parameters is None else parameters,
                         return_annotation=self.return_annotation if return_annotation is None else return_annotation)

    def bind(self, *args, **kwargs):
        raise NotImplementedError('not supported: inspect.Signature.bind')

    bind_partial = bind


def signature(obj, *, follow_wrapped=True, globals=None, locals=None, eval_str=False):
    """The signature of a function, method or class written in Python."""
    if not callable(obj):
        raise TypeError(f'{obj!r} is not a callable object')
    if isinstance(obj, _types.MethodType):
        made = signature(obj.__func__)
        return made.replace(parameters=list(made.parameters.values())[1:])
    if follow_wrapped:
        obj = unwrap(obj)
    if isinstance(getattr(obj, '__signature__', None), Signature):
        return obj.__signature__
    if isinstance(obj, _types.FunctionType):
        return _of_function(obj)
    if isinstance(obj, type):
        if type(obj).__call__ is not type.__call__ or isinstance(obj.__new__, _types.FunctionType) \
                or not isinstance(obj.__init__, _types.FunctionType):
            raise NotImplementedError(f'not supported: inspect.signature of {obj!r}')
        made = _of_function(obj.__init__)
        return Signature(list(made.parameters.values())[1:])
    raise NotImplementedError(f'not supported: inspect.signature of {obj!r}')


def _of_function(function):
    code = function.__code__
    names = code.co_varnames
    positional = names[:code.co_argcount]
    keyword = names[code.co_argcount:code.co_argcount + code.co_kwonlyargcount]
    at = code.co_argcount + code.co_kwonlyargcount
    defaults = function.__defaults__ or ()
    keyword_defaults = function.__kwdefaults__ or {}
    annotations = function.__annotations__
    parameters = []

    def add(name, kind, default=_empty):
        parameters.append(Parameter(name, kind, default=default, annotation=annotations.get(name, _empty)))

    for number, name in enumerate(positional):
        given = number - (len(positional) - len(defaults))
        add(name, Parameter.POSITIONAL_ONLY if number < code.co_posonlyargcount else Parameter.POSITIONAL_OR_KEYWORD,
            defaults[given] if given >= 0 else _empty)
    if code.co_flags & 4:
        add(names[at], Parameter.VAR_POSITIONAL)
        at += 1
    for name in keyword:
        add(name, Parameter.KEYWORD_ONLY, keyword_defaults.get(name, _empty))
    if code.co_flags & 8:
        add(names[at], Parameter.VAR_KEYWORD)
    return Signature(parameters, return_annotation=annotations.get('return', _empty))


def unwrap(func, *, stop=None):
    while hasattr(func, '__wrapped__') and not (stop is not None and stop(func)):
        func = func.__wrapped__
    return func


def isclass(object):
    return isinstance(object, type)


def isfunction(object):
    return isinstance(object, _types.FunctionType)


def ismethod(object):
    return isinstance(object, _types.MethodType)


def ismodule(object):
    return isinstance(object, _types.ModuleType)


def isbuiltin(object):
    return isinstance(object, _types.BuiltinFunctionType)


def isroutine(object):
    return isbuiltin(object) or isfunction(object) or ismethod(object)


def isgenerator(object):
    return isinstance(object, _types.GeneratorType)


def iscoroutine(object):
    return isinstance(object, _types.CoroutineType)


def isawaitable(object):
    return iscoroutine(object) or hasattr(type(object), '__await__')


def _has_flag(function, flag):
    function = getattr(function, '__func__', function)
    return isfunction(function) and bool(function.__code__.co_flags & flag)


def isgeneratorfunction(obj):
    return _has_flag(obj, 0x20)


def iscoroutinefunction(obj):
    return _has_flag(obj, 0x80)


def isasyncgenfunction(obj):
    return _has_flag(obj, 0x200)


def isabstract(object):
    return isinstance(object, type) and bool(getattr(object, '__abstractmethods__', None))


CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS, CO_NESTED, CO_GENERATOR = 1, 2, 4, 8, 16, 32
CO_NOFREE, CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR = 64, 128, 256, 512
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


def isasyncgen(object):
    return isinstance(object, _types.AsyncGeneratorType)


def isframe(object):
    return isinstance(object, _types.FrameType)


def istraceback(object):
    return isinstance(object, _types.TracebackType)


def iscode(object):
    return isinstance(object, _types.CodeType)


def isdatadescriptor(object):
    if isclass(object) or ismethod(object) or isfunction(object):
        return False
    return hasattr(type(object), '__set__') or hasattr(type(object), '__delete__')


def currentframe():
    import _frames
    frames = _frames.live()
    return frames[0] if frames else None


def getattr_static(obj, attr, default=_empty):
    """An attribute, without running what would compute it."""
    kind = obj if isinstance(obj, type) else type(obj)
    if not isinstance(obj, type):
        own = getattr(obj, '__dict__', {})
        on_class = [base.__dict__[attr] for base in kind.__mro__ if attr in base.__dict__]
        if on_class and isdatadescriptor(on_class[0]):
            return on_class[0]
        if attr in own:
            return own[attr]
    for base in kind.__mro__:
        if attr in base.__dict__:
            return base.__dict__[attr]
    if default is not _empty:
        return default
    raise AttributeError(attr)


def getmro(cls):
    return cls.__mro__


def getmembers(object, predicate=None):
    members = []
    for name in dir(object):
        try:
            value = getattr(object, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            members.append((name, value))
    members.sort(key=lambda pair: pair[0])
    return members


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
    return cleandoc(doc) if isinstance(doc, str) else None


def __getattr__(name):
    if name in ('getsource', 'getsourcelines', 'getsourcefile', 'getfile', 'getmodule', 'stack',
                'trace', 'getframeinfo', 'getouterframes', 'getinnerframes', 'getcomments', 'getfullargspec',
                'getcallargs', 'getclosurevars', 'BoundArguments', 'get_annotations',
                'ismethoddescriptor',
                'markcoroutinefunction', 'classify_class_attrs', 'getclasstree', 'isgetsetdescriptor'):
        raise NotImplementedError(f'not supported: inspect.{name}')
    raise AttributeError(f"module 'inspect' has no attribute {name!r}")
