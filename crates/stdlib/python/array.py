"""Numbers of one machine type in a row.

Missing: the types `u` and `w`, files, `buffer_info`, and the view of its memory.
"""

import struct as _struct
from _emulant import match_as as _match_as

__all__ = ['array', 'typecodes']

typecodes = 'bBuhHiIlLqQfd'
_RANGES = {'b': (1, 'signed char'), 'B': (1, 'unsigned byte integer'), 'h': (2, 'signed short integer'),
           'H': (2, 'unsigned short'), 'i': (4, 'signed integer'), 'I': (4, 'unsigned int'),
           'l': (8, ''), 'L': (8, ''), 'q': (8, ''), 'Q': (8, ''), 'f': (4, ''), 'd': (8, '')}


class array:
    """Numbers of one type."""

    def __init__(self, typecode, initializer=()):
        if not isinstance(typecode, str) or len(typecode) != 1:
            raise TypeError('array() argument 1 must be a unicode character, not ' + type(typecode).__name__)
        if typecode in ('u', 'w'):
            raise NotImplementedError(f'not supported: array of type {typecode!r}')
        if typecode not in _RANGES:
            raise ValueError('bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)')
        if isinstance(initializer, str):
            raise TypeError(f'cannot use a str to initialize an array with typecode {typecode!r}')
        self.typecode = typecode
        self.itemsize = _RANGES[typecode][0]
        self._items = []
        if isinstance(initializer, (bytes, bytearray)):
            self.frombytes(initializer)
        else:
            self._items = [self._checked(value) for value in initializer]

    def _checked(self, value):
        """The value as the type keeps it."""
        code = self.typecode
        if code in 'fd':
            if isinstance(value, str) or not hasattr(type(value), '__float__') and not hasattr(type(value), '__index__'):
                raise TypeError(f'must be real number, not {type(value).__name__}')
            value = float(value)
            return value if code == 'd' else self._as_single(value)
        if not hasattr(type(value), '__index__'):
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
        value = value.__index__()
        bits = self.itemsize * 8
        low, high = (-1 << bits - 1, (1 << bits - 1) - 1) if code.islower() else (0, (1 << bits) - 1)
        if not low <= value <= high:
            raise OverflowError(self._overflow(code, value, low))
        return value

    def _as_single(self, value):
        try:
            return _struct.unpack('f', _struct.pack('f', value))[0]
        except OverflowError:
            return float('inf') if value > 0 else float('-inf')

    def _overflow(self, code, value, low):
        if code in 'bBh':
            name = _RANGES[code][1]
            return f"{name} is {'less than minimum' if value < low else 'greater than maximum'}"
        if code in 'Hi' and -2 ** 63 <= value < 2 ** 63:
            return f"{_RANGES[code][1]} is {'less than minimum' if value < low else 'greater than maximum'}"
        if code in 'IL' and 0 <= value < 2 ** 64:
            return "unsigned int is greater than maximum"
        if value < 0 and code == 'Q':
            return "can't convert negative int to unsigned"
        if value < 0 and code in 'IL':
            return "can't convert negative value to unsigned int"
        return 'Python int too large to convert to C long' if code != 'q' else 'int too big to convert'

    def _same(self, items):
        made = array(self.typecode)
        made._items = items
        return made

    def __repr__(self):
        return f'array({self.typecode!r}, {self._items!r})' if self._items else f'array({self.typecode!r})'

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __contains__(self, value):
        return value in self._items

    def __getitem__(self, index):
        if isinstance(index, slice):
            return self._same(self._items[index])
        if not hasattr(type(index), '__index__'):
            raise TypeError('array indices must be integers')
        try:
            return self._items[index]
        except IndexError:
            raise IndexError('array index out of range') from None

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            if not isinstance(value, array):
                raise TypeError(f'can only assign array (not "{type(value).__name__}") to array slice')
            self._match(value)
            self._items[index] = value._items
            return
        if not hasattr(type(index), '__index__'):
            raise TypeError('array indices must be integers')
        value = self._checked(value)
        try:
            self._items[index] = value
        except IndexError:
            raise IndexError('array assignment index out of range') from None

    def __delitem__(self, index):
        try:
            del self._items[index]
        except IndexError:
            raise IndexError('array assignment index out of range') from None

    def _match(self, other):
        if other.typecode != self.typecode:
            raise TypeError('bad argument type for built-in operation')

    def __add__(self, other):
        if not isinstance(other, array):
            raise TypeError(f'can only append array (not "{type(other).__name__}") to array')
        self._match(other)
        return self._same(self._items + other._items)

    def __iadd__(self, other):
        if not isinstance(other, array):
            raise TypeError(f'can only extend with array (not "{type(other).__name__}")')
        self.extend(other)
        return self

    def __mul__(self, count):
        return self._same(self._items * count)

    __rmul__ = __mul__

    def __imul__(self, count):
        self._items *= count
        return self

    def __eq__(self, other):
        return self._items == other._items if isinstance(other, array) else NotImplemented

    def __lt__(self, other):
        return self._items < other._items if isinstance(other, array) else NotImplemented

    def __le__(self, other):
        return self._items <= other._items if isinstance(other, array) else NotImplemented

    def __gt__(self, other):
        return self._items > other._items if isinstance(other, array) else NotImplemented

    def __ge__(self, other):
        return self._items >= other._items if isinstance(other, array) else NotImplemented

    __hash__ = None

    def append(self, v, /):
        self._items.append(self._checked(v))

    def extend(self, bb, /):
        if isinstance(bb, array):
            if bb.typecode != self.typecode:
                raise TypeError('can only extend with array of same kind')
            self._items.extend(bb._items)
            return
        for value in bb:
            self._items.append(self._checked(value))

    fromlist = extend

    def insert(self, i, v, /):
        self._items.insert(i, self._checked(v))

    def pop(self, i=-1, /):
        if not self._items:
            raise IndexError('pop from empty array')
        try:
            return self._items.pop(i)
        except IndexError:
            raise IndexError('pop index out of range') from None

    def remove(self, v, /):
        if v not in self._items:
            raise ValueError('array.remove(x): x not in array')
        self._items.remove(v)

    def index(self, v, start=0, stop=9223372036854775807, /):
        try:
            return self._items.index(v, start, stop)
        except ValueError:
            raise ValueError('array.index(x): x not in array') from None

    def count(self, v, /):
        return self._items.count(v)

    def reverse(self):
        self._items.reverse()

    def tolist(self):
        return list(self._items)

    def tobytes(self):
        return _struct.pack(f'={len(self._items)}{self._code()}', *self._items)

    def _code(self):
        # Standard sizes have no eight-byte long.
        return {'l': 'q', 'L': 'Q'}.get(self.typecode, self.typecode)

    def frombytes(self, buffer, /):
        if len(buffer) % self.itemsize:
            raise ValueError('bytes length not a multiple of item size')
        count = len(buffer) // self.itemsize
        self._items.extend(_struct.unpack(f'={count}{self._code()}', buffer))

    def byteswap(self):
        data = self.tobytes()
        size = self.itemsize
        self._items = []
        self.frombytes(b''.join([data[at:at + size][::-1] for at in range(0, len(data), size)]))

    def __copy__(self):
        return self._same(list(self._items))

    def __deepcopy__(self, memo):
        return self.__copy__()

    def __reduce__(self):
        return array, (self.typecode, list(self._items))


ArrayType = array
_match_as(array, 'sequence')
