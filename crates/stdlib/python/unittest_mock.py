"""Stand-ins for tests: objects that record how they are used and return what
they are told, and patches that put them in place of something for a while.

The signatures of what is replaced are not checked: `create_autospec` and
`autospec` are refused.
"""

import sys
from unittest import safe_repr

__all__ = ['Mock', 'MagicMock', 'patch', 'sentinel', 'DEFAULT', 'ANY', 'call',
           'create_autospec', 'AsyncMock', 'FILTER_DIR', 'NonCallableMock',
           'NonCallableMagicMock', 'mock_open', 'PropertyMock', 'seal']

FILTER_DIR = True


class InvalidSpecError(Exception):
    """Raised when a mock is used as a spec."""


class _SentinelObject:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f'sentinel.{self.name}'

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


class _Sentinel:
    def __init__(self):
        self._sentinels = {}

    def __getattr__(self, name):
        if name == '__bases__':
            raise AttributeError
        if name not in self._sentinels:
            self._sentinels[name] = _SentinelObject(name)
        return self._sentinels[name]


sentinel = _Sentinel()
DEFAULT = sentinel.DEFAULT


class _Any:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __repr__(self):
        return '<ANY>'


ANY = _Any()


def _call_text(name, args, kwargs):
    parts = [repr(arg) for arg in args]
    parts += [f'{key}={value!r}' for key, value in kwargs.items()]
    return f'{name}({", ".join(parts)})'


class _Call(tuple):
    # A recorded call: (name, args, kwargs), or (args, kwargs) for `call_args`.

    def __new__(cls, value=(), name='', parent=None, two=False):
        args = ()
        kwargs = {}
        for item in value:
            # A shorter tuple leaves out what is empty.
            if isinstance(item, str):
                name = item
            elif isinstance(item, tuple):
                args = item
            else:
                kwargs = item
        if two:
            return tuple.__new__(cls, (args, kwargs))
        return tuple.__new__(cls, (name, args, kwargs))

    def __init__(self, value=(), name=None, parent=None, two=False):
        self._mock_name = name
        self._mock_parent = parent

    def _parts(self):
        return self if len(self) == 3 else ('', *self)

    def __eq__(self, other):
        try:
            if not 0 <= len(other) <= 3:
                return NotImplemented if not isinstance(other, tuple) else False
        except TypeError:
            return NotImplemented
        mine = self._parts()
        theirs = _Call(other)._parts()
        parent = getattr(other, '_mock_parent', None)
        if self._mock_parent and parent and self._mock_parent != parent:
            return False
        if mine[0] and theirs[0] != mine[0]:
            return False
        return (theirs[1], theirs[2]) == (mine[1], mine[2])

    def __ne__(self, other):
        result = self.__eq__(other)
        return result if result is NotImplemented else not result

    def __hash__(self):
        return hash(self._parts()[:2])

    def __call__(self, /, *args, **kwargs):
        if not self._mock_name:
            return _Call(('', args, kwargs), name='()')
        name = self._mock_name + '()'
        return _Call((self._mock_name, args, kwargs), name=name, parent=self)

    def __getattr__(self, attr):
        if not self._mock_name:
            return _Call(name=attr)
        return _Call(name=f'{self._mock_name}.{attr}', parent=self)

    def __getattribute__(self, attr):
        # `call.count` and `call.index` stand for calls, not for methods of tuple.
        if attr in ('count', 'index'):
            return self.__getattr__(attr)
        return tuple.__getattribute__(self, attr)

    @property
    def args(self):
        return self._parts()[1]

    @property
    def kwargs(self):
        return self._parts()[2]

    def call_list(self):
        """This call and those that led to it."""
        calls = []
        step = self
        while step is not None:
            if isinstance(step, _Call) and (step._mock_name or '').endswith('()'):
                calls.append(step)
            step = step._mock_parent
        return _CallList(reversed(calls))

    def __repr__(self):
        name, args, kwargs = self._parts()
        if self._mock_name is not None and not self._mock_name.endswith('()'):
            # Not called yet: `call` itself, or the path that leads on from it.
            return self._mock_name or 'call'
        if not name:
            name = 'call'
        elif name.startswith('()'):
            name = f'call{name}'
        else:
            name = f'call.{name}'
        return _call_text(name, args, kwargs)


call = _Call((), name='')


