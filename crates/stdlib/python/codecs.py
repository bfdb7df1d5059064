"""Encodings by name: functions, and streams of text over streams of bytes. Missing: encodings and handlers of errors
of the program's own, and incremental decoders of encodings other than UTF-8 and those of one byte a letter."""

import builtins as _builtins

__all__ = ['encode', 'decode', 'lookup', 'open', 'getencoder', 'getdecoder', 'getreader', 'getwriter',
           'getincrementaldecoder', 'getincrementalencoder', 'iterencode', 'iterdecode', 'CodecInfo', 'Codec',
           'IncrementalEncoder', 'IncrementalDecoder', 'StreamReader', 'StreamWriter', 'StreamReaderWriter',
           'BOM', 'BOM_UTF8', 'BOM_LE', 'BOM_BE', 'BOM_UTF16', 'BOM_UTF16_LE', 'BOM_UTF16_BE', 'BOM_UTF32',
           'BOM_UTF32_LE', 'BOM_UTF32_BE', 'EncodedFile', 'register', 'register_error', 'lookup_error']

BOM_UTF8 = b'\xef\xbb\xbf'
BOM_LE = BOM_UTF16_LE = BOM = BOM_UTF16 = b'\xff\xfe'
BOM_BE = BOM_UTF16_BE = b'\xfe\xff'
BOM_UTF32_LE = BOM_UTF32 = b'\xff\xfe\x00\x00'
BOM_UTF32_BE = b'\x00\x00\xfe\xff'
_NAMES = {'utf8': 'utf-8', 'utf_8': 'utf-8', 'u8': 'utf-8', 'latin1': 'iso8859-1', 'latin-1': 'iso8859-1',
          'latin_1': 'iso8859-1', 'iso-8859-1': 'iso8859-1', 'l1': 'iso8859-1', 'us-ascii': 'ascii', '646': 'ascii',
          'utf16': 'utf-16', 'utf32': 'utf-32', 'utf8-sig': 'utf-8-sig', 'utf_8_sig': 'utf-8-sig'}


def _rot13(text):
    out = []
    for letter in text:
        if 'a' <= letter <= 'z' or 'A' <= letter <= 'Z':
            base = ord('a') if letter >= 'a' else ord('A')
            letter = chr((ord(letter) - base + 13) % 26 + base)
        out.append(letter)
    return ''.join(out)


def _transform(encoding):
    """The two functions of an encoding that is none of text to bytes."""
    name = encoding.lower().replace('-', '_')
    if name in ('rot13', 'rot_13'):
        return _rot13, _rot13
    import binascii
    if name in ('hex', 'hex_codec'):
        return binascii.hexlify, binascii.unhexlify
    if name in ('base64', 'base64_codec', 'base_64'):
        import base64
        return base64.encodebytes, base64.decodebytes
    return None


def encode(obj, encoding='utf-8', errors='strict'):
    special = _transform(encoding)
    return special[0](obj) if special else obj.encode(encoding, errors)


def decode(obj, encoding='utf-8', errors='strict'):
    special = _transform(encoding)
    return special[1](obj) if special else bytes(obj).decode(encoding, errors)


class CodecInfo(tuple):
    """The functions of an encoding."""

    def __new__(cls, encode, decode, streamreader=None, streamwriter=None, incrementalencoder=None,
                incrementaldecoder=None, name=None):
        made = tuple.__new__(cls, (encode, decode, streamreader, streamwriter))
        made.name = name
        made.encode, made.decode = encode, decode
        made.streamreader, made.streamwriter = streamreader, streamwriter
        made.incrementalencoder, made.incrementaldecoder = incrementalencoder, incrementaldecoder
        return made

    def __repr__(self):
        return f'<codecs.CodecInfo object for encoding {self.name} at {id(self):#x}>'


def lookup(encoding, /):
    special = _transform(encoding)
    if special is None:
        ''.encode(encoding)
    name = encoding.lower().replace(' ', '_')
    name = _NAMES.get(name, _NAMES.get(name.replace('_', '-'), name.replace('_', '-')))

    def to(obj, errors='strict'):
        return encode(obj, encoding, errors), len(obj)

    def back(obj, errors='strict'):
        return decode(obj, encoding, errors), len(obj)

    class Encoder(IncrementalEncoder):
        _name = encoding

    class Decoder(IncrementalDecoder):
        _name = encoding

    class Reader(StreamReader):
        _name = encoding

    class Writer(StreamWriter):
        _name = encoding

    return CodecInfo(to, back, Reader, Writer, Encoder, Decoder, name)


