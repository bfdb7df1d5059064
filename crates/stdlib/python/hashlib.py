"""Digests of bytes. Missing: keys, salts and other sizes of blake2, and `scrypt`."""

import _digest

__all__ = ['blake2b', 'blake2s', 'file_digest', 'md5', 'new', 'pbkdf2_hmac', 'sha1', 'sha224', 'sha256', 'sha384',
           'sha3_224', 'sha3_256', 'sha3_384', 'sha3_512', 'sha512', 'shake_128', 'shake_256', 'algorithms_guaranteed',
           'algorithms_available']

# Name: bytes of the digest (0 where they are given later), and of a block.
_KINDS = {
    'md5': (16, 64), 'sha1': (20, 64), 'sha224': (28, 64), 'sha256': (32, 64), 'sha384': (48, 128),
    'sha512': (64, 128), 'sha512_224': (28, 128), 'sha512_256': (32, 128), 'sha3_224': (28, 144),
    'sha3_256': (32, 136), 'sha3_384': (48, 104), 'sha3_512': (64, 72), 'shake_128': (0, 168),
    'shake_256': (0, 136), 'blake2b': (64, 128), 'blake2s': (32, 64),
}
algorithms_guaranteed = {name for name in _KINDS if not name.startswith('sha512_')}
algorithms_available = set(_KINDS)


class HASH:
    """A digest that is being computed."""

    __module__ = '_hashlib'

    def __init__(self, name):
        self.name = name
        self.digest_size, self.block_size = _KINDS[name]
        self._parts = []

    def update(self, data, /):
        """Take in more bytes."""
        self._parts.append(_as_bytes(data))

    def _all(self):
        if len(self._parts) > 1:
            self._parts = [b''.join(self._parts)]
        return self._parts[0] if self._parts else b''

    def digest(self):
        """The digest of all bytes so far."""
        return _digest.digest(self.name, self._all(), 0)

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        """The same state, which goes its own way from now on."""
        other = type(self)(self.name)
        other._parts = [self._all()]
        return other

    def __repr__(self):
        return f'<{self.name} _hashlib.{type(self).__name__} object @ {id(self):#x}>'


class HASHXOF(HASH):
    """A digest of as many bytes as are wanted."""

    __module__ = '_hashlib'

    def digest(self, length, /):
        if length < 0:
            raise ValueError('value must be positive')
        return _digest.digest(self.name, self._all(), length)

    def hexdigest(self, length, /):
        return self.digest(length).hex()


def _as_bytes(data):
    if isinstance(data, str):
        raise TypeError('Strings must be encoded before hashing')
    if not isinstance(data, (bytes, bytearray)):
        if isinstance(data, (int, float, list, tuple, dict, set, type(None))):
            raise TypeError('object supporting the buffer API required')
        data = _other_bytes(data)
    return bytes(data)


def _other_bytes(data):
    """The bytes behind another object, if it has any."""
    for method in ('tobytes', '__bytes__'):
        if hasattr(data, method):
            return getattr(data, method)()
    raise TypeError('object supporting the buffer API required')


def _made(name, data):
    made = (HASHXOF if name.startswith('shake') else HASH)(name)
    made.update(data)
    return made


def new(name, data=b'', *, usedforsecurity=True, **options):
    """A digest by its name."""
    if not isinstance(name, str):
        raise TypeError('name must be a string')
    known = name.lower().replace('-', '_')
    known = {'sha_1': 'sha1', 'sha_224': 'sha224', 'sha_256': 'sha256', 'sha_384': 'sha384', 'sha_512': 'sha512',
             'sha512_256': 'sha512_256', 'sha_512_256': 'sha512_256', 'sha_512_224': 'sha512_224',
             'blake2b512': 'blake2b', 'blake2s256': 'blake2s', 'shake128': 'shake_128',
             'shake256': 'shake_256'}.get(known, known)
    if known not in _KINDS:
        if known in ('ripemd160', 'sm3', 'md5_sha1', 'md4', 'whirlpool'):
            raise NotImplementedError(f'not supported: hashlib.new({name!r})')
        raise ValueError(f'unsupported hash type {name}')
    if known.startswith('blake2'):
        return globals()[known](data, **options)
    return _made(known, data)


def md5(string=b'', *, usedforsecurity=True):
    return _made('md5', string)


def sha1(string=b'', *, usedforsecurity=True):
    return _made('sha1', string)


def sha224(string=b'', *, usedforsecurity=True):
    return _made('sha224', string)


def sha256(string=b'', *, usedforsecurity=True):
    return _made('sha256', string)


def sha384(string=b'', *, usedforsecurity=True):
    return _made('sha384', string)


def sha512(string=b'', *, usedforsecurity=True):
    return _made('sha512', string)


def sha3_224(string=b'', *, usedforsecurity=True):
    return _made('sha3_224', string)


def sha3_256(string=b'', *, usedforsecurity=True):
    return _made('sha3_256', string)


def sha3_384(string=b'', *, usedforsecurity=True):
    return _made('sha3_384', string)


def sha3_512(string=b'', *, usedforsecurity=True):
    return _made('sha3_512', string)


def shake_128(string=b'', *, usedforsecurity=True):
    return _made('shake_128', string)


def shake_256(string=b'', *, usedforsecurity=True):
    return _made('shake_256', string)


def _blake2(name, data, digest_size, options):
    if digest_size != _KINDS[name][0] or any(options.values()):
        raise NotImplementedError(f'not supported: hashlib.{name} with options')
    return _made(name, data)


def blake2b(data=b'', /, *, digest_size=64, usedforsecurity=True, **options):
    return _blake2('blake2b', data, digest_size, options)


def blake2s(data=b'', /, *, digest_size=32, usedforsecurity=True, **options):
    return _blake2('blake2s', data, digest_size, options)


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """A key out of a password, slowly."""
    if iterations < 1:
        raise ValueError('iteration value must be greater than 0.')
    if dklen is not None and dklen < 1:
        raise ValueError('key length must be greater than 0.')
    import hmac
    size = new(hash_name).digest_size
    password, salt = _as_bytes(password), _as_bytes(salt)
    key = b''
    block = 1
    while len(key) < (size if dklen is None else dklen):
        step = hmac.digest(password, salt + block.to_bytes(4, 'big'), hash_name)
        total = int.from_bytes(step, 'big')
        for _ in range(iterations - 1):
            step = hmac.digest(password, step, hash_name)
            total ^= int.from_bytes(step, 'big')
        key += total.to_bytes(size, 'big')
        block += 1
    return key[:size if dklen is None else dklen]


def file_digest(fileobj, digest, /, *, _bufsize=262144):
    """The digest of all that a stream of bytes holds."""
    made = new(digest) if isinstance(digest, str) else digest()
    if hasattr(fileobj, 'getvalue'):
        made.update(fileobj.getvalue())
        return made
    if not hasattr(fileobj, 'read') or hasattr(fileobj, 'encoding'):
        raise ValueError(f"'{fileobj!r}' is not a file-like object in binary reading mode.")
    while True:
        piece = fileobj.read(_bufsize)
        if not piece:
            return made
        made.update(piece)


def __getattr__(name):
    if name == 'scrypt':
        raise NotImplementedError(f'not supported: hashlib.{name}')
    raise AttributeError(f"module 'hashlib' has no attribute {name!r}")