class _CallList(list):
    def __contains__(self, value):
        if not isinstance(value, list):
            return list.__contains__(self, value)
        size = len(value)
        return any([self[place:place + size] == value
                    for place in range(len(self) - size + 1)])

    def __repr__(self):
        items = [repr(item) for item in self]
        line = f'[{", ".join(items)}]'
        if len(line) <= 80:
            return line
        lines = ',\n '.join(items)
        return f'[{lines}]'


def _as_exception(value):
    return (isinstance(value, BaseException)
            or isinstance(value, type) and issubclass(value, BaseException))


# What a new mock is given, kept in its own `__dict__`.
_PLAIN = ('return_value', '_mock_children', '_mock_name', '_mock_parent', '_mock_new_name',
          '_mock_new_parent', '_mock_sealed', '_mock_return_value', '_mock_side_effect',
          '_mock_wraps', '_spec_names', '_spec_class', '_spec_set', 'method_calls', 'mock_calls',
          'called', 'call_count', 'call_args', 'call_args_list', 'side_effect')

_MAGICS = frozenset((
    'lt gt le ge eq ne hash str sizeof getitem setitem delitem contains len iter enter exit '
    'aenter aexit aiter anext bool next reversed missing call await round trunc floor ceil '
    'complex int float index get set delete fspath format dir '
    'neg pos abs invert add sub mul matmul truediv floordiv mod divmod lshift rshift and xor or '
    'pow radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rlshift rrshift rand rxor ror '
    'rpow iadd isub imul imatmul itruediv ifloordiv imod ilshift irshift iand ixor ior ipow'
).split())


def _is_magic(name):
    return name[:2] == '__' == name[-2:] and name[2:-2] in _MAGICS


