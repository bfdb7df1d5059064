"""Compression by deflate, with the bytes that CPython's gives, and checksums.

Missing: windows of other sizes, strategies, dictionaries, and flushes between pieces.
"""

import _deflate

__all__ = ['adler32', 'compress', 'compressobj', 'crc32', 'decompress', 'decompressobj', 'error']

MAX_WBITS, DEF_MEM_LEVEL, DEF_BUF_SIZE, DEFLATED = 15, 8, 16384, 8
Z_DEFAULT_COMPRESSION, Z_NO_COMPRESSION, Z_BEST_SPEED, Z_BEST_COMPRESSION = -1, 0, 1, 9
Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED = range(5)
Z_NO_FLUSH, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH, Z_BLOCK, Z_TREES = range(7)
ZLIB_VERSION = ZLIB_RUNTIME_VERSION = '1.2.13'


class error(Exception):
    __module__ = 'zlib'


def _make_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ 0xedb88320 if byte & 1 else byte >> 1
        table.append(byte)
    return table


_TABLE = _make_table()


def _as_bytes(data):
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError(f"a bytes-like object is required, not '{type(data).__name__}'")
    return data


def crc32(data, value=0, /):
    value = ~value & 0xffffffff
    for byte in _as_bytes(data):
        value = value >> 8 ^ _TABLE[(value ^ byte) & 255]
    return value ^ 0xffffffff


def adler32(data, value=1, /):
    low, high = value & 0xffff, value >> 16 & 0xffff
    for byte in _as_bytes(data):
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return high << 16 | low


# ---- compression

def _format(wbits):
    kind = {15: 'zlib', 0: 'zlib', -15: 'raw', 31: 'gzip', 47: 'any'}.get(wbits)
    if kind is None:
        raise NotImplementedError(f'not supported: zlib with wbits={wbits}')
    return kind


def _wrapped(data, level, kind):
    level = 6 if level == -1 else level
    body = _deflate.compress(data, level)
    if kind == 'raw':
        return body
    if kind == 'gzip':
        extra = 2 if level == 9 else 4 if level < 2 else 0
        head = b'\x1f\x8b\x08\0\0\0\0\0' + bytes([extra]) + b'\x03'
        return head + body + crc32(data).to_bytes(4, 'little') + (len(data) & 0xffffffff).to_bytes(4, 'little')
    head = 0x7800 | (0 if level < 2 else 1 if level < 6 else 2 if level == 6 else 3) << 6
    head += 31 - head % 31
    return head.to_bytes(2, 'big') + body + adler32(data).to_bytes(4, 'big')


def _check_level(level):
    if not -1 <= level <= 9:
        raise error('Bad compression level')


def compress(data, /, level=-1, wbits=15):
    _check_level(level)
    return _wrapped(bytes(_as_bytes(data)), level, _format(wbits))


class _Compress:
    """Takes data in pieces; all that comes out comes out at the end."""

    def __init__(self, level, kind):
        self._level, self._kind, self._parts = level, kind, []

    def compress(self, data, /):
        if self._parts is None:
            raise error('Error -2 while compressing data: inconsistent stream state')
        self._parts.append(bytes(_as_bytes(data)))
        return b''

    def flush(self, mode=4, /):
        if mode == 0:
            return b''
        if mode != 4:
            raise NotImplementedError('not supported: a flush of zlib that does not finish')
        if self._parts is None:
            raise error('Error -2 while finishing compression: inconsistent stream state')
        data, self._parts = b''.join(self._parts), None
        return _wrapped(data, self._level, self._kind)

    def copy(self):
        made = _Compress(self._level, self._kind)
        made._parts = list(self._parts)
        return made

    __copy__ = copy

    def __deepcopy__(self, memo):
        return self.copy()


def compressobj(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None):
    if method != 8 or memLevel != 8 or strategy != 0 or zdict is not None:
        raise NotImplementedError('not supported: zlib.compressobj with these options')
    if not -1 <= level <= 9:
        raise ValueError('Invalid initialization option')
    return _Compress(level, _format(wbits))


# ---- decompression

class _Short(Exception):
    """The data ends too early."""


