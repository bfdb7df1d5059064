"""Values laid out in lines.

Missing: the special layouts of dataclasses, `SimpleNamespace`, `OrderedDict`, `defaultdict`, `Counter`, `deque` and
their like when they are too wide for one line: asking for one says so.
"""

import sys as _sys

__all__ = ['pprint', 'pformat', 'isreadable', 'isrecursive', 'saferepr', 'PrettyPrinter', 'pp']


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True,
           underscore_numbers=False):
    PrettyPrinter(indent, width, depth, stream, compact=compact, sort_dicts=sort_dicts,
                  underscore_numbers=underscore_numbers).pprint(object)


def pp(object, *args, sort_dicts=False, **kwargs):
    pprint(object, *args, sort_dicts=sort_dicts, **kwargs)


def pformat(object, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True, underscore_numbers=False):
    return PrettyPrinter(indent, width, depth, compact=compact, sort_dicts=sort_dicts,
                         underscore_numbers=underscore_numbers).pformat(object)


def saferepr(object):
    return PrettyPrinter()._repr(object, set(), 0)


def isreadable(object):
    return PrettyPrinter().isreadable(object)


def isrecursive(object):
    return PrettyPrinter().isrecursive(object)


class _Key:
    """A key of any type in an order: by itself where it can be compared, else by type and place."""

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        try:
            return self.value < other.value
        except TypeError:
            return (str(type(self.value)), id(self.value)) < (str(type(other.value)), id(other.value))


def _pair_key(pair):
    return _Key(pair[0]), _Key(pair[1])


