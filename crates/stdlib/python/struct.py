"""Values packed into bytes by a format. Complete."""

__all__ = ['Struct', 'calcsize', 'error', 'iter_unpack', 'pack', 'pack_into', 'unpack', 'unpack_from']


class error(Exception):
    __module__ = 'struct'


# Letter: its size in standard and in native mode; native sizes are those of 64-bit Linux, where each is also
# the alignment.
_SIZES = {'x': (1, 1), 'c': (1, 1), 'b': (1, 1), 'B': (1, 1), '?': (1, 1), 'h': (2, 2), 'H': (2, 2), 'i': (4, 4),
          'I': (4, 4), 'l': (4, 8), 'L': (4, 8), 'q': (8, 8), 'Q': (8, 8), 'n': (0, 8), 'N': (0, 8), 'e': (2, 2),
          'f': (4, 4), 'd': (8, 8), 's': (1, 1), 'p': (1, 1), 'P': (0, 8)}
_FLOATS = {'e': (5, 10), 'f': (8, 23), 'd': (11, 52)}


def _float_to_bits(value, kind):
    """The IEEE 754 bits of a float in one of three sizes, rounded half to even."""
    from math import frexp, ldexp, copysign, isinf, isnan
    exponent_bits, fraction_bits = _FLOATS[kind]
    sign = int(copysign(1.0, value) < 0) << exponent_bits + fraction_bits
    top = (1 << exponent_bits) - 1
    if isnan(value):
        return sign | top << fraction_bits | 1 << fraction_bits - 1
    if isinf(value):
        return sign | top << fraction_bits
    mantissa, exponent = frexp(abs(value))
    if not mantissa:
        return sign
    bias = (1 << exponent_bits - 1) - 1
    exponent += bias - 1
    if exponent < 1:
        steps = round(ldexp(mantissa, fraction_bits + exponent))
        return sign | steps
    steps = round(ldexp(mantissa, fraction_bits + 1))
    bits = (exponent - 1 << fraction_bits) + steps
    if bits >= top << fraction_bits:
        raise OverflowError(f'float too large to pack with {kind} format')
    return sign | bits


def _bits_to_float(bits, kind):
    from math import ldexp, inf, nan
    exponent_bits, fraction_bits = _FLOATS[kind]
    fraction = bits & (1 << fraction_bits) - 1
    exponent = bits >> fraction_bits & (1 << exponent_bits) - 1
    negative = bits >> exponent_bits + fraction_bits
    bias = (1 << exponent_bits - 1) - 1
    if exponent == (1 << exponent_bits) - 1:
        value = nan if fraction else inf
    elif exponent:
        value = ldexp(float(fraction | 1 << fraction_bits), exponent - bias - fraction_bits)
    else:
        value = ldexp(float(fraction), 1 - bias - fraction_bits)
    return -value if negative else value


