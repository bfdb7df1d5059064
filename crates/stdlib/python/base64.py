"""Bytes as letters: base 64, 32 and 16.

Missing: base 85 (`a85encode`, `b85encode` and back), `b32hexencode`, and the functions over files.
"""

import binascii

__all__ = ['b16decode', 'b16encode', 'b32decode', 'b32encode', 'b64decode', 'b64encode', 'decodebytes',
           'encodebytes', 'standard_b64decode', 'standard_b64encode', 'urlsafe_b64decode', 'urlsafe_b64encode']


def _as_bytes(data):
    if isinstance(data, str):
        if not data.isascii():
            raise ValueError('string argument should contain only ASCII characters')
        return data.encode('ascii')
    if isinstance(data, (bytes, bytearray)):
        return bytes(data)
    raise TypeError(f'argument should be a bytes-like object or ASCII string, not {type(data).__name__!r}')


def b64encode(s, altchars=None):
    encoded = binascii.b2a_base64(s, newline=False)
    if altchars is not None:
        assert len(altchars) == 2, repr(altchars)
        return encoded.translate(bytes.maketrans(b'+/', altchars))
    return encoded


def b64decode(s, altchars=None, validate=False):
    s = _as_bytes(s)
    if altchars is not None:
        altchars = _as_bytes(altchars)
        assert len(altchars) == 2, repr(altchars)
        s = s.translate(bytes.maketrans(altchars, b'+/'))
    if validate:
        _check_strictly(s)
    return binascii.a2b_base64(s)


def _check_strictly(data):
    """What a strict reader refuses, in the order in which it finds it."""
    letters = data.rstrip(b'=')
    if data[:1] == b'=':
        raise binascii.Error('Leading padding not allowed')
    for at, byte in enumerate(letters):
        if byte == 61:
            raise binascii.Error('Discontinuous padding not allowed')
        if byte not in binascii._VALUES:
            raise binascii.Error('Only base64 data is allowed')
    pads = len(data) - len(letters)
    if pads and len(letters) % 4 == 0 or pads > 2 or len(letters) % 4 == 3 and pads > 1:
        raise binascii.Error('Excess data after padding')


def standard_b64encode(s):
    return b64encode(s)


def standard_b64decode(s):
    return b64decode(s)


def urlsafe_b64encode(s):
    return b64encode(s, b'-_')


def urlsafe_b64decode(s):
    return b64decode(s, b'-_')


def encodebytes(s):
    if not isinstance(s, (bytes, bytearray)):
        raise TypeError(f'expected bytes-like object, not {type(s).__name__}')
    return b''.join([binascii.b2a_base64(s[at:at + 57]) for at in range(0, len(s), 57)])


def decodebytes(s):
    if not isinstance(s, (bytes, bytearray)):
        raise TypeError(f'expected bytes-like object, not {type(s).__name__}')
    return binascii.a2b_base64(s)


_ALPHABET_32 = b'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'


def b32encode(s):
    if not isinstance(s, (bytes, bytearray)):
        raise TypeError(f"memoryview: a bytes-like object is required, not '{type(s).__name__}'")
    out = bytearray()
    for at in range(0, len(s), 5):
        group = bytes(s[at:at + 5])
        value = int.from_bytes(group + bytes(5 - len(group)), 'big')
        letters = [_ALPHABET_32[value >> shift & 31] for shift in range(35, -1, -5)]
        kept = (len(group) * 8 + 4) // 5
        out += bytes(letters[:kept]) + b'=' * (8 - kept)
    return bytes(out)


def b32decode(s, casefold=False, map01=None):
    s = _as_bytes(s)
    if len(s) % 8:
        raise binascii.Error('Incorrect padding')
    if map01 is not None:
        map01 = _as_bytes(map01)
        assert len(map01) == 1, repr(map01)
        s = s.translate(bytes.maketrans(b'01', b'O' + map01))
    if casefold:
        s = s.upper()
    letters = s.rstrip(b'=')
    pads = len(s) - len(letters)
    bits = 0
    for byte in letters:
        value = _ALPHABET_32.find(byte)
        if value < 0:
            raise binascii.Error('Non-base32 digit found')
        bits = bits << 5 | value
    if pads not in (0, 1, 3, 4, 6):
        raise binascii.Error('Incorrect padding')
    size = len(letters) * 5 // 8
    return (bits >> (len(letters) * 5 - size * 8)).to_bytes(size, 'big')


def b16encode(s):
    return binascii.hexlify(s).upper()


def b16decode(s, casefold=False):
    s = _as_bytes(s)
    if casefold:
        s = s.upper()
    if any([byte not in b'0123456789ABCDEF' for byte in s]):
        raise binascii.Error('Non-base16 digit found')
    return binascii.unhexlify(s)


def __getattr__(name):
    if name in ('a85encode', 'a85decode', 'b85encode', 'b85decode', 'b32hexencode', 'b32hexdecode', 'encode',
                'decode'):
        raise NotImplementedError(f'not supported: base64.{name}')
    raise AttributeError(f"module 'base64' has no attribute {name!r}")
