"""Representations that stay short, and a guard for those that contain themselves."""

__all__ = ['Repr', 'repr', 'recursive_repr']

from builtins import repr as _repr


def recursive_repr(fillvalue='...'):
    """Decorates a `__repr__`: a call inside a call for the same object gives a filler."""
    def decorate(function):
        running = set()

        def wrapper(self):
            key = id(self)
            if key in running:
                return fillvalue
            running.add(key)
            try:
                return function(self)
            finally:
                running.discard(key)
        for name in ('__module__', '__doc__', '__name__', '__qualname__'):
            setattr(wrapper, name, getattr(function, name))
        wrapper.__annotations__ = getattr(function, '__annotations__', {})
        wrapper.__wrapped__ = function
        return wrapper
    return decorate


class Repr:
    """Makes short representations; each limit is an attribute."""

    def __init__(self, *, maxlevel=6, maxtuple=6, maxlist=6, maxarray=5, maxdict=4,
                 maxset=6, maxfrozenset=6, maxdeque=6, maxstring=30, maxlong=40,
                 maxother=30, fillvalue='...', indent=None):
        self.maxlevel = maxlevel
        self.maxtuple = maxtuple
        self.maxlist = maxlist
        self.maxarray = maxarray
        self.maxdict = maxdict
        self.maxset = maxset
        self.maxfrozenset = maxfrozenset
        self.maxdeque = maxdeque
        self.maxstring = maxstring
        self.maxlong = maxlong
        self.maxother = maxother
        self.fillvalue = fillvalue
        self.indent = indent

    def repr(self, x):
        return self.repr1(x, self.maxlevel)

    def repr1(self, x, level):
        """The short form of x, with containers down to a level."""
        name = type(x).__name__
        if ' ' in name:
            name = '_'.join(name.split())
        method = getattr(self, f'repr_{name}', None)
        if method is not None:
            return method(x, level)
        return self.repr_instance(x, level)

    def _join(self, pieces, level):
        if self.indent is None:
            return ', '.join(pieces)
        if not pieces:
            return ''
        indent = self.indent
        if isinstance(indent, int):
            if indent < 0:
                raise ValueError(f'Repr.indent cannot be negative int (was {indent!r})')
            indent = ' ' * indent
        try:
            separator = ',\n' + (self.maxlevel - level + 1) * indent
        except TypeError as error:
            raise TypeError(
                f'Repr.indent must be a str, int or None, not {type(indent)}') from error
        return separator.join(['', *pieces, ''])[1:-len(indent) or None]

    def _repr_iterable(self, x, level, left, right, maxiter, trail=''):
        size = len(x)
        if level <= 0 and size:
            inside = self.fillvalue
        else:
            pieces = []
            for item in x:
                if len(pieces) == maxiter:
                    break
                pieces.append(self.repr1(item, level - 1))
            if size > maxiter:
                pieces.append(self.fillvalue)
            inside = self._join(pieces, level)
            if size == 1 and trail and self.indent is None:
                right = trail + right
        return f'{left}{inside}{right}'

    def repr_tuple(self, x, level):
        return self._repr_iterable(x, level, '(', ')', self.maxtuple, ',')

    def repr_list(self, x, level):
        return self._repr_iterable(x, level, '[', ']', self.maxlist)

    def repr_array(self, x, level):
        if not x:
            return f"array('{x.typecode}')"
        return self._repr_iterable(x, level, f"array('{x.typecode}', [", '])', self.maxarray)

    def repr_set(self, x, level):
        if not x:
            return 'set()'
        return self._repr_iterable(_in_order(x), level, '{', '}', self.maxset)

    def repr_frozenset(self, x, level):
        if not x:
            return 'frozenset()'
        return self._repr_iterable(_in_order(x), level, 'frozenset({', '})', self.maxfrozenset)

    def repr_deque(self, x, level):
        return self._repr_iterable(x, level, 'deque([', '])', self.maxdeque)

    def repr_dict(self, x, level):
        if not x:
            return '{}'
        if level <= 0:
            return '{' + self.fillvalue + '}'
        pieces = [f'{self.repr1(key, level - 1)}: {self.repr1(x[key], level - 1)}'
                  for key in _in_order(x)[:self.maxdict]]
        if len(x) > self.maxdict:
            pieces.append(self.fillvalue)
        return '{' + self._join(pieces, level) + '}'

    def repr_str(self, x, level):
        return self._cut(_repr(x[:self.maxstring]), self.maxstring,
                         lambda left, right: _repr(x[:left] + x[len(x) - right:]))

    def repr_int(self, x, level):
        return self._cut(_repr(x), self.maxlong)

    def repr_instance(self, x, level):
        try:
            shown = _repr(x)
        except Exception:
            return f'<{type(x).__name__} instance at {id(x):#x}>'
        return self._cut(shown, self.maxother)

    def _cut(self, shown, limit, again=None):
        # The beginning and the end of a text that is too long.
        if len(shown) <= limit:
            return shown
        left = max(0, (limit - 3) // 2)
        right = max(0, limit - 3 - left)
        if again is not None:
            shown = again(left, right)
        return shown[:left] + self.fillvalue + shown[len(shown) - right:]


def _in_order(items):
    # Sorted, so that the same set always shows the same part; not all can be.
    try:
        return sorted(items)
    except Exception:
        return list(items)


aRepr = Repr()
repr = aRepr.repr
