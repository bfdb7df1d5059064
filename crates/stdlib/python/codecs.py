"""Encodings by name: functions, and streams of text over streams of bytes. Missing: incremental decoders of encodings
other than UTF-8 and those of one byte a letter."""

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


# What the program registered: functions that find encodings, what they found, handlers of errors.
_searches = []
_found = {}
_handlers = {}


def register(search_function, /):
    """The function is asked for encodings that are not known."""
    if not callable(search_function):
        raise TypeError('argument must be callable')
    _searches.append(search_function)


def unregister(search_function, /):
    if search_function in _searches:
        _searches.remove(search_function)
        _found.clear()


def _searched(encoding):
    """What a function of the program's finds for this name."""
    name = encoding.lower().replace(' ', '_').replace('-', '_')
    if name not in _found:
        for search in _searches:
            info = search(name)
            if info is not None:
                if not isinstance(info, tuple) or len(info) != 4:
                    raise TypeError('codec search functions must return 4-tuples')
                _found[name] = info
                break
    return _found.get(name)


def register_error(errors, handler, /):
    if not isinstance(errors, str):
        raise TypeError(f'register_error() argument 1 must be str, not {type(errors).__name__}')
    if not callable(handler):
        raise TypeError('handler must be callable')
    _handlers[errors] = handler


def lookup_error(name, /):
    if not isinstance(name, str):
        raise TypeError(f'lookup_error() argument must be str, not {type(name).__name__}')
    handler = _handlers.get(name) or _OWN_HANDLERS.get(name)
    if handler is None:
        if name in ('surrogateescape', 'surrogatepass'):
            raise NotImplementedError('not supported: lone surrogates in text')
        raise LookupError(f"unknown error handler name '{name}'")
    return handler


def _wrong_error(error):
    return TypeError(f"don't know how to handle {type(error).__name__} in error callback")


def strict_errors(exception, /):
    if isinstance(exception, BaseException):
        raise exception
    raise TypeError('codec must pass exception instance')


def ignore_errors(exception, /):
    if isinstance(exception, (UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError)):
        return '', exception.end
    raise _wrong_error(exception)


def replace_errors(exception, /):
    if isinstance(exception, UnicodeEncodeError):
        return '?' * (exception.end - exception.start), exception.end
    if isinstance(exception, UnicodeDecodeError):
        return '\ufffd', exception.end
    if isinstance(exception, UnicodeTranslateError):
        return '\ufffd' * (exception.end - exception.start), exception.end
    raise _wrong_error(exception)


def xmlcharrefreplace_errors(exception, /):
    if isinstance(exception, UnicodeEncodeError):
        letters = exception.object[exception.start:exception.end]
        return ''.join([f'&#{ord(letter)};' for letter in letters]), exception.end
    raise _wrong_error(exception)


def _backslashed(code):
    return f'\\x{code:02x}' if code < 0x100 else f'\\u{code:04x}' if code < 0x10000 else f'\\U{code:08x}'


def backslashreplace_errors(exception, /):
    if isinstance(exception, UnicodeDecodeError):
        return ''.join([f'\\x{byte:02x}' for byte in exception.object[exception.start:exception.end]]), exception.end
    if isinstance(exception, (UnicodeEncodeError, UnicodeTranslateError)):
        letters = exception.object[exception.start:exception.end]
        return ''.join([_backslashed(ord(letter)) for letter in letters]), exception.end
    raise _wrong_error(exception)


def namereplace_errors(exception, /):
    if not isinstance(exception, UnicodeEncodeError):
        raise _wrong_error(exception)
    import unicodedata
    out = []
    for letter in exception.object[exception.start:exception.end]:
        name = unicodedata.name(letter, None)
        out.append(_backslashed(ord(letter)) if name is None else f'\\N{{{name}}}')
    return ''.join(out), exception.end


_OWN_HANDLERS = {'strict': strict_errors, 'ignore': ignore_errors, 'replace': replace_errors,
                 'xmlcharrefreplace': xmlcharrefreplace_errors, 'backslashreplace': backslashreplace_errors,
                 'namereplace': namereplace_errors}


def _mended(error, handler, size, what):
    """What a handler makes of a flaw, and where it goes on."""
    made = handler(error)
    right = isinstance(made, tuple) and len(made) == 2 and isinstance(made[1], int)
    if not right or not isinstance(made[0], (str, bytes) if what == 'encoding' else str):
        kinds = '(str/bytes, int)' if what == 'encoding' else '(str, int)'
        raise TypeError(f'{what} error handler must return {kinds} tuple')
    text, at = made
    place = at + size if at < 0 else at
    if not 0 <= place <= size:
        raise IndexError(f'position {place} from error handler out of bounds')
    return text, place


def _encode_handled(text, encoding, errors):
    """`text.encode` with a handler that the machine has not built in."""
    handler, out, at = None, [], 0
    while True:
        try:
            out.append(text[at:].encode(encoding))
            return b''.join(out)
        except UnicodeEncodeError as flaw:
            error = UnicodeEncodeError(flaw.encoding, text, at + flaw.start, at + flaw.end, flaw.reason)
        handler = handler or lookup_error(errors)
        out.append(text[at:error.start].encode(encoding))
        made, at = _mended(error, handler, len(text), 'encoding')
        if isinstance(made, str):
            try:
                made = made.encode(encoding)
            except UnicodeEncodeError:
                raise error from None
        out.append(made)


def _decode_handled(data, encoding, errors):
    """`data.decode` with a handler that the machine has not built in."""
    handler, out, at = None, [], 0
    while True:
        try:
            out.append(data[at:].decode(encoding))
            return ''.join(out)
        except UnicodeDecodeError as flaw:
            error = UnicodeDecodeError(flaw.encoding, bytes(data), at + flaw.start, at + flaw.end, flaw.reason)
        handler = handler or lookup_error(errors)
        out.append(data[at:error.start].decode(encoding))
        made, at = _mended(error, handler, len(data), 'decoding')
        out.append(made)


def encode(obj, encoding='utf-8', errors='strict'):
    special = _transform(encoding)
    if special:
        return special[0](obj)
    if _searches and _searched(encoding):
        return _searched(encoding)[0](obj, errors)[0]
    return obj.encode(encoding, errors)


def decode(obj, encoding='utf-8', errors='strict'):
    special = _transform(encoding)
    if special:
        return special[1](obj)
    if _searches and _searched(encoding):
        return _searched(encoding)[1](obj, errors)[0]
    return bytes(obj).decode(encoding, errors)


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
        if _searches and _searched(encoding):
            return _searched(encoding)
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
    raise NotImplementedError('not supported: codecs.EncodedFile')


EncodedFile = _refused


def __getattr__(name):
    if name.endswith(('_encode', '_decode', '_escape')):
        raise NotImplementedError(f'not supported: codecs.{name}')
    raise AttributeError(f"module 'codecs' has no attribute {name!r}")