class PrettyPrinter:
    """Lays values out by its settings."""

    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False, sort_dicts=True,
                 underscore_numbers=False):
        if int(indent) < 0:
            raise ValueError('indent must be >= 0')
        if depth is not None and depth <= 0:
            raise ValueError('depth must be > 0')
        if not width:
            raise ValueError('width must be != 0')
        self._indent = int(indent)
        self._width = int(width)
        self._depth = depth
        self._stream = stream
        self._compact = bool(compact)
        self._sort_dicts = sort_dicts
        self._underscore = underscore_numbers

    def pprint(self, object):
        (_sys.stdout if self._stream is None else self._stream).write(self.pformat(object) + '\n')

    def pformat(self, object):
        return self._laid_out(object, 0, 0, set(), 0)

    def isrecursive(self, object):
        self._recursive = False
        self._repr(object, set(), 0)
        return self._recursive

    def isreadable(self, object):
        text = self._repr(object, set(), 0)
        return not self.isrecursive(object) and not text.startswith('<')

    def _sorted(self, pairs):
        return sorted(pairs, key=_pair_key) if self._sort_dicts else list(pairs)

    def _repr(self, value, above, level):
        """The value on one line."""
        kind = type(value)
        method = kind.__repr__
        if kind is int and self._underscore:
            return f'{value:_d}'
        if not (isinstance(value, dict) and method is dict.__repr__ or isinstance(value, list) and method is list.__repr__
                or isinstance(value, tuple) and method is tuple.__repr__):
            return repr(value)
        empty = '{}' if isinstance(value, dict) else '[]' if isinstance(value, list) else '()'
        if not value:
            return empty
        if self._depth and level >= self._depth:
            return empty[0] + '...' + empty[1]
        if id(value) in above:
            self._recursive = True
            return f'<Recursion on {kind.__name__} with id={id(value)}>'
        above.add(id(value))
        if isinstance(value, dict):
            parts = [f'{self._repr(key, above, level + 1)}: {self._repr(item, above, level + 1)}'
                     for key, item in self._sorted(value.items())]
        else:
            parts = [self._repr(item, above, level + 1) for item in value]
        above.discard(id(value))
        text = ', '.join(parts)
        return f'({text},)' if empty == '()' and len(value) == 1 else empty[0] + text + empty[1]

    def _laid_out(self, value, indent, allowance, above, level):
        text = self._repr(value, above, level)
        if len(text) <= self._width - indent - allowance or id(value) in above:
            return text
        layout = self._layout(value)
        if layout is None:
            return text
        above.add(id(value))
        made = layout(value, indent, allowance, above, level + 1)
        above.discard(id(value))
        return made

    def _layout(self, value):
        method = type(value).__repr__
        for kind, layout in ((dict, self._dict), (list, self._list), (tuple, self._tuple), (set, self._set),
                             (frozenset, self._set), (str, self._str), (bytes, self._refused),
                             (bytearray, self._refused)):
            if method is kind.__repr__:
                return layout
        if type(value).__name__ in ('OrderedDict', 'defaultdict', 'Counter', 'deque', 'ChainMap', 'mappingproxy',
                                    'SimpleNamespace', 'UserDict', 'UserList', 'UserString') \
                or hasattr(value, '__dataclass_fields__') and not isinstance(value, type):
            return self._refused
        return None

    def _refused(self, value, *place):
        raise NotImplementedError(f'not supported: pprint of a {type(value).__name__} that needs several lines')

    def _dict(self, value, indent, allowance, above, level):
        if self._depth and level > self._depth:
            return '{...}'
        out = '{' + ' ' * (self._indent - 1)
        indent += self._indent
        pairs = self._sorted(value.items())
        lines = []
        for number, (key, item) in enumerate(pairs, 1):
            shown = self._repr(key, above, level)
            room = allowance + 1 if number == len(pairs) else 1
            lines.append(f'{shown}: ' + self._laid_out(item, indent + len(shown) + 2, room, above, level))
        return out + (',\n' + ' ' * indent).join(lines) + '}'

    def _list(self, value, indent, allowance, above, level):
        return '[' + self._items(value, indent, allowance + 1, above, level) + ']'

    def _tuple(self, value, indent, allowance, above, level):
        end = ',)' if len(value) == 1 else ')'
        return '(' + self._items(value, indent, allowance + len(end), above, level) + end

    def _set(self, value, indent, allowance, above, level):
        kind = type(value)
        start, end = ('{', '}') if kind is set else (kind.__name__ + '({', '})')
        items = sorted(value, key=_Key)
        return start + self._items(items, indent + len(start) - 1, allowance + len(end), above, level) + end

    def _items(self, items, indent, allowance, above, level):
        out = ' ' * (self._indent - 1)
        indent += self._indent
        break_line = ',\n' + ' ' * indent
        items = list(items)
        separator = ''
        width = room = self._width - indent + 1
        for number, item in enumerate(items, 1):
            last = number == len(items)
            if last:
                room -= allowance
                width -= allowance
            if self._compact:
                text = self._repr(item, above, level)
                size = len(text) + 2
                if room < size:
                    room = width
                    if separator:
                        separator = break_line
                if room >= size:
                    room -= size
                    out += separator + text
                    separator = ', '
                    continue
            out += separator
            separator = break_line
            out += self._laid_out(item, indent, allowance if last else 1, above, level)
        return out

    def _str(self, value, indent, allowance, above, level):
        """A long text in pieces that end at blanks."""
        import re
        lines = value.splitlines(True)
        if level == 1:
            indent += 1
            allowance += 1
        width = most = self._width - indent
        pieces = []
        text = ''
        for number, line in enumerate(lines):
            text = repr(line)
            if number == len(lines) - 1:
                most -= allowance
            if len(text) <= most:
                pieces.append(text)
                continue
            parts = re.findall(r'\S*\s*', line)
            parts.pop()
            limit = width
            current = ''
            for at, part in enumerate(parts):
                candidate = current + part
                if at == len(parts) - 1 and number == len(lines) - 1:
                    limit -= allowance
                if len(repr(candidate)) > limit:
                    if current:
                        pieces.append(repr(current))
                    current = part
                else:
                    current = candidate
            if current:
                pieces.append(repr(current))
        if len(pieces) == 1:
            return text
        body = ('\n' + ' ' * indent).join(pieces)
        return f'({body})' if level == 1 else body
