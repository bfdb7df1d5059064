"""Bytes as hexadecimal digits and as base 64, and checksums.

Missing: uuencoding, quoted printable, `crc_hqx`.
"""

from zlib import crc32

_ALPHABET = b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
_VALUES = {byte: value for value, byte in enumerate(_ALPHABET)}


class Error(ValueError):
    pass


class Incomplete(Exception):
    pass


def _as_bytes(data, message="a bytes-like object is required, not '{}'"):
    """The bytes of what has any: arrays and views too."""
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    if hasattr(data, 'tobytes'):
        return data.tobytes()
    raise TypeError(message.format(type(data).__name__))


def _as_ascii(data):
    if isinstance(data, str):
        if not data.isascii():
            raise ValueError('string argument should contain only ASCII characters')
        return data.encode('ascii')
    return _as_bytes(data, "argument should be bytes, buffer or ASCII string, not '{}'")


def hexlify(data, *sep):
    return _as_bytes(data).hex(*sep).encode('ascii')


b2a_hex = hexlify


def unhexlify(hexstr, /):
    data = _as_ascii(hexstr)
    if len(data) % 2:
        raise Error('Odd-length string')
    if any([byte not in b'0123456789abcdefABCDEF' for byte in data]):
        raise Error('Non-hexadecimal digit found')
    return bytes.fromhex(data.decode('ascii'))


a2b_hex = unhexlify


def b2a_base64(data, /, *, newline=True):
    data = _as_bytes(data)
    out = bytearray()
    for at in range(0, len(data), 3):
        group = data[at:at + 3]
        value = int.from_bytes(group + bytes(3 - len(group)), 'big')
        letters = [_ALPHABET[value >> shift & 63] for shift in (18, 12, 6, 0)]
        out += bytes(letters[:len(group) + 1]) + b'=' * (3 - len(group))
    if newline:
        out += b'\n'
    return bytes(out)


def a2b_base64(data, /, *, strict_mode=False):
    """Read base 64. Letters that are not of the alphabet are passed over."""
    if strict_mode:
        raise NotImplementedError('not supported: binascii.a2b_base64(strict_mode=True)')
    out = bytearray()
    held = filled = pads = letters = 0
    for byte in _as_ascii(data):
        if byte == 61:
            pads += 1
            if filled >= 2 and filled + pads >= 4:
                return bytes(out)
            continue
        value = _VALUES.get(byte)
        if value is None:
            continue
        pads = 0
        letters += 1
        held = (held << 6 | value) & 0xffffff
        if filled:
            out.append(held >> (6 - 2 * filled) & 255)
        filled = (filled + 1) % 4
    if filled == 1:
        raise Error(f'Invalid base64-encoded string: number of data characters ({letters}) cannot be 1 more than a '
                    'multiple of 4')
    if filled:
        raise Error('Incorrect padding')
    return bytes(out)


def __getattr__(name):
    if name in ('a2b_uu', 'b2a_uu', 'a2b_qp', 'b2a_qp', 'crc_hqx'):
        raise NotImplementedError(f'not supported: binascii.{name}')
    raise AttributeError(f"module 'binascii' has no attribute {name!r}")