def getencoder(encoding):
    return lookup(encoding).encode


def getdecoder(encoding):
    return lookup(encoding).decode


def getincrementalencoder(encoding):
    return lookup(encoding).incrementalencoder


def getincrementaldecoder(encoding):
    return lookup(encoding).incrementaldecoder


def getreader(encoding):
    return lookup(encoding).streamreader


def getwriter(encoding):
    return lookup(encoding).streamwriter


class Codec:
    def encode(self, input, errors='strict'):
        raise NotImplementedError

    decode = encode


class IncrementalEncoder:
    _name = 'utf-8'

    def __init__(self, errors='strict'):
        self.errors = errors

    def encode(self, input, final=False):
        return encode(input, self._name, self.errors)

    def reset(self):
        pass

    def getstate(self):
        return 0

    def setstate(self, state):
        pass


class IncrementalDecoder:
    _name = 'utf-8'

    def __init__(self, errors='strict'):
        self.errors = errors
        self.buffer = b''

    def decode(self, input, final=False):
        data = self.buffer + bytes(input)
        self.buffer = b''
        name = self._name.lower().replace('_', '-')
        if not final:
            if name in ('utf-8', 'utf8'):
                from _disk import _split_utf8
                data, self.buffer = _split_utf8(data)
            elif name not in ('ascii', 'latin-1', 'latin1', 'iso-8859-1', 'iso8859-1', 'us-ascii'):
                raise NotImplementedError(f'not supported: decoding {self._name} piece by piece')
        return data.decode(self._name, self.errors)

    def reset(self):
        self.buffer = b''

    def getstate(self):
        return self.buffer, 0

    def setstate(self, state):
        self.buffer = state[0]


class _Stream:
    _name = 'utf-8'

    def __init__(self, stream, errors='strict'):
        self.stream = stream
        self.errors = errors

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stream.close()


class StreamWriter(_Stream):
    def write(self, object):
        self.stream.write(encode(object, self._name, self.errors))

    def writelines(self, list):
        self.write(''.join(list))


class StreamReader(_Stream):
    def _rest(self):
        if not hasattr(self, '_text'):
            self._text, self._at = decode(self.stream.read(), self._name, self.errors), 0
        return self._text

    def read(self, size=-1, chars=-1, firstline=False):
        text = self._rest()
        start = self._at
        self._at = len(text) if max(size, chars) < 0 else min(len(text), start + max(size, chars))
        return text[start:self._at]

    def readline(self, size=None, keepends=True):
        text = self._rest()
        line = next(iter(text[self._at:].splitlines(keepends=True)), '')
        self._at += len(line)
        return line if keepends else line.rstrip('\r\n')

    def readlines(self, sizehint=None, keepends=True):
        return self.read().splitlines(keepends)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line


class StreamReaderWriter(StreamReader, StreamWriter):
    def __init__(self, stream, Reader, Writer, errors='strict'):
        _Stream.__init__(self, stream, errors)
        self._name = Reader._name


def open(filename, mode='r', encoding=None, errors='strict', buffering=-1):
    if encoding is not None and 'b' not in mode:
        mode += 'b'
    file = _builtins.open(filename, mode, buffering)
    if encoding is None:
        return file
    info = lookup(encoding)
    made = StreamReaderWriter(file, info.streamreader, info.streamwriter, errors)
    made.encoding = encoding
    return made


def iterencode(iterator, encoding, errors='strict', **kwargs):
    encoder = getincrementalencoder(encoding)(errors)
    for piece in iterator:
        made = encoder.encode(piece)
        if made:
            yield made


def iterdecode(iterator, encoding, errors='strict', **kwargs):
    decoder = getincrementaldecoder(encoding)(errors)
    for piece in iterator:
        made = decoder.decode(piece)
        if made:
            yield made
    made = decoder.decode(b'', True)
    if made:
        yield made


def _refused(*arguments, **options):
    raise NotImplementedError('not supported: encodings and handlers of errors of the program')


register = register_error = lookup_error = unregister = EncodedFile = _refused


def __getattr__(name):
    if name.endswith('_errors') or name.endswith(('_encode', '_decode', '_escape')):
        raise NotImplementedError(f'not supported: codecs.{name}')
    raise AttributeError(f"module 'codecs' has no attribute {name!r}")
