"""Variables whose values belong to a context. Missing: a context of its own for each task of `asyncio`."""

__all__ = ['Context', 'ContextVar', 'Token', 'copy_context']

_missing = object()


class Token:
    """What gives a variable its former value back."""

    MISSING = type('', (), {'__repr__': lambda self: '<Token.MISSING>'})()

    def __init__(self, *arguments):
        raise RuntimeError('Tokens can only be created by ContextVars')

    @property
    def var(self):
        return self._var

    @property
    def old_value(self):
        return self._old

    def __repr__(self):
        used = ' used' if self._used else ''
        return f'<Token{used} var={self._var!r} at {id(self):#x}>'

    __class_getitem__ = classmethod(lambda cls, item: cls)
    __hash__ = object.__hash__


class ContextVar:
    def __init__(self, name, /, *, default=_missing):
        if not isinstance(name, str):
            raise TypeError('context variable name must be a str')
        self._name = name
        self._default = default

    @property
    def name(self):
        return self._name

    def get(self, default=_missing, /):
        value = _stack[-1]._values.get(self, _missing)
        for choice in (value, default, self._default):
            if choice is not _missing:
                return choice
        raise LookupError(self)

    def set(self, value, /):
        values = _stack[-1]._values
        token = object.__new__(Token)
        token._var = self
        token._old = values.get(self, Token.MISSING)
        token._context = _stack[-1]
        token._used = False
        values[self] = value
        return token

    def reset(self, token, /):
        if not isinstance(token, Token):
            raise TypeError(f'expected an instance of Token, got {token!r}')
        if token._used:
            raise RuntimeError(f'{token!r} has already been used once')
        if token._var is not self:
            raise ValueError(f'{token!r} was created by a different ContextVar')
        if token._context is not _stack[-1]:
            raise ValueError(f'{token!r} was created in a different Context')
        token._used = True
        if token._old is Token.MISSING:
            del token._context._values[self]
        else:
            token._context._values[self] = token._old

    def __repr__(self):
        default = '' if self._default is _missing else f' default={self._default!r}'
        return f'<ContextVar name={self._name!r}{default} at {id(self):#x}>'

    __class_getitem__ = classmethod(lambda cls, item: cls)
    __hash__ = object.__hash__


class Context:
    """Variables and their values; a mapping."""

    def __init__(self):
        self._values = {}
        self._entered = False

    def run(self, callable, /, *args, **kwargs):
        if self._entered:
            raise RuntimeError(f'cannot enter context: {self!r} is already entered')
        self._entered = True
        _stack.append(self)
        try:
            return callable(*args, **kwargs)
        finally:
            _stack.pop()
            self._entered = False

    def copy(self):
        made = Context()
        made._values = dict(self._values)
        return made

    def __getitem__(self, var):
        return self._values[_variable(var)]

    def __contains__(self, var):
        return _variable(var) in self._values

    def get(self, var, default=None, /):
        return self._values.get(_variable(var), default)

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __eq__(self, other):
        return self._values == other._values if isinstance(other, Context) else NotImplemented

    __hash__ = None

    def keys(self):
        return self._values.keys()

    def values(self):
        return self._values.values()

    def items(self):
        return self._values.items()


def _variable(var):
    if not isinstance(var, ContextVar):
        raise TypeError(f"a ContextVar key was expected, got {var!r}")
    return var


_stack = [Context()]


def copy_context():
    return _stack[-1].copy()
