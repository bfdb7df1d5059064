"""What stands for a name that is missing: a value that absorbs whatever is done to it.

With `--holes partial` a missing import, name or attribute is an `Opaque`. Nothing is
asked when it is made, passed on, called or taken apart; only what needs a real value
(a branch, a comparison, a number, a text, a length) forces it. Then a model is asked,
under the type that the forcing operation wants, with the path by which the value was
reached. The setting `partial` may say what a forced value is without asking.
"""

import _emulant

# A place that asks for a truth again and again is in a loop that nothing else will end.
_ROUNDS_MAX = 20
_PATH_MAX = 160

_ATTRIBUTES = ('__name__', '__doc__', '__module__', '__qualname__', '__file__', '__version__', '__dict__')


class _State:
    flip = None
    rounds = {}
    asked = 0


def _default_truth():
    # 'true' says yes each time; 'even' and 'odd' alternate, starting with no and with yes.
    mode = _emulant.setting('partial')
    if mode in ('true', 'ask', ''):
        return True
    if _State.flip is None:
        _State.flip = mode == 'odd'
    else:
        _State.flip = not _State.flip
    return _State.flip


def _asks():
    # Beyond so many asks as the host grants, a forced value is what it is without a model.
    if _emulant.setting('partial') not in ('', 'ask'):
        return False
    granted = _emulant.setting('partial_asks')
    return not granted or _State.asked < int(granted)


def _ask(path, shape, question):
    _State.asked += 1
    return _emulant.emulate('opaque', path, '', question, {}, shape, [], '')


def _forced(value, kind, shape, question, default):
    known = object.__getattribute__(value, '_known')
    if kind in known:
        return known[kind]
    if _asks():
        made = _ask(value._path, shape, question)
    else:
        made = default
    known[kind] = made
    return made


def _truth(value):
    path = object.__getattribute__(value, '_path')
    rounds = _State.rounds.get(path, 0) + 1
    _State.rounds[path] = rounds
    if rounds > _ROUNDS_MAX:
        return False
    if not _asks():
        return _default_truth()
    return _forced(value, 'truth', '{"type": "bool"}', f'Is {path} true?', True)


def _shown(value):
    if type(value) is Opaque:
        return object.__getattribute__(value, '_path')
    if value is None or type(value) in (int, float, bool):
        return repr(value)
    if type(value) is str:
        return repr(value if len(value) <= 30 else value[:30] + '...')
    return '...'


def _cut(path):
    return path if len(path) <= _PATH_MAX else path[:_PATH_MAX // 2] + '...' + path[-_PATH_MAX // 2:]


def _compared(value, other, sign):
    path = _cut(f'{_shown(value)} {sign} {_shown(other)}')
    rounds = _State.rounds.get(path, 0) + 1
    _State.rounds[path] = rounds
    if rounds > _ROUNDS_MAX:
        return False
    if _asks():
        return _ask(path, '{"type": "bool"}', f'Is {path} true?')
    mode = _emulant.setting('partial')
    if sign == '==':
        return mode == 'true' or value is other
    return True


class Opaque:
    """A value of which only its path is known."""

    def __init__(self, path='value', *rest, **named):
        set_own = object.__setattr__
        set_own(self, '_path', path if type(path) is str else 'value')
        set_own(self, '_parts', {})
        set_own(self, '_known', {})

    def __getattr__(self, name):
        if name.startswith('__') and name.endswith('__') and name not in _ATTRIBUTES:
            raise AttributeError(name)
        parts = object.__getattribute__(self, '_parts')
        if name not in parts:
            parts[name] = Opaque(_cut(f'{self._path}.{name}'))
        return parts[name]

    def __setattr__(self, name, value):
        object.__getattribute__(self, '_parts')[name] = value

    def __delattr__(self, name):
        object.__getattribute__(self, '_parts').pop(name, None)

    def __call__(self, *args, **kwargs):
        shown = [_shown(value) for value in args] + [f'{name}={_shown(value)}' for name, value in kwargs.items()]
        return Opaque(_cut(f'{self._path}({", ".join(shown)})'))

    def __getitem__(self, key):
        return Opaque(_cut(f'{self._path}[{_shown(key)}]'))

    def __setitem__(self, key, value):
        pass

    def __delitem__(self, key):
        pass

    def __iter__(self):
        return iter([Opaque(_cut(f'{self._path}[0]'))])

    __reversed__ = __iter__

    def __next__(self):
        rounds = _State.rounds.get(self._path, 0) + 1
        _State.rounds[self._path] = rounds
        if rounds > _ROUNDS_MAX:
            raise StopIteration
        return Opaque(_cut(f'next({self._path})'))

    def __aiter__(self):
        return _Once(_cut(f'{self._path}[0]'))

    def __await__(self):
        return self
        yield

    def __len__(self):
        return _forced(self, 'length', '{"type": "int", "min": 0, "max": 1000}', f'What is len({self._path})?', 1)

    def __bool__(self):
        return _truth(self)

    def __contains__(self, key):
        if not _asks():
            return True
        return _ask(_cut(f'{_shown(key)} in {self._path}'), '{"type": "bool"}', f'Is {_shown(key)} in {self._path}?')

    def __eq__(self, other):
        return _compared(self, other, '==')

    def __ne__(self, other):
        return not _compared(self, other, '==') if _asks() else True

    def __lt__(self, other):
        return _compared(self, other, '<')

    def __le__(self, other):
        return _compared(self, other, '<=')

    def __gt__(self, other):
        return _compared(self, other, '>')

    def __ge__(self, other):
        return _compared(self, other, '>=')

    def __hash__(self):
        return object.__hash__(self)

    def __index__(self):
        return _forced(self, 'integer', '{"type": "int", "min": -1000000, "max": 1000000}', f'Which integer is {self._path}?', 1)

    __int__ = __index__

    def __float__(self):
        return float(_forced(self, 'number', '{"type": "float"}', f'Which number is {self._path}?', 1.0))

    def __complex__(self):
        return 1j

    def __str__(self):
        return _forced(self, 'text', '{"type": "str", "max": 80}', f'Which text is {self._path}?', 'x')

    def __repr__(self):
        return f'<opaque {self._path}>' if _asks() else 'x'

    def __fspath__(self):
        return str(self)

    def __format__(self, spec):
        return str(self)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        return False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *failure):
        return False

    def __instancecheck__(self, value):
        return True

    def __subclasscheck__(self, value):
        return True

    def __mro_entries__(self, bases):
        return ()

    def __divmod__(self, other):
        return Opaque(_cut(f'{self._path} // {_shown(other)}')), Opaque(_cut(f'{self._path} % {_shown(other)}'))

    def keys(self):
        return ['x']


