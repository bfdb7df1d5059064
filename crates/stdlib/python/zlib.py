"""Checksums of zlib. Missing: compression and decompression."""

__all__ = ['adler32', 'crc32']


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


def __getattr__(name):
    if name in ('compress', 'decompress', 'compressobj', 'decompressobj'):
        raise NotImplementedError(f'not supported: zlib.{name}')
    raise AttributeError(f"module 'zlib' has no attribute {name!r}")