class NonCallableMock:
    """A mock that cannot be called."""

    def __new__(cls, /, *args, **kwargs):
        # Each mock has a class of its own, so that it can have magic methods of its own.
        made = type(cls.__name__, (cls,), {'__doc__': cls.__doc__, '__module__': cls.__module__})
        return object.__new__(made)

    def __init__(self, spec=None, wraps=None, name=None, spec_set=None, parent=None,
                 _new_name='', _new_parent=None, **kwargs):
        own = self.__dict__
        own['_mock_parent'] = parent
        own['_mock_name'] = name
        own['_mock_new_name'] = _new_name
        own['_mock_new_parent'] = parent if _new_parent is None else _new_parent
        own['_mock_sealed'] = False
        own['_mock_children'] = {}
        own['_mock_wraps'] = wraps
        own['_mock_return_value'] = DEFAULT
        own['_mock_side_effect'] = None
        own['_spec_set'] = spec_set is not None
        if spec_set is not None:
            spec = spec_set
        own['_spec_class'] = None
        own['_spec_names'] = None
        if spec is not None:
            if isinstance(spec, NonCallableMock):
                raise InvalidSpecError(f'Cannot spec a Mock object. [object={spec!r}]')
            if isinstance(spec, (list, tuple)):
                own['_spec_names'] = list(spec)
            else:
                own['_spec_names'] = dir(spec)
                own['_spec_class'] = spec if isinstance(spec, type) else type(spec)
        self._clear()
        self.configure_mock(**kwargs)

    def _clear(self):
        own = self.__dict__
        own['called'] = False
        own['call_count'] = 0
        own['call_args'] = None
        own['call_args_list'] = _CallList()
        own['mock_calls'] = _CallList()
        own['method_calls'] = _CallList()

    @property
    def __class__(self):
        kind = self.__dict__.get('_spec_class')
        return type(self) if kind is None else kind

    def attach_mock(self, mock, attribute):
        """Make another mock an attribute, so that its calls are recorded here."""
        inner = mock.__dict__
        inner['_mock_parent'] = inner['_mock_new_parent'] = None
        inner['_mock_name'] = ''
        inner['_mock_new_name'] = None
        setattr(self, attribute, mock)

    def configure_mock(self, /, **kwargs):
        """Set attributes, also those of attributes: `{'method.return_value': 3}`."""
        for path, value in sorted(kwargs.items(), key=lambda item: item[0].count('.')):
            *steps, final = path.split('.')
            target = self
            for step in steps:
                target = getattr(target, step)
            setattr(target, final, value)

    def mock_add_spec(self, spec, spec_set=False):
        own = self.__dict__
        own['_spec_set'] = spec_set
        own['_spec_names'] = list(spec) if isinstance(spec, (list, tuple)) else dir(spec)

    def reset_mock(self, visited=None, *, return_value=False, side_effect=False):
        """Forget all calls; return values and side effects only if asked."""
        visited = [] if visited is None else visited
        if id(self) in visited:
            return
        visited.append(id(self))
        self._clear()
        own = self.__dict__
        result = own['_mock_return_value']
        if return_value:
            own['_mock_return_value'] = DEFAULT
        if side_effect:
            own['_mock_side_effect'] = None
        for child in list(own['_mock_children'].values()):
            if isinstance(child, NonCallableMock):
                child.reset_mock(visited, return_value=return_value, side_effect=side_effect)
        if isinstance(result, NonCallableMock) and result is not self:
            result.reset_mock(visited)

    @property
    def return_value(self):
        own = self.__dict__
        value = own['_mock_return_value']
        if value is DEFAULT and own['_mock_wraps'] is None:
            value = self._get_child_mock(_new_parent=self, _new_name='()')
            own['_mock_return_value'] = value
        return value

    @return_value.setter
    def return_value(self, value):
        own = self.__dict__
        own['_mock_return_value'] = value
        _adopt(self, value, None, '()')

    @property
    def side_effect(self):
        return self.__dict__['_mock_side_effect']

    @side_effect.setter
    def side_effect(self, value):
        if value is not None and not callable(value) and not _as_exception(value):
            value = iter(value)
        self.__dict__['_mock_side_effect'] = value

    def _get_child_mock(self, /, **kwargs):
        if self.__dict__['_mock_sealed']:
            name = kwargs.get('name')
            name = f'{self._path()}.{name}' if name else f'{self._path()}()'
            raise AttributeError(name)
        kind = self.__dict__['_spec_class']
        if kind is not None and _is_async(getattr(kind, kwargs.get('name') or '', None)):
            return AsyncMock(**kwargs)
        for cls in type(self).__mro__[1:]:
            if cls in (NonCallableMock, NonCallableMagicMock):
                cls = Mock if cls is NonCallableMock else MagicMock
            return cls(**kwargs)

    def __getattr__(self, name):
        own = self.__dict__
        if '_mock_children' not in own:
            raise AttributeError(name)
        allowed = own['_spec_names']
        if allowed is not None:
            if name not in allowed:
                raise AttributeError(f'Mock object has no attribute {name!r}')
        elif _is_magic(name) or name[:2] == '__' == name[-2:]:
            raise AttributeError(name)
        elif name.startswith(('assert', 'assret', 'asert', 'aseert', 'assrt')) or (
                name in ('called_once', 'called_with', 'called_once_with', 'has_calls')):
            raise AttributeError(
                f'{name!r} is not a valid assertion. Use a spec '
                f'for the mock if {name!r} is meant to be an attribute.')
        children = own['_mock_children']
        child = children.get(name)
        if child is _DELETED:
            raise AttributeError(name)
        if child is None:
            wraps = own['_mock_wraps']
            child = self._get_child_mock(
                parent=self, name=name, _new_name=name, _new_parent=self,
                wraps=None if wraps is None else getattr(wraps, name))
            children[name] = child
        return child

    def __setattr__(self, name, value):
        if name in ('return_value', 'side_effect'):
            object.__setattr__(self, name, value)
            return
        own = self.__dict__
        if name in _PLAIN:
            own[name] = value
            return
        if own['_spec_set'] and name not in own['_spec_names']:
            raise AttributeError(f'Mock object has no attribute {name!r}')
        if _is_magic(name):
            self._set_magic(name, value)
            return
        if own['_mock_sealed'] and not name in own and name not in own['_mock_children']:
            raise AttributeError(f'Cannot set {self._path()}.{name}')
        if isinstance(value, PropertyMock) or name == '__class__':
            if name == '__class__':
                own['_spec_class'] = value
                return
            setattr(type(self), name, value)
            return
        if _adopt(self, value, name, name):
            own['_mock_children'][name] = value
        else:
            own[name] = value

    def _set_magic(self, name, value):
        if isinstance(value, NonCallableMock):
            _adopt(self, value, name, name)
            self.__dict__['_mock_children'][name] = value
            setattr(type(self), name, _FixedMagic(value))
        elif callable(value):
            # A plain function gets the mock as its first argument.
            def method(self, *args, **kwargs):
                return value(self, *args, **kwargs)
            setattr(type(self), name, method)
        else:
            setattr(type(self), name, value)

    def __delattr__(self, name):
        own = self.__dict__
        if name in own:
            del own[name]
            own['_mock_children'].pop(name, None)
        elif own['_mock_children'].get(name) is _DELETED:
            raise AttributeError(name)
        own['_mock_children'][name] = _DELETED

    def __dir__(self):
        own = self.__dict__
        names = set(own['_spec_names'] or ())
        names |= {name for name in [*dir(type(self)), *_PLAIN] if not name.startswith('_')}
        names |= {name for name in own if name not in _PLAIN and not name.startswith('_')}
        names |= {name for name, child in own['_mock_children'].items() if child is not _DELETED}
        return sorted(names)

    def _path(self):
        # The way from the outermost mock to this one, as it was written.
        names = []
        step = self
        dot = '.'
        while step is not None:
            own = step.__dict__
            part = own['_mock_new_name']
            if part is None or part == '':
                break
            names.append(part + (dot if names else ''))
            dot = '' if part == '()' else '.'
            step = own['_mock_new_parent']
        root = 'mock' if step is None else step.__dict__['_mock_name'] or 'mock'
        if not names:
            return self.__dict__['_mock_name'] or 'mock'
        first = names[-1]
        return root + ('' if first.startswith('()') else '.') + ''.join(reversed(names))

    def __repr__(self):
        own = self.__dict__
        path = self._path()
        name = '' if path in ('mock', 'mock.') else f' name={path!r}'
        kind = own['_spec_class']
        spec = ''
        if kind is not None:
            spec = f' {"spec_set" if own["_spec_set"] else "spec"}={kind.__name__!r}'
        return f"<{type(self).__name__}{name}{spec} id='{id(self)}'>"

    def _call_name(self):
        return self.__dict__['_mock_name'] or 'mock'

    def _calls_text(self, prefix='Calls'):
        calls = self.mock_calls
        return f'\n{prefix}: {safe_repr(calls)}.' if calls else ''

    def assert_called(self):
        if not self.call_count:
            raise AssertionError(f"Expected '{self._call_name()}' to have been called.")

    def assert_not_called(self):
        if self.call_count:
            raise AssertionError(f"Expected '{self._call_name()}' to not have been called. "
                                 f'Called {self.call_count} times.{self._calls_text()}')

    def assert_called_once(self):
        if self.call_count != 1:
            raise AssertionError(f"Expected '{self._call_name()}' to have been called once. "
                                 f'Called {self.call_count} times.{self._calls_text()}')

    def assert_called_with(self, /, *args, **kwargs):
        expected = _call_text(self._call_name(), args, kwargs)
        if self.call_args is None:
            raise AssertionError(
                f'expected call not found.\nExpected: {expected}\n  Actual: not called.')
        if _Call((args, kwargs), two=True) != self.call_args:
            actual = _call_text(self._call_name(), *self.call_args)
            raise AssertionError(
                f'expected call not found.\nExpected: {expected}\n  Actual: {actual}')

    def assert_called_once_with(self, /, *args, **kwargs):
        if self.call_count != 1:
            raise AssertionError(f"Expected '{self._call_name()}' to be called once. "
                                 f'Called {self.call_count} times.{self._calls_text()}')
        self.assert_called_with(*args, **kwargs)

    def assert_any_call(self, /, *args, **kwargs):
        if _Call((args, kwargs), two=True) not in list(self.call_args_list):
            raise AssertionError(f'{_call_text(self._call_name(), args, kwargs)} call not found')

    def assert_has_calls(self, calls, any_order=False):
        expected = [_Call(item) if not isinstance(item, _Call) else item for item in calls]
        made = _CallList(self.mock_calls)
        if not any_order:
            if expected not in made:
                raise AssertionError(f'Calls not found.\nExpected: {_CallList(calls)!r}'
                                     + self._calls_text('  Actual').rstrip('.'))
            return
        missing = []
        made = list(made)
        for item in expected:
            if item in made:
                made.remove(item)
            else:
                missing.append(item)
        if missing:
            raise AssertionError(f'{self._call_name()!r} does not contain all of '
                                 f'{tuple(missing)!r} in its call list, found '
                                 f'{made!r} instead')