class Struct:
    """A format that is read once."""

    def __init__(self, format):
        if isinstance(format, bytes):
            format = format.decode('ascii')
        if not isinstance(format, str):
            raise TypeError(f'Struct() argument 1 must be a str or bytes object, not {type(format).__name__}')
        if '\0' in format:
            raise error('embedded null character')
        self.format = format
        mode = format[:1] if format[:1] in ('@', '=', '<', '>', '!') else ''
        self._native = mode in ('', '@')
        self._order = 'big' if mode in ('>', '!') else 'little'
        self._items = []
        self.size = 0
        self._read(format[len(mode):])
        self._values = len(self._items)

    def _read(self, text):
        parts = self._parts(text)
        total = 0
        for letter, count, size in parts:
            if self._native:
                total += -total % size
            total += count * size
        if total > 0x7fffffffffffffff:
            raise error('total struct size too long')
        for letter, count, size in parts:
            if self._native:
                self.size += -self.size % size
            if letter in 'sp':
                self._items.append((letter, self.size, count, count))
            elif letter != 'x':
                for step in range(count):
                    self._items.append((letter, self.size + step * size, size, 1))
            self.size += count * size

    def _parts(self, text):
        """Letter, count and size of each part."""
        parts, at = [], 0
        while at < len(text):
            letter = text[at]
            at += 1
            if letter.isspace():
                continue
            count = 1
            if letter.isdigit():
                start = at - 1
                while at < len(text) and text[at].isdigit():
                    at += 1
                if at == len(text):
                    raise error('repeat count given without format specifier')
                count = int(text[start:at])
                letter = text[at]
                at += 1
            if letter not in _SIZES or not (size := _SIZES[letter][self._native]):
                raise error('bad char in struct format')
            parts.append((letter, count, size))
        return parts

    def pack(self, *values):
        """The bytes of the values."""
        if len(values) != self._values:
            raise error(f'pack expected {self._values} items for packing (got {len(values)})')
        out = bytearray(self.size)
        for (letter, at, size, _), value in zip(self._items, values):
            out[at:at + size] = self._packed(letter, size, value)
        return bytes(out)

    def _packed(self, letter, size, value):
        if letter == 'c':
            if not isinstance(value, (bytes, bytearray)) or len(value) != 1:
                raise error('char format requires a bytes object of length 1')
            return value
        if letter in 'sp':
            if not isinstance(value, (bytes, bytearray)):
                raise error(f"argument for '{letter}' must be a bytes object")
            if letter == 's':
                return bytes(value[:size]).ljust(size, b'\0')
            kept = bytes(value[:size - 1]) if size else b''
            return (bytes([min(len(kept), 255)]) + kept).ljust(size, b'\0')[:size]
        if letter == '?':
            return b'\1' if value else b'\0'
        if letter in _FLOATS:
            try:
                value = float(value) if not isinstance(value, str) else value.__float__()
            except (TypeError, AttributeError):
                raise error('required argument is not a float') from None
            return _float_to_bits(value, letter).to_bytes(size, self._order)
        return self._packed_integer(letter, size, value)

    def _packed_integer(self, letter, size, value):
        if not isinstance(value, int):
            try:
                value = value.__index__()
            except AttributeError:
                raise error('required argument is not an integer') from None
        signed = letter.islower()
        low, high = (-1 << size * 8 - 1, (1 << size * 8 - 1) - 1) if signed else (0, (1 << size * 8) - 1)
        if not low <= value <= high:
            raise error(f"'{letter}' format requires {low} <= number <= {high}")
        return int(value).to_bytes(size, self._order, signed=signed)

    def unpack(self, buffer):
        """The values of bytes of exactly this size."""
        buffer = _checked_buffer(buffer)
        if len(buffer) != self.size:
            raise error(f'unpack requires a buffer of {self.size} bytes')
        return self._unpacked(buffer, 0)

    def unpack_from(self, buffer, offset=0):
        buffer = _checked_buffer(buffer)
        if offset < 0:
            if offset + len(buffer) < 0:
                raise error(f'offset {offset} out of range for {len(buffer)}-byte buffer')
            if offset + self.size > 0:
                raise error(f'not enough data to unpack {self.size} bytes at offset {offset}')
            offset += len(buffer)
        if len(buffer) - offset < self.size:
            raise error(f'unpack_from requires a buffer of at least {self.size + offset} bytes for unpacking '
                        f'{self.size} bytes at offset {offset} (actual buffer size is {len(buffer)})')
        return self._unpacked(buffer, offset)

    def iter_unpack(self, buffer):
        if not self.size:
            raise error('cannot iteratively unpack with a struct of length 0')
        buffer = _checked_buffer(buffer)
        if len(buffer) % self.size:
            raise error(f'iterative unpacking requires a buffer of a multiple of {self.size} bytes')
        return iter([self._unpacked(buffer, at) for at in range(0, len(buffer), self.size)])

    def pack_into(self, buffer, offset, *values):
        target = buffer
        if not isinstance(buffer, bytearray):
            if not hasattr(buffer, 'tobytes') or getattr(buffer, 'readonly', False):
                raise TypeError(f'argument must be read-write bytes-like object, not {type(buffer).__name__}')
            buffer = bytearray(buffer.tobytes())
        data = self.pack(*values)
        if offset < 0:
            if offset + self.size > 0:
                raise error(f'no space to pack {self.size} bytes at offset {offset}')
            if offset + len(buffer) < 0:
                raise error(f'offset {offset} out of range for {len(buffer)}-byte buffer')
            offset += len(buffer)
        if len(buffer) - offset < self.size:
            raise error(f'pack_into requires a buffer of at least {self.size + offset} bytes for packing '
                        f'{self.size} bytes at offset {offset} (actual buffer size is {len(buffer)})')
        buffer[offset:offset + self.size] = data
        if target is not buffer:
            # An array or a view takes all of its items anew.
            target[:] = type(target)(target.typecode, bytes(buffer)) if hasattr(target, 'typecode') else bytes(buffer)

    def _unpacked(self, buffer, base):
        values = []
        for letter, at, size, _ in self._items:
            part = bytes(buffer[base + at:base + at + size])
            if letter in 'cs':
                values.append(part)
            elif letter == 'p':
                values.append(part[1:1 + part[0]] if part else b'')
            elif letter == '?':
                values.append(part != b'\0')
            elif letter in _FLOATS:
                values.append(_bits_to_float(int.from_bytes(part, self._order), letter))
            else:
                values.append(int.from_bytes(part, self._order, signed=letter.islower()))
        return tuple(values)


def _checked_buffer(buffer):
    if isinstance(buffer, (bytes, bytearray)):
        return buffer
    if hasattr(buffer, 'tobytes'):
        return buffer.tobytes()
    raise TypeError(f"a bytes-like object is required, not '{type(buffer).__name__}'")


# Formats that were taken apart already.
_known = {}


def _struct(format):
    found = _known.get(format)
    if found is None:
        found = Struct(format)
        if len(_known) >= 100:
            _known.clear()
        _known[format] = found
    return found


def calcsize(format, /):
    return _struct(format).size


def pack(format, /, *values):
    return _struct(format).pack(*values)


def pack_into(format, buffer, offset, /, *values):
    _struct(format).pack_into(buffer, offset, *values)


def unpack(format, buffer, /):
    return _struct(format).unpack(buffer)


def unpack_from(format, /, buffer, offset=0):
    return _struct(format).unpack_from(buffer, offset)


def iter_unpack(format, buffer, /):
    return _struct(format).iter_unpack(buffer)