class _Once:
    # One item, for `async for`.

    def __init__(self, path):
        self.path = path

    async def __anext__(self):
        path, self.path = self.path, None
        if path is None:
            raise StopAsyncIteration
        return Opaque(path)


def _operator(sign):
    def operate(self, *other):
        return Opaque(_cut(f'{self._path} {sign} {_shown(other[0]) if other else ""}'))
    return operate


for _name, _sign in (('add', '+'), ('sub', '-'), ('mul', '*'), ('truediv', '/'), ('floordiv', '//'), ('mod', '%'), ('pow', '**'),
                     ('matmul', '@'), ('lshift', '<<'), ('rshift', '>>'), ('and', '&'), ('or', '|'), ('xor', '^')):
    for _side in ('', 'r', 'i'):
        setattr(Opaque, f'__{_side}{_name}__', _operator(_sign))
for _name in ('neg', 'pos', 'abs', 'invert', 'round', 'trunc', 'floor', 'ceil'):
    setattr(Opaque, f'__{_name}__', _operator(_name))


class OpaqueError(Exception):
    """What an opaque exception is when it is raised or caught."""


# ---- what the compiler calls, by way of the hidden module

def name(text):
    """A name that is bound nowhere: one value for the whole run."""
    names = _State.__dict__.get('names')
    if names is None:
        names = _State.names = {}
    if text not in names:
        names[text] = Opaque(text)
    return names[text]


def module(text, last):
    """`import a.b`: the module, or what stands for it."""
    try:
        made = __import__(text)
        for part in text.split('.')[1:] if last else ():
            made = getattr(made, part)
        return made
    except (ImportError, AttributeError):
        return name(text if last else text.split('.')[0])


def member(text, level, attribute):
    """`from a import b`: the attribute, or what stands for it."""
    if level == 0 and text:
        try:
            made = __import__(text)
            for part in text.split('.')[1:]:
                made = getattr(made, part)
            try:
                return getattr(made, attribute)
            except AttributeError:
                return module(f'{text}.{attribute}', True)
        except (ImportError, AttributeError):
            pass
    return name(attribute)


def star(text, names):
    """`from a import *`: what there is."""
    try:
        made = __import__(text)
        for part in text.split('.')[1:]:
            made = getattr(made, part)
    except (ImportError, AttributeError):
        return
    wanted = getattr(made, '__all__', None) or [key for key in vars(made) if not key.startswith('_')]
    for key in wanted:
        names[key] = getattr(made, key)


def unpacked(value, parts):
    """The value of `a, b = value`."""
    return [value[index] for index in range(parts)] if type(value) is Opaque else value


def items(value, parts):
    """The value of `for a, b in value`."""
    return [[Opaque(_cut(f'{value._path}[0][{index}]')) for index in range(parts)]] if type(value) is Opaque else value


def raised(value):
    """The value of `raise value`."""
    return OpaqueError(_shown(value)) if type(value) is Opaque else value


def caught(value):
    """The value of `except value`."""
    if type(value) is Opaque:
        return OpaqueError
    if type(value) is tuple:
        return tuple([caught(one) for one in value])
    return value