_DELETED = object()


def _adopt(parent, value, name, new_name):
    # Make a nameless mock a child, so that its calls show in the parent.
    if not isinstance(value, NonCallableMock):
        return False
    own = value.__dict__
    if own['_mock_name'] or own['_mock_new_name'] or own['_mock_parent'] is not None or (
            own['_mock_new_parent'] is not None):
        return False
    step = parent
    while step is not None:
        if step is value:
            return False
        step = step.__dict__['_mock_new_parent']
    if new_name:
        own['_mock_new_parent'] = parent
        own['_mock_new_name'] = new_name
    if name:
        own['_mock_parent'] = parent
        own['_mock_name'] = name
    return True


class _FixedMagic:
    # A magic method that is a mock: the mock is called without the instance.
    def __init__(self, mock):
        self.mock = mock

    def __get__(self, instance, owner=None):
        return self.mock


class Mock(NonCallableMock):
    """An object that takes any use of it, remembers it and returns more mocks."""

    def __init__(self, spec=None, side_effect=None, return_value=DEFAULT, wraps=None,
                 name=None, spec_set=None, **kwargs):
        super().__init__(spec=spec, wraps=wraps, name=name, spec_set=spec_set, **kwargs)
        if return_value is not DEFAULT:
            self.return_value = return_value
        if side_effect is not None:
            self.side_effect = side_effect

    def __call__(self, /, *args, **kwargs):
        self._record(args, kwargs)
        return self._answer(args, kwargs)

    def _record(self, args, kwargs):
        own = self.__dict__
        own['called'] = True
        own['call_count'] += 1
        made = own['call_args'] = _Call((args, kwargs), two=True)
        own['call_args_list'].append(made)
        own['mock_calls'].append(_Call(('', args, kwargs)))
        # Every mock on the way up notes the call under its path from there.
        method_name = own['_mock_name']
        note_method = own['_mock_parent'] is not None
        name = own['_mock_new_name']
        after_call = name == '()'
        parent = own['_mock_new_parent']
        while parent is not None:
            upper = parent.__dict__
            if note_method:
                upper['method_calls'].append(_Call((method_name, args, kwargs)))
                note_method = upper['_mock_parent'] is not None
                if note_method:
                    method_name = f'{upper["_mock_name"]}.{method_name}'
            upper['mock_calls'].append(_Call((name, args, kwargs)))
            part = upper['_mock_new_name']
            if part:
                name = part + ('' if after_call else '.') + name
                after_call = part == '()'
            parent = upper['_mock_new_parent']

    def _answer(self, args, kwargs):
        own = self.__dict__
        effect = own['_mock_side_effect']
        if effect is not None:
            if _as_exception(effect):
                raise effect
            if callable(effect):
                result = effect(*args, **kwargs)
            else:
                result = next(effect)
                if _as_exception(result):
                    raise result
            if result is not DEFAULT:
                return result
        if own['_mock_return_value'] is not DEFAULT:
            return self.return_value
        if own['_mock_wraps'] is not None:
            return own['_mock_wraps'](*args, **kwargs)
        return self.return_value


