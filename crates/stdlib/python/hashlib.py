"""Digests computed here: md5, sha1 and the sha2 family.

Missing: sha3, shake, blake2, the key derivations and `file_digest`.
"""

__all__ = ['md5', 'new', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'algorithms_guaranteed',
           'algorithms_available']

algorithms_available = {'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'}
algorithms_guaranteed = algorithms_available

_MASK = 0xffffffff
_MASK_64 = 0xffffffffffffffff


def _root_bits(number, root, bits):
    """The first bits behind the point of a square or cube root, by whole-number bisection."""
    scaled = number << (bits * root)
    low, high = 0, 1 << (bits + 5)
    while high - low > 1:
        middle = (low + high) >> 1
        if middle ** root <= scaled:
            low = middle
        else:
            high = middle
    return low & ((1 << bits) - 1)


def _primes(count):
    found = []
    number = 2
    while len(found) < count:
        if all([number % prime for prime in found]):
            found.append(number)
        number += 1
    return found


_tables = {}


def _table(name):
    """A constant table, made on first use: the standards define them by roots of primes and sines."""
    if name not in _tables:
        primes = _primes(80)
        if name == 'cubes32':
            table = [_root_bits(prime, 3, 32) for prime in primes[:64]]
        elif name == 'cubes64':
            table = [_root_bits(prime, 3, 64) for prime in primes]
        elif name == 'roots32':
            table = [_root_bits(prime, 2, 32) for prime in primes[:8]]
        elif name == 'roots64':
            table = [_root_bits(prime, 2, 64) for prime in primes[:16]]
        else:
            from math import sin
            table = [int(abs(sin(step)) * 4294967296) for step in range(1, 65)]
        _tables[name] = table
    return _tables[name]


_MD5_TURNS = (7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21)


def _md5_block(state, block):
    words = [int.from_bytes(block[at:at + 4], 'little') for at in range(0, 64, 4)]
    sines = _table('sines')
    a, b, c, d = state
    for step in range(64):
        if step < 16:
            mix, index = (b & c) | (~b & d), step
        elif step < 32:
            mix, index = (d & b) | (~d & c), (5 * step + 1) % 16
        elif step < 48:
            mix, index = b ^ c ^ d, (3 * step + 5) % 16
        else:
            mix, index = c ^ (b | (~d & _MASK)), 7 * step % 16
        value = (a + (mix & _MASK) + sines[step] + words[index]) & _MASK
        turn = _MD5_TURNS[step >> 4][step & 3]
        a, d, c, b = d, c, b, (b + ((value << turn) | (value >> (32 - turn)))) & _MASK
    return [(old + new) & _MASK for old, new in zip(state, (a, b, c, d))]


def _sha1_block(state, block):
    words = [int.from_bytes(block[at:at + 4], 'big') for at in range(0, 64, 4)]
    for at in range(16, 80):
        value = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16]
        words.append(((value << 1) | (value >> 31)) & _MASK)
    a, b, c, d, e = state
    for step, word in enumerate(words):
        if step < 20:
            mix, constant = (b & c) | (~b & d), 0x5a827999
        elif step < 40:
            mix, constant = b ^ c ^ d, 0x6ed9eba1
        elif step < 60:
            mix, constant = (b & c) | (b & d) | (c & d), 0x8f1bbcdc
        else:
            mix, constant = b ^ c ^ d, 0xca62c1d6
        value = (((a << 5) | (a >> 27)) + (mix & _MASK) + e + constant + word) & _MASK
        a, b, c, d, e = value, a, ((b << 30) | (b >> 2)) & _MASK, c, d
    return [(old + new) & _MASK for old, new in zip(state, (a, b, c, d, e))]


def _sha2_32(state, block):
    words = [int.from_bytes(block[at:at + 4], 'big') for at in range(0, 64, 4)]
    return _sha2_rounds(state, words, _table('cubes32'), 32, ((7, 18, 3), (17, 19, 10)), ((6, 11, 25), (2, 13, 22)))


def _sha2_64(state, block):
    words = [int.from_bytes(block[at:at + 8], 'big') for at in range(0, 128, 8)]
    return _sha2_rounds(state, words, _table('cubes64'), 64, ((1, 8, 7), (19, 61, 6)), ((14, 18, 41), (28, 34, 39)))