class _Reader:
    def __init__(self, data, at):
        self.data, self.at = data, at
        self.held = self.count = 0

    def bits(self, count):
        while self.count < count:
            if self.at >= len(self.data):
                raise _Short
            self.held |= self.data[self.at] << self.count
            self.at += 1
            self.count += 8
        value = self.held & (1 << count) - 1
        self.held >>= count
        self.count -= count
        return value

    def symbol(self, table):
        code = 1
        while True:
            code = code << 1 | self.bits(1)
            if code in table:
                return table[code]
            if code > 1 << 16:
                return None


def _table(lengths, complete):
    """Symbols by their codes, each with a one before it; None for lengths that are no code."""
    counts = [0] * 16
    for length in lengths:
        counts[length] += 1
    counts[0] = 0
    left = 1
    for count in counts[1:]:
        left = (left << 1) - count
        if left < 0:
            return None
    if left > 0 and (complete or sum(counts) > 1 or counts[1] != sum(counts)):
        return None
    code = 0
    following = [0] * 16
    for bits in range(1, 16):
        code = (code + counts[bits - 1]) << 1
        following[bits] = code
    table = {}
    for symbol, length in enumerate(lengths):
        if length:
            table[1 << length | following[length]] = symbol
            following[length] += 1
    return table


def _wrong(what):
    return error(f'Error -3 while decompressing data: {what}')


def _inflate(data, at):
    """The content, and the place behind it."""
    reader = _Reader(data, at)
    out = bytearray()
    while True:
        last, kind = reader.bits(1), reader.bits(2)
        if kind == 0:
            reader.held = reader.count = 0
            if reader.at + 4 > len(data):
                raise _Short
            size = int.from_bytes(data[reader.at:reader.at + 2], 'little')
            if size ^ 0xffff != int.from_bytes(data[reader.at + 2:reader.at + 4], 'little'):
                raise _wrong('invalid stored block lengths')
            reader.at += 4
            if reader.at + size > len(data):
                raise _Short
            out += data[reader.at:reader.at + size]
            reader.at += size
        elif kind == 3:
            raise _wrong('invalid block type')
        else:
            lits, dists = _fixed() if kind == 1 else _dynamic(reader)
            _symbols(reader, out, lits, dists)
        if last:
            return out, reader.at - reader.count // 8


_fixed_tables = []


def _fixed():
    if not _fixed_tables:
        _fixed_tables.extend((_table(_deflate._FIXED_LENGTHS, True), _table([5] * 32, True)))
    return _fixed_tables


def _dynamic(reader):
    lits, dists, codes = reader.bits(5) + 257, reader.bits(5) + 1, reader.bits(4) + 4
    if lits > 286 or dists > 30:
        raise _wrong('too many length or distance symbols')
    lengths = [0] * 19
    for place in range(codes):
        lengths[_deflate._CODES_ORDER[place]] = reader.bits(3)
    table = _table(lengths, True)
    if table is None:
        raise _wrong('invalid code lengths set')
    lengths = []
    while len(lengths) < lits + dists:
        symbol = reader.symbol(table)
        if symbol < 16:
            lengths.append(symbol)
            continue
        if symbol == 16 and not lengths:
            raise _wrong('invalid bit length repeat')
        value = lengths[-1] if symbol == 16 else 0
        count = 3 + reader.bits(2) if symbol == 16 else 3 + reader.bits(3) if symbol == 17 else 11 + reader.bits(7)
        if len(lengths) + count > lits + dists:
            raise _wrong('invalid bit length repeat')
        lengths += [value] * count
    if not lengths[256]:
        raise _wrong('invalid code -- missing end-of-block')
    lit_table, dist_table = _table(lengths[:lits], False), _table(lengths[lits:], False)
    if lit_table is None:
        raise _wrong('invalid literal/lengths set')
    if dist_table is None:
        raise _wrong('invalid distances set')
    return lit_table, dist_table