# What the magic methods of a MagicMock return until they are told otherwise.
_MAGIC_RETURNS = {
    '__lt__': NotImplemented, '__gt__': NotImplemented, '__le__': NotImplemented,
    '__ge__': NotImplemented, '__int__': 1, '__contains__': False, '__len__': 0,
    '__exit__': False, '__aexit__': False, '__complex__': 1j, '__float__': 1.0, '__bool__': True,
    '__index__': 1}


def _default_effect(mock, name):
    # The magic methods whose result depends on the mock itself.
    if name == '__hash__':
        return lambda: object.__hash__(mock)
    if name == '__str__':
        return lambda: object.__str__(mock)
    if name == '__eq__':
        return lambda other: True if mock is other else NotImplemented
    if name == '__ne__':
        return lambda other: False if mock is other else NotImplemented
    if name == '__iter__':
        return lambda: iter([])
    if name == '__aiter__':
        return lambda: _async_iter(())
    if name == '__fspath__':
        return lambda: f'{type(mock).__name__}/{mock._path()}/{id(mock)}'
    return None


async def _async_iter(items):
    for item in items:
        yield item


class _Magic:
    # A magic method of a MagicMock: each instance makes its mock when first asked.
    def __init__(self, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        children = instance.__dict__['_mock_children']
        name = self.name
        child = children.get(name)
        if child is None:
            kind = AsyncMock if name in ('__aenter__', '__aexit__') else MagicMock
            child = kind(name=name, parent=instance, _new_name=name, _new_parent=instance)
            children[name] = child
            if name in _MAGIC_RETURNS:
                child.return_value = _MAGIC_RETURNS[name]
            else:
                effect = _default_effect(instance, name)
                if effect is not None:
                    child.__dict__['_mock_side_effect'] = _Until(child, effect)
        return child


class _Until:
    # A default that holds until the mock gets a return value.
    def __init__(self, mock, effect):
        self.mock = mock
        self.effect = effect

    def __call__(self, *args):
        value = self.mock.__dict__['_mock_return_value']
        if value is DEFAULT:
            return self.effect(*args)
        name = self.mock.__dict__['_mock_name']
        if name == '__iter__':
            return iter(value)
        if name == '__aiter__':
            return _async_iter(value)
        return DEFAULT


class MagicMixin:
    pass


for _name in ('lt gt le ge eq ne hash str getitem setitem delitem contains len iter enter exit '
              'aenter aexit aiter bool int float complex index next_ neg pos abs invert add sub mul '
              'matmul truediv '
              'floordiv mod divmod lshift rshift and xor or pow iadd isub imul imatmul itruediv '
              'ifloordiv imod ilshift irshift iand ixor ior ipow round trunc floor ceil '
              'fspath').split():
    if _name != 'next_':
        setattr(MagicMixin, f'__{_name}__', _Magic(f'__{_name}__'))
del _name


class MagicMock(MagicMixin, Mock):
    """A Mock whose magic methods are mocks too."""


class NonCallableMagicMock(MagicMixin, NonCallableMock):
    """A MagicMock that cannot be called."""


class PropertyMock(Mock):
    """A mock that stands for a property: reading it is a call."""

    def __get__(self, obj, obj_type=None):
        return self()

    def __set__(self, obj, value):
        self(value)


class AsyncMock(MagicMock):
    """A mock whose call must be awaited."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.__dict__
        own['await_count'] = 0
        own['await_args'] = None
        own['await_args_list'] = _CallList()

    async def __call__(self, /, *args, **kwargs):
        self._record(args, kwargs)
        effect = self.__dict__['_mock_side_effect']
        if isinstance(effect, (type, BaseException)) or not callable(effect):
            try:
                result = self._answer(args, kwargs)
            except StopIteration:
                raise StopAsyncIteration from None
        else:
            result = effect(*args, **kwargs)
            if hasattr(result, '__await__'):
                result = await result
            if result is DEFAULT:
                result = self.return_value
        own = self.__dict__
        own['await_count'] += 1
        made = own['await_args'] = _Call((args, kwargs), two=True)
        own['await_args_list'].append(made)
        return result

    def _get_child_mock(self, /, **kwargs):
        if kwargs.get('_new_name') == '()':
            return MagicMock(**kwargs)
        return AsyncMock(**kwargs)

    def assert_awaited(self):
        if not self.await_count:
            raise AssertionError(f'Expected {self._call_name()} to have been awaited.')

    def assert_awaited_once(self):
        if self.await_count != 1:
            raise AssertionError(f'Expected {self._call_name()} to have been awaited once. '
                                 f'Awaited {self.await_count} times.')

    def assert_awaited_with(self, /, *args, **kwargs):
        expected = _call_text('await', args, kwargs)
        if self.await_args is None:
            raise AssertionError(f'Expected await: {expected}\nNot awaited')
        if _Call((args, kwargs), two=True) != self.await_args:
            raise AssertionError(
                f'expected await not found.\nExpected: {expected}\n'
                f'  Actual: {_call_text("await", *self.await_args)}')

    def assert_awaited_once_with(self, /, *args, **kwargs):
        self.assert_awaited_once()
        self.assert_awaited_with(*args, **kwargs)

    def assert_not_awaited(self):
        if self.await_count:
            raise AssertionError(f'Expected {self._call_name()} to not have been awaited. '
                                 f'Awaited {self.await_count} times.')


def seal(mock):
    """From now on the mock makes no new attributes."""
    mock.__dict__['_mock_sealed'] = True
    for child in list(mock.__dict__['_mock_children'].values()):
        if isinstance(child, NonCallableMock) and child.__dict__['_mock_new_parent'] is mock:
            seal(child)


def create_autospec(spec, *args, **kwargs):
    raise NotImplementedError('unittest.mock: autospec is not supported')


def _import_target(path):
    parts = path.split('.')
    found = __import__(parts[0])
    name = parts[0]
    for part in parts[1:]:
        name += f'.{part}'
        try:
            found = getattr(found, part)
        except AttributeError:
            __import__(name)
            found = getattr(found, part)
    return found


class _Patch:
    # Puts something in place of an attribute, and the old one back.

    running = []

    def __init__(self, find, attribute, new, spec, create, spec_set, autospec, new_callable,
                 kwargs):
        if new_callable is not None:
            if new is not DEFAULT:
                raise ValueError("Cannot use 'new' and 'new_callable' together")
            if autospec is not None:
                raise ValueError("Cannot use 'autospec' and 'new_callable' together")
        if autospec:
            create_autospec(None)
        if new is not DEFAULT and kwargs:
            raise TypeError(f"Can't provide explicit spec_set *and* spec or autospec: {kwargs}"
                            if spec and spec_set else
                            'patch() got unexpected keyword arguments with an explicit new')
        self.find = find
        self.attribute = attribute
        self.new = new
        self.spec = spec
        self.create = create
        self.spec_set = spec_set
        self.new_callable = new_callable
        self.kwargs = kwargs
        self.attribute_name = None
        self.additional = []

    def _copy(self):
        made = _Patch(self.find, self.attribute, self.new, self.spec, self.create, self.spec_set,
                      None, self.new_callable, self.kwargs)
        made.attribute_name = self.attribute_name
        made.additional = [other._copy() for other in self.additional]
        return made

    def _original(self):
        target = self.target
        name = self.attribute
        own = getattr(target, '__dict__', {})
        if name in own:
            return own[name], True
        original = getattr(target, name, DEFAULT)
        if original is DEFAULT and not self.create:
            import builtins
            if isinstance(target, type(sys)) and hasattr(builtins, name):
                self.create = True
            else:
                raise AttributeError(f'{target} does not have the attribute {name!r}')
        return original, False

    def _make(self, original):
        spec = original if self.spec is True else self.spec
        spec_set = original if self.spec_set is True else self.spec_set
        kind = self.new_callable
        if kind is None:
            kind = AsyncMock if _is_async(original) else MagicMock
        options = dict(self.kwargs)
        if spec is not None:
            options['spec'] = spec
        if spec_set is not None:
            options['spec_set'] = spec_set
        if isinstance(kind, type) and issubclass(kind, NonCallableMock):
            options.setdefault('name', self.attribute)
        made = kind(**options)
        given = spec if spec_set is None else spec_set
        if isinstance(given, type) and isinstance(made, NonCallableMock):
            # What a mocked class makes looks like an instance of the class.
            made.return_value = type(made).__mro__[1](spec=given, _new_parent=made, _new_name='()')
        return made

    def __enter__(self):
        self.target = self.find()
        original, self.is_local = self._original()
        self.original = original
        new = self._make(original) if self.new is DEFAULT else self.new
        setattr(self.target, self.attribute, new)
        if self.attribute_name is not None:
            result = {self.attribute_name: new} if self.new is DEFAULT else {}
            entered = []
            try:
                for other in self.additional:
                    result.update(other.__enter__())
                    entered.append(other)
            except BaseException:
                for other in entered:
                    other.__exit__(None, None, None)
                self._restore()
                raise
            return result
        return new

    def __exit__(self, *exc_info):
        for other in reversed(self.additional):
            other.__exit__(*exc_info)
        self._restore()
        return False

    def _restore(self):
        target, name = self.target, self.attribute
        if self.is_local and self.original is not DEFAULT:
            setattr(target, name, self.original)
        else:
            delattr(target, name)
            if not self.create and not hasattr(target, name):
                setattr(target, name, self.original)

    def start(self):
        """Put it in place until `stop`."""
        result = self.__enter__()
        self.running.append(self)
        return result

    def stop(self):
        if self not in self.running:
            return None
        self.running.remove(self)
        return self.__exit__(None, None, None)

    def __call__(self, func):
        if isinstance(func, type):
            for name in dir(func):
                if name.startswith(patch.TEST_PREFIX) and callable(getattr(func, name)):
                    setattr(func, name, self._copy()(getattr(func, name)))
            return func
        return _decorate(func, self)


def _is_async(function):
    flags = getattr(getattr(function, '__code__', None), 'co_flags', 0)
    return bool(flags & 0x80)


def _decorate(func, patching):
    # The patches of one function share one wrapper; the lowest decorator enters first.
    if hasattr(func, 'patchings'):
        func.patchings.append(patching)
        return func
    patchings = [patching]

    def enter_all(entered):
        extra = []
        keywords = {}
        for item in patchings:
            given = item.__enter__()
            entered.append(item)
            if getattr(item, 'attribute_name', None) is not None:
                keywords.update(given)
            elif getattr(item, 'new', None) is DEFAULT:
                extra.append(given)
        return extra, keywords

    def leave_all(entered):
        info = sys.exc_info()
        for item in reversed(entered):
            item.__exit__(*info)

    if _is_async(func):
        async def wrapper(*args, **kwargs):
            entered = []
            try:
                extra, keywords = enter_all(entered)
                return await func(*args, *extra, **kwargs, **keywords)
            finally:
                leave_all(entered)
    else:
        def wrapper(*args, **kwargs):
            entered = []
            try:
                extra, keywords = enter_all(entered)
                return func(*args, *extra, **kwargs, **keywords)
            finally:
                leave_all(entered)
    from functools import update_wrapper
    update_wrapper(wrapper, func)
    wrapper.patchings = patchings
    return wrapper


def patch(target, new=DEFAULT, spec=None, create=False, spec_set=None, autospec=None,
          new_callable=None, **kwargs):
    """Replace what a dotted path names, for a `with` block, a function or a class."""
    try:
        owner, attribute = target.rsplit('.', 1)
    except (TypeError, ValueError, AttributeError):
        raise TypeError(f'Need a valid target to patch. You supplied: {target!r}')
    return _Patch(lambda: _import_target(owner), attribute, new, spec, create, spec_set,
                  autospec, new_callable, kwargs)


def _patch_object(target, attribute, new=DEFAULT, spec=None, create=False, spec_set=None,
                  autospec=None, new_callable=None, **kwargs):
    if type(target) is str:
        raise TypeError(f'{target!r} must be the actual object to be patched, not a str')
    return _Patch(lambda: target, attribute, new, spec, create, spec_set, autospec,
                  new_callable, kwargs)


def _patch_multiple(target, spec=None, create=False, spec_set=None, autospec=None,
                    new_callable=None, **kwargs):
    if not kwargs:
        raise ValueError('Must supply at least one keyword argument with patch.multiple')

    def find():
        return _import_target(target) if type(target) is str else target
    patches = []
    for attribute, new in kwargs.items():
        made = _Patch(find, attribute, new, spec, create, spec_set, autospec, new_callable, {})
        made.attribute_name = attribute
        patches.append(made)
    patches[0].additional = patches[1:]
    return patches[0]


class _PatchDict:
    """Changes a dict for a while."""

    def __init__(self, in_dict, values=(), clear=False, **kwargs):
        self.in_dict = in_dict
        self.values = dict(values)
        self.values.update(kwargs)
        self.clear = clear

    def __enter__(self):
        if isinstance(self.in_dict, str):
            self.in_dict = _import_target(self.in_dict)
        target = self.in_dict
        try:
            self.saved = target.copy()
        except AttributeError:
            self.saved = {key: target[key] for key in target}
        if self.clear:
            self._empty()
        for key, value in self.values.items():
            target[key] = value
        return target

    def _empty(self):
        for key in list(self.in_dict):
            del self.in_dict[key]

    def __exit__(self, *exc_info):
        self._empty()
        for key, value in self.saved.items():
            self.in_dict[key] = value
        return False

    def start(self):
        result = self.__enter__()
        _Patch.running.append(self)
        return result

    def stop(self):
        if self in _Patch.running:
            _Patch.running.remove(self)
            self.__exit__(None, None, None)

    def __call__(self, func):
        if isinstance(func, type):
            for name in dir(func):
                if name.startswith(patch.TEST_PREFIX) and callable(getattr(func, name)):
                    made = _PatchDict(self.in_dict, self.values, self.clear)
                    setattr(func, name, made(getattr(func, name)))
            return func
        return _decorate(func, self)


def _patch_stopall():
    for item in reversed(list(_Patch.running)):
        item.stop()


patch.object = _patch_object
patch.dict = _PatchDict
patch.multiple = _patch_multiple
patch.stopall = _patch_stopall
patch.TEST_PREFIX = 'test'


def mock_open(mock=None, read_data=''):
    """A mock of `open` whose files read the given data."""
    if mock is None:
        mock = MagicMock(name='open')
    handle = MagicMock()
    handle.__enter__.return_value = handle
    empty = read_data[:0]
    newline = '\n' if isinstance(read_data, str) else b'\n'
    rest = [empty]

    def rewind():
        rest[0] = read_data

    def read(size=-1, *args):
        size = len(rest[0]) if size is None or size < 0 else size
        taken, rest[0] = rest[0][:size], rest[0][size:]
        return taken

    def readline(*args):
        end = rest[0].find(newline)
        return read(len(rest[0]) if end < 0 else end + 1)

    def lines():
        while True:
            line = readline()
            if not line:
                return
            yield line

    handle.read.side_effect = read
    handle.readline.side_effect = readline
    handle.readlines.side_effect = lambda *args: list(lines())
    handle.__iter__.side_effect = lines
    handle.__next__ = Mock(side_effect=lambda: next(lines()))

    def opened(*args, **kwargs):
        rewind()
        return DEFAULT
    mock.side_effect = opened
    mock.return_value = handle
    rewind()
    return mock
