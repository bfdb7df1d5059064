"""Bytes as letters: base 64, 32, 16 and 85.

Complete but for the command.
"""

import binascii

__all__ = ['encode', 'decode', 'encodebytes', 'decodebytes', 'b64encode', 'b64decode', 'b32encode', 'b32decode',
           'b32hexencode', 'b32hexdecode', 'b16encode', 'b16decode', 'b85encode', 'b85decode', 'a85encode',
           'a85decode', 'standard_b64encode', 'standard_b64decode', 'urlsafe_b64encode', 'urlsafe_b64decode']


def _as_bytes(data):
    if isinstance(data, str):
        if not data.isascii():
            raise ValueError('string argument should contain only ASCII characters')
        return data.encode('ascii')
    return binascii._as_bytes(data, "argument should be a bytes-like object or ASCII string, not '{}'")


def b64encode(s, altchars=None):
    encoded = binascii.b2a_base64(s, newline=False)
    if altchars is not None:
        assert len(altchars) == 2, repr(altchars)
        return encoded.translate(bytes.maketrans(b'+/', binascii._as_bytes(altchars)))
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
    s = binascii._as_bytes(s, 'expected bytes-like object, not {}')
    return b''.join([binascii.b2a_base64(s[at:at + 57]) for at in range(0, len(s), 57)])


def decodebytes(s):
    s = binascii._as_bytes(s, 'expected bytes-like object, not {}')
    return binascii.a2b_base64(s)


_ALPHABET_32 = b'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
_ALPHABET_32_HEX = b'0123456789ABCDEFGHIJKLMNOPQRSTUV'


def b32encode(s):
    return _b32encode(_ALPHABET_32, s)


def b32hexencode(s):
    return _b32encode(_ALPHABET_32_HEX, s)


def _b32encode(alphabet, s):
    s = binascii._as_bytes(s, "memoryview: a bytes-like object is required, not '{}'")
    out = bytearray()
    for at in range(0, len(s), 5):
        group = bytes(s[at:at + 5])
        value = int.from_bytes(group + bytes(5 - len(group)), 'big')
        letters = [alphabet[value >> shift & 31] for shift in range(35, -1, -5)]
        kept = (len(group) * 8 + 4) // 5
        out += bytes(letters[:kept]) + b'=' * (8 - kept)
    return bytes(out)


def b32decode(s, casefold=False, map01=None):
    return _b32decode(_ALPHABET_32, s, casefold, map01)


def b32hexdecode(s, casefold=False):
    return _b32decode(_ALPHABET_32_HEX, s, casefold, None)


def _b32decode(alphabet, s, casefold, map01):
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
        value = alphabet.find(byte)
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


# ---- base 85

_LETTERS_A85 = bytes(range(33, 118))
_LETTERS_B85 = b'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'


def _encode85(data, letters, pad, zeros, spaces):
    data = binascii._as_bytes(data, "memoryview: a bytes-like object is required, not '{}'")
    padding = -len(data) % 4
    data += bytes(padding)
    out = []
    for at in range(0, len(data), 4):
        word = int.from_bytes(data[at:at + 4], 'big')
        if zeros and not word:
            out.append(b'z')
        elif spaces and word == 0x20202020:
            out.append(b'y')
        else:
            out.append(bytes([letters[word // 85 ** power % 85] for power in (4, 3, 2, 1, 0)]))
    if padding and not pad:
        if out[-1] == b'z':
            out[-1] = letters[:1] * 5
        out[-1] = out[-1][:-padding]
    return b''.join(out)


def a85encode(b, *, foldspaces=False, wrapcol=0, pad=False, adobe=False):
    result = _encode85(b, _LETTERS_A85, pad, True, foldspaces)
    if adobe:
        result = b'<~' + result
    if wrapcol:
        wrapcol = max(2 if adobe else 1, wrapcol)
        lines = [result[at:at + wrapcol] for at in range(0, len(result), wrapcol)]
        if adobe and len(lines[-1]) + 2 > wrapcol:
            lines.append(b'')
        result = b'\n'.join(lines)
    return result + b'~>' if adobe else result


def a85decode(b, *, foldspaces=False, adobe=False, ignorechars=b' \t\n\r\v'):
    b = _as_bytes(b)
    if adobe:
        if not b.endswith(b'~>'):
            raise ValueError("Ascii85 encoded byte sequences must end with b'~>'")
        b = b[2:-2] if b.startswith(b'<~') else b[:-2]
    out = []
    word = []
    for letter in b + b'u' * 4:
        if 33 <= letter <= 117:
            word.append(letter)
            if len(word) == 5:
                value = 0
                for digit in word:
                    value = 85 * value + digit - 33
                if value > 0xffffffff:
                    raise ValueError('Ascii85 overflow')
                out.append(value.to_bytes(4, 'big'))
                word = []
        elif letter == 122:
            if word:
                raise ValueError('z inside Ascii85 5-tuple')
            out.append(bytes(4))
        elif foldspaces and letter == 121:
            if word:
                raise ValueError('y inside Ascii85 5-tuple')
            out.append(b'    ')
        elif letter not in ignorechars:
            raise ValueError(f'Non-Ascii85 digit found: {chr(letter)}')
    result = b''.join(out)
    padding = 4 - len(word)
    return result[:-padding] if padding else result


def b85encode(b, pad=False):
    return _encode85(b, _LETTERS_B85, pad, False, False)


_VALUES_85 = {letter: value for value, letter in enumerate(_LETTERS_B85)}


def b85decode(b):
    b = _as_bytes(b)
    padding = -len(b) % 5
    b += b'~' * padding
    out = []
    for at in range(0, len(b), 5):
        value = 0
        for place, letter in enumerate(b[at:at + 5]):
            if letter not in _VALUES_85:
                raise ValueError(f'bad base85 character at position {at + place}')
            value = 85 * value + _VALUES_85[letter]
        if value > 0xffffffff:
            raise ValueError(f'base85 overflow in hunk starting at byte {at}')
        out.append(value.to_bytes(4, 'big'))
    result = b''.join(out)
    return result[:-padding] if padding else result


# ---- streams

def encode(input, output):
    while True:
        piece = input.read(57)
        if not piece:
            break
        while len(piece) < 57:
            more = input.read(57 - len(piece))
            if not more:
                break
            piece += more
        output.write(binascii.b2a_base64(piece))


def decode(input, output):
    while True:
        line = input.readline()
        if not line:
            break
        output.write(binascii.a2b_base64(line))
