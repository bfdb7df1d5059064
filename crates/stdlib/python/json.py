"""JSON text to values and back.

Plain data with default options goes through the native `_json`. Everything else,
and every text that the native reader finds unusual, takes the way below, which
knows all options and gives the exact errors.
"""

__all__ = ['dump', 'dumps', 'load', 'loads', 'JSONDecoder', 'JSONDecodeError', 'JSONEncoder']

try:
    from _json import dumps_fast
except ImportError:
    def dumps_fast(obj):
        return None

try:
    from _json import loads_fast
except ImportError:
    def loads_fast(text):
        raise ValueError


class JSONDecodeError(ValueError):
    """A text that is not JSON: what is wrong and where."""

    def __init__(self, msg, doc, pos):
        lineno = doc.count('\n', 0, pos) + 1
        colno = pos - doc.rfind('\n', 0, pos)
        ValueError.__init__(self, f'{msg}: line {lineno} column {colno} (char {pos})')
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno

    def __reduce__(self):
        return self.__class__, (self.msg, self.doc, self.pos)


_SHORT = {'"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t',
          '\b': '\\b', '\f': '\\f'}
_ESCAPES = {code: _SHORT.get(chr(code), f'\\u{code:04x}')
            for code in [*range(32), ord('"'), ord('\\')]}
_ASCII_ESCAPES = {**_ESCAPES, 127: '\\u007f'}


def encode_basestring(s):
    """A string as JSON; only what must be is escaped."""
    return f'"{s.translate(_ESCAPES)}"'


def encode_basestring_ascii(s):
    """A string as JSON in ASCII."""
    s = s.translate(_ASCII_ESCAPES)
    if s.isascii():
        return f'"{s}"'
    parts = []
    for char in s:
        code = ord(char)
        if code < 128:
            parts.append(char)
        elif code < 0x10000:
            parts.append(f'\\u{code:04x}')
        else:
            code -= 0x10000
            parts.append(f'\\u{0xd800 | code >> 10:04x}\\u{0xdc00 | code & 0x3ff:04x}')
    return f'"{"".join(parts)}"'