def _symbols(reader, out, lits, dists):
    while True:
        symbol = reader.symbol(lits)
        if symbol is None or symbol > 285:
            raise _wrong('invalid literal/length code')
        if symbol < 256:
            out.append(symbol)
            continue
        if symbol == 256:
            return
        length = _deflate._LENGTH_BASES[symbol - 257] + reader.bits(_deflate._LENGTH_EXTRA[symbol - 257])
        symbol = reader.symbol(dists)
        if symbol is None or symbol > 29:
            raise _wrong('invalid distance code')
        distance = _deflate._DISTANCE_BASES[symbol] + reader.bits(_deflate._DISTANCE_EXTRA[symbol])
        if distance > len(out):
            raise _wrong('invalid distance too far back')
        start = len(out) - distance
        piece = bytes(out[start:start + length])
        while len(piece) < length:
            piece += piece
        out += piece[:length]


def _unwrapped(data, kind):
    """The content, and the place behind it with its wrapping."""
    if kind == 'any':
        kind = 'gzip' if data[:2] == b'\x1f\x8b' else 'zlib'
    if kind == 'raw':
        return _inflate(data, 0)
    if kind == 'gzip':
        return _gunzipped(data)
    if len(data) < 2:
        raise _Short
    if (data[0] << 8 | data[1]) % 31:
        raise _wrong('incorrect header check')
    if data[0] & 15 != 8:
        raise _wrong('unknown compression method')
    if data[0] >> 4 > 7:
        raise _wrong('invalid window size')
    if data[1] & 32:
        raise error('Error 2 while decompressing data')
    out, at = _inflate(data, 2)
    if at + 4 > len(data):
        raise _Short
    if adler32(out) != int.from_bytes(data[at:at + 4], 'big'):
        raise _wrong('incorrect data check')
    return out, at + 4


def _gunzipped(data):
    if len(data) < 2:
        raise _Short
    if data[:2] != b'\x1f\x8b':
        raise _wrong('incorrect header check')
    if len(data) > 3 and data[2] != 8:
        raise _wrong('unknown compression method')
    if len(data) > 3 and data[3] & 0xe0:
        raise _wrong('unknown header flags set')
    if len(data) < 10:
        raise _Short
    flags, at = data[3], 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at:at + 2], 'little')
    for flag in (8, 16):
        if flags & flag:
            end = data.find(b'\0', at)
            if end < 0:
                raise _Short
            at = end + 1
    if flags & 2:
        if at + 2 > len(data):
            raise _Short
        if crc32(data[:at]) & 0xffff != int.from_bytes(data[at:at + 2], 'little'):
            raise _wrong('header crc mismatch')
        at += 2
    out, at = _inflate(data, at)
    if at + 4 > len(data):
        raise _Short
    if crc32(out) != int.from_bytes(data[at:at + 4], 'little'):
        raise _wrong('incorrect data check')
    if at + 8 > len(data):
        raise _Short
    if len(out) & 0xffffffff != int.from_bytes(data[at + 4:at + 8], 'little'):
        raise _wrong('incorrect length check')
    return out, at + 8


def decompress(data, /, wbits=15, bufsize=16384):
    data = bytes(_as_bytes(data))
    try:
        out, _ = _unwrapped(data, _format(wbits))
    except _Short:
        raise error('Error -5 while decompressing data: incomplete or truncated stream') from None
    return bytes(out)


class _Decompress:
    """Takes compressed data in pieces; the content comes out when it is whole."""

    def __init__(self, kind):
        self._kind, self._data = kind, b''
        self.unused_data = self.unconsumed_tail = b''
        self.eof = False

    def decompress(self, data, /, max_length=0):
        if max_length:
            raise NotImplementedError('not supported: zlib with max_length')
        data = bytes(_as_bytes(data))
        if self.eof:
            self.unused_data += data
            return b''
        self._data += data
        try:
            out, at = _unwrapped(self._data, self._kind)
        except _Short:
            return b''
        self.eof = True
        self.unused_data, self._data = self._data[at:], b''
        return bytes(out)

    def flush(self, length=16384, /):
        if length <= 0:
            raise ValueError('length must be greater than zero')
        return b''

    def copy(self):
        made = _Decompress(self._kind)
        made.__dict__.update(self.__dict__)
        return made

    __copy__ = copy


def decompressobj(wbits=15, zdict=None):
    if zdict is not None:
        raise NotImplementedError('not supported: zlib with a dictionary')
    return _Decompress(_format(wbits))