def _sha2_rounds(state, words, constants, bits, small, large):
    """Both word sizes share their rounds and differ in how far words are turned."""
    mask = (1 << bits) - 1
    (r1, r2, r3), (r4, r5, r6) = small
    for at in range(16, len(constants)):
        x, y = words[at - 15], words[at - 2]
        # Bits above the word are cut off once, at the end of each sum.
        low = (x >> r1 | x << bits - r1) ^ (x >> r2 | x << bits - r2) ^ x >> r3
        high = (y >> r4 | y << bits - r4) ^ (y >> r5 | y << bits - r5) ^ y >> r6
        words.append((words[at - 16] + (low & mask) + words[at - 7] + (high & mask)) & mask)
    (r1, r2, r3), (r4, r5, r6) = large
    a, b, c, d, e, f, g, h = state
    for constant, word in zip(constants, words):
        turned = ((e >> r1 | e << bits - r1) ^ (e >> r2 | e << bits - r2) ^ (e >> r3 | e << bits - r3)) & mask
        first = h + turned + ((e & f) ^ (~e & mask & g)) + constant + word
        turned = ((a >> r4 | a << bits - r4) ^ (a >> r5 | a << bits - r5) ^ (a >> r6 | a << bits - r6)) & mask
        second = turned + ((a & b) ^ (a & c) ^ (b & c))
        a, b, c, d, e, f, g, h = (first + second) & mask, a, b, c, (d + first) & mask, e, f, g
    return [(old + new) & mask for old, new in zip(state, (a, b, c, d, e, f, g, h))]


_MD5_START = (0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
# Name: the beginning state, the step, the bytes of a block, of a word and of the digest, the order of bytes.
_KINDS = {
    'md5': (lambda: _MD5_START, _md5_block, 64, 4, 16, 'little'),
    'sha1': (lambda: _MD5_START + (0xc3d2e1f0,), _sha1_block, 64, 4, 20, 'big'),
    'sha224': (lambda: [_root & _MASK for _root in _table('roots64')[8:]], _sha2_32, 64, 4, 28, 'big'),
    'sha256': (lambda: _table('roots32'), _sha2_32, 64, 4, 32, 'big'),
    'sha384': (lambda: _table('roots64')[8:], _sha2_64, 128, 8, 48, 'big'),
    'sha512': (lambda: _table('roots64')[:8], _sha2_64, 128, 8, 64, 'big'),
}


class HASH:
    """A digest that is being computed."""

    __module__ = '_hashlib'

    def __init__(self, name):
        start, self._step, self.block_size, self._word, self.digest_size, self._order = _KINDS[name]
        self.name = name
        self._state = start()
        self._rest = b''
        self._size = 0

    def update(self, data, /):
        """Take in more bytes."""
        data = self._rest + _as_bytes(data)
        self._size += len(data) - len(self._rest)
        size = self.block_size
        whole = len(data) - len(data) % size
        for at in range(0, whole, size):
            self._state = self._step(self._state, data[at:at + size])
        self._rest = data[whole:]

    def digest(self):
        """The digest of all bytes so far."""
        size = self.block_size
        # The length in bits ends the last block, behind a single one bit and zeros.
        length = (self._size * 8).to_bytes(size // 8, self._order)
        tail = self._rest + b'\x80'
        tail += bytes(-(len(tail) + len(length)) % size) + length
        state = self._state
        for at in range(0, len(tail), size):
            state = self._step(state, tail[at:at + size])
        return b''.join([word.to_bytes(self._word, self._order) for word in state])[:self.digest_size]

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        """The same state, which goes its own way from now on."""
        other = HASH.__new__(HASH)
        other.__dict__.update(self.__dict__)
        return other

    def __repr__(self):
        return f'<{self.name} _hashlib.HASH object @ {id(self):#x}>'


def _as_bytes(data):
    if isinstance(data, str):
        raise TypeError('Strings must be encoded before hashing')
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError('object supporting the buffer API required')
    return bytes(data)


def new(name, data=b'', *, usedforsecurity=True):
    """A digest by its name."""
    if not isinstance(name, str):
        raise TypeError(f"new() argument 'name' must be str, not {type(name).__name__}")
    known = name.lower().replace('-', '')
    if known not in _KINDS:
        if known.startswith(('sha3', 'shake', 'blake2')) or known in ('sha512_256', 'sha512_224', 'ripemd160', 'sm3'):
            raise NotImplementedError(f'not supported: hashlib.new({name!r})')
        raise ValueError(f'unsupported hash type {name}')
    made = HASH(known)
    made.update(data)
    return made


def md5(string=b'', *, usedforsecurity=True):
    return new('md5', string)


def sha1(string=b'', *, usedforsecurity=True):
    return new('sha1', string)


def sha224(string=b'', *, usedforsecurity=True):
    return new('sha224', string)


def sha256(string=b'', *, usedforsecurity=True):
    return new('sha256', string)


def sha384(string=b'', *, usedforsecurity=True):
    return new('sha384', string)


def sha512(string=b'', *, usedforsecurity=True):
    return new('sha512', string)


def __getattr__(name):
    if name in ('sha3_224', 'sha3_256', 'sha3_384', 'sha3_512', 'shake_128', 'shake_256', 'blake2b', 'blake2s',
                'pbkdf2_hmac', 'scrypt', 'file_digest'):
        raise NotImplementedError(f'not supported: hashlib.{name}')
    raise AttributeError(f"module 'hashlib' has no attribute {name!r}")