class JSONEncoder:
    """Values to JSON text; `default` is asked about what JSON does not know."""

    item_separator = ', '
    key_separator = ': '

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True,
                 allow_nan=True, sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.check_circular = check_circular
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ','
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError(f'Object of type {o.__class__.__name__} is not JSON serializable')

    def encode(self, o):
        """The whole text."""
        if isinstance(o, str):
            return self._quote()(o)
        return ''.join(self.iterencode(o, _one_shot=True))

    def iterencode(self, o, _one_shot=False):
        """The text in pieces."""
        pieces = []
        self._writer(pieces.append)(o, 0)
        yield from pieces

    def _quote(self):
        return encode_basestring_ascii if self.ensure_ascii else encode_basestring

    def _writer(self, write):
        # A function that writes a value, in the pieces that CPython makes.
        quote = self._quote()
        default = self.default
        skipkeys = self.skipkeys
        sort_keys = self.sort_keys
        allow_nan = self.allow_nan
        item_separator = self.item_separator
        key_separator = self.key_separator
        indent = self.indent
        if indent is not None and not isinstance(indent, str):
            indent = ' ' * indent
        # The containers that are being written, by id; None does not check.
        open_now = {} if self.check_circular else None

        def scalar(o):
            # The text of a scalar, or None for a container or an unknown object.
            if isinstance(o, str):
                return quote(o)
            if o is None:
                return 'null'
            if o is True:
                return 'true'
            if o is False:
                return 'false'
            if isinstance(o, int):
                return int.__repr__(o)
            if isinstance(o, float):
                return number(o)
            return None

        def number(o):
            if o != o:
                text = 'NaN'
            elif o == _INFINITY:
                text = 'Infinity'
            elif o == -_INFINITY:
                text = '-Infinity'
            else:
                return float.__repr__(o)
            if not allow_nan:
                raise ValueError(
                    f'Out of range float values are not JSON compliant: {o!r}')
            return text

        def enter(o):
            key = id(o)
            if key in open_now:
                raise ValueError('Circular reference detected')
            open_now[key] = o

        def value(o, depth):
            text = scalar(o)
            if text is not None:
                write(text)
            elif isinstance(o, (list, tuple)):
                array(o, depth)
            elif isinstance(o, dict):
                mapping(o, depth)
            else:
                if open_now is not None:
                    enter(o)
                value(default(o), depth)
                if open_now is not None:
                    del open_now[id(o)]

        def array(items, depth):
            if not items:
                write('[]')
                return
            if open_now is not None:
                enter(items)
            separator = item_separator
            lead = '['
            depth += 1
            if indent is not None:
                newline = '\n' + indent * depth
                separator += newline
                lead += newline
            for item in items:
                text = scalar(item)
                if text is not None:
                    write(lead + text)
                else:
                    write(lead)
                    value(item, depth)
                lead = separator
            if indent is not None:
                write('\n' + indent * (depth - 1))
            write(']')
            if open_now is not None:
                del open_now[id(items)]

        def mapping(pairs, depth):
            if not pairs:
                write('{}')
                return
            if open_now is not None:
                enter(pairs)
            write('{')
            separator = item_separator
            depth += 1
            if indent is not None:
                newline = '\n' + indent * depth
                separator += newline
                write(newline)
            first = True
            for key, item in sorted(pairs.items()) if sort_keys else pairs.items():
                if not isinstance(key, str):
                    if isinstance(key, float):
                        key = number(key)
                    elif key is True:
                        key = 'true'
                    elif key is False:
                        key = 'false'
                    elif key is None:
                        key = 'null'
                    elif isinstance(key, int):
                        key = int.__repr__(key)
                    elif skipkeys:
                        continue
                    else:
                        raise TypeError('keys must be str, int, float, bool or None, '
                                        f'not {key.__class__.__name__}')
                if first:
                    first = False
                else:
                    write(separator)
                write(quote(key))
                write(key_separator)
                value(item, depth)
            if indent is not None:
                write('\n' + indent * (depth - 1))
            write('}')
            if open_now is not None:
                del open_now[id(pairs)]

        return value


_INFINITY = float('inf')


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True,
          cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    """A value as JSON text."""
    if (cls is None and indent is None and separators is None and default is None
            and not sort_keys and not skipkeys and ensure_ascii and check_circular
            and allow_nan and not kw):
        text = dumps_fast(obj)
        if text is not None:
            return text
    if cls is None:
        cls = JSONEncoder
    return cls(skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular,
               allow_nan=allow_nan, indent=indent, separators=separators, default=default,
               sort_keys=sort_keys, **kw).encode(obj)


def dump(obj, fp, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True,
         cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    """Write a value as JSON text to a file."""
    if cls is None:
        cls = JSONEncoder
    encoder = cls(skipkeys=skipkeys, ensure_ascii=ensure_ascii, check_circular=check_circular,
                  allow_nan=allow_nan, indent=indent, separators=separators, default=default,
                  sort_keys=sort_keys, **kw)
    if cls.iterencode is JSONEncoder.iterencode:
        # Straight into the file: what was written before an error stays there.
        encoder._writer(fp.write)(obj, 0)
        return
    for piece in encoder.iterencode(obj):
        fp.write(piece)


_BLANKS = ' \t\n\r'
_BACKSLASH = {'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r',
              't': '\t'}
_CONSTANTS = {'NaN': float('nan'), 'Infinity': _INFINITY, '-Infinity': -_INFINITY}


def _skip(text, place):
    # The first place from here on that is not a blank.
    while text[place:place + 1] and text[place] in _BLANKS:
        place += 1
    return place


def scanstring(text, place, strict=True, /):
    """The string whose opening quote stands before `place`, and the place after it."""
    begin = place - 1
    parts = []
    while True:
        start = place
        quote = text.find('"', start)
        if quote < 0:
            quote = len(text)
        slash = text.find('\\', start, quote)
        stop = quote if slash < 0 else slash
        part = text[start:stop]
        if strict and not part.isprintable():
            for offset, char in enumerate(part):
                if char < ' ':
                    raise JSONDecodeError('Invalid control character at', text, start + offset)
        parts.append(part)
        if stop == len(text):
            raise JSONDecodeError('Unterminated string starting at', text, begin)
        if slash < 0:
            return ''.join(parts), stop + 1
        mark = text[stop + 1:stop + 2]
        if not mark:
            raise JSONDecodeError('Unterminated string starting at', text, begin)
        place = stop + 2
        if mark != 'u':
            if mark not in _BACKSLASH:
                raise JSONDecodeError('Invalid \\escape', text, stop)
            parts.append(_BACKSLASH[mark])
            continue
        code = _four_hex(text, place)
        place += 4
        if (0xd800 <= code <= 0xdbff and text[place:place + 2] == '\\u'
                and place + 6 < len(text)):
            # A pair stands for one character; half of one stands for itself.
            low = _four_hex(text, place + 2)
            if 0xdc00 <= low <= 0xdfff:
                code = 0x10000 + ((code - 0xd800) << 10 | low - 0xdc00)
                place += 6
        parts.append(chr(code))


def _four_hex(text, place):
    digits = text[place:place + 4]
    # A closing quote must still follow somewhere.
    if (len(digits) < 4 or place + 4 >= len(text)
            or not all([digit in '0123456789abcdefABCDEF' for digit in digits])):
        raise JSONDecodeError('Invalid \\uXXXX escape', text, place - 1)
    return int(digits, 16)


def _digits_end(text, place):
    while text[place:place + 1] and text[place] in '0123456789':
        place += 1
    return place


def _whole_end(text, place):
    # The place after the whole part of a number, or 0 when there is none.
    if text[place] == '-':
        place += 1
    if text[place:place + 1] == '0':
        return place + 1
    end = _digits_end(text, place)
    return end if end > place else 0


def _fraction_end(text, place):
    # The place after a fraction and an exponent, as far as they are complete.
    if text[place:place + 1] == '.':
        end = _digits_end(text, place + 1)
        if end > place + 1:
            place = end
    if text[place:place + 1] in ('e', 'E'):
        start = place + 2 if text[place + 1:place + 2] in ('+', '-') else place + 1
        end = _digits_end(text, start)
        if end > start:
            place = end
    return place


class JSONDecoder:
    """JSON text to values."""

    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None,
                 parse_constant=None, strict=True, object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or _CONSTANTS.__getitem__
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook

    def decode(self, s):
        """The value of a whole text."""
        obj, end = self.raw_decode(s, _skip(s, 0))
        end = _skip(s, end)
        if end != len(s):
            raise JSONDecodeError('Extra data', s, end)
        return obj

    def raw_decode(self, s, idx=0):
        """The value that begins at an index, and the index after it."""
        return self._value(s, idx)

    def _value(self, text, place):
        mark = text[place:place + 1]
        if mark == '"':
            return scanstring(text, place + 1, self.strict)
        if mark == '{':
            return self._object(text, place + 1)
        if mark == '[':
            return self._array(text, place + 1)
        if mark == 'n' and text.startswith('null', place):
            return None, place + 4
        if mark == 't' and text.startswith('true', place):
            return True, place + 4
        if mark == 'f' and text.startswith('false', place):
            return False, place + 5
        if mark and mark in '-0123456789':
            whole = _whole_end(text, place)
            if whole:
                end = _fraction_end(text, whole)
                parse = self.parse_int if end == whole else self.parse_float
                return parse(text[place:end]), end
        for name in ('NaN', 'Infinity', '-Infinity'):
            if text.startswith(name, place):
                return self.parse_constant(name), place + len(name)
        raise JSONDecodeError('Expecting value', text, place)

    def _array(self, text, place):
        items = []
        place = _skip(text, place)
        if text[place:place + 1] == ']':
            return items, place + 1
        while True:
            item, place = self._value(text, place)
            items.append(item)
            place = _skip(text, place)
            mark = text[place:place + 1]
            if mark == ']':
                return items, place + 1
            if mark != ',':
                raise JSONDecodeError("Expecting ',' delimiter", text, place)
            place = _skip(text, place + 1)

    def _object(self, text, place):
        pairs = []
        place = _skip(text, place)
        if text[place:place + 1] == '}':
            return self._finish(pairs), place + 1
        while True:
            if text[place:place + 1] != '"':
                raise JSONDecodeError('Expecting property name enclosed in double quotes',
                                      text, place)
            key, place = scanstring(text, place + 1, self.strict)
            place = _skip(text, place)
            if text[place:place + 1] != ':':
                raise JSONDecodeError("Expecting ':' delimiter", text, place)
            item, place = self._value(text, _skip(text, place + 1))
            pairs.append((key, item))
            place = _skip(text, place)
            mark = text[place:place + 1]
            if mark == '}':
                return self._finish(pairs), place + 1
            if mark != ',':
                raise JSONDecodeError("Expecting ',' delimiter", text, place)
            place = _skip(text, place + 1)

    def _finish(self, pairs):
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs)
        if self.object_hook is not None:
            return self.object_hook(dict(pairs))
        return dict(pairs)


def detect_encoding(b):
    """The encoding of JSON in bytes: the zeros among the first ones tell."""
    if b[:4] in (b'\x00\x00\xfe\xff', b'\xff\xfe\x00\x00'):
        return 'utf-32'
    if b[:2] in (b'\xfe\xff', b'\xff\xfe'):
        return 'utf-16'
    if b[:3] == b'\xef\xbb\xbf':
        return 'utf-8-sig'
    if len(b) >= 4:
        if not b[0]:
            return 'utf-16-be' if b[1] else 'utf-32-be'
        if not b[1]:
            return 'utf-16-le' if b[2] or b[3] else 'utf-32-le'
    elif len(b) == 2:
        if not b[0]:
            return 'utf-16-be'
        if not b[1]:
            return 'utf-16-le'
    return 'utf-8'


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None,
          parse_constant=None, object_pairs_hook=None, **kw):
    """The value of a JSON text."""
    if isinstance(s, str):
        if s.startswith('\ufeff'):
            raise JSONDecodeError('Unexpected UTF-8 BOM (decode using utf-8-sig)', s, 0)
    elif isinstance(s, (bytes, bytearray)):
        s = s.decode(detect_encoding(s), 'surrogatepass')
    else:
        raise TypeError('the JSON object must be str, bytes or bytearray, '
                        f'not {s.__class__.__name__}')
    if (cls is None and object_hook is None and parse_int is None and parse_float is None
            and parse_constant is None and object_pairs_hook is None and not kw):
        try:
            return loads_fast(s)
        except ValueError:
            pass
        return JSONDecoder().decode(s)
    if object_hook is not None:
        kw['object_hook'] = object_hook
    if object_pairs_hook is not None:
        kw['object_pairs_hook'] = object_pairs_hook
    if parse_float is not None:
        kw['parse_float'] = parse_float
    if parse_int is not None:
        kw['parse_int'] = parse_int
    if parse_constant is not None:
        kw['parse_constant'] = parse_constant
    return (cls or JSONDecoder)(**kw).decode(s)


def load(fp, *, cls=None, object_hook=None, parse_float=None, parse_int=None,
         parse_constant=None, object_pairs_hook=None, **kw):
    """The value of the JSON text in a file."""
    return loads(fp.read(), cls=cls, object_hook=object_hook, parse_float=parse_float,
                 parse_int=parse_int, parse_constant=parse_constant,
                 object_pairs_hook=object_pairs_hook, **kw)


# Where CPython defines them, which tracebacks show.
JSONDecodeError.__module__ = JSONDecoder.__module__ = 'json.decoder'
JSONEncoder.__module__ = 'json.encoder'


def __getattr__(name):
    # CPython's package has them once it is imported.
    if name == 'decoder':
        import json.decoder as part
    elif name == 'encoder':
        import json.encoder as part
    else:
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return part
