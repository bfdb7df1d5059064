"""Reads TOML 1.0. Complete."""

import re as _re
from datetime import date as _date, datetime as _datetime, time as _time, timedelta as _timedelta, timezone as _timezone

__all__ = ['loads', 'load', 'TOMLDecodeError']

_BARE = _re.compile(r'[A-Za-z0-9_-]+')
_NUMBER = _re.compile(r'0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|b[01](?:_?[01])*|o[0-7](?:_?[0-7])*)'
                      r'|[+-]?(?:0|[1-9](?:_?[0-9])*)((?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?)')
_CLOCK = r'([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,6})[0-9]*)?'
_LOCAL_TIME = _re.compile(_CLOCK)
_DATE = _re.compile(r'([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[Tt ]' + _CLOCK
                    + r'(?:([Zz])|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))?)?')
_CONTROLS = frozenset([chr(code) for code in range(32)] + ['\x7f'])
_NOT_IN_LINE = _CONTROLS - {'\t'}
_NOT_IN_LINES = _CONTROLS - {'\t', '\n'}
_ESCAPES = {'b': '\b', 't': '\t', 'n': '\n', 'f': '\f', 'r': '\r', '"': '"', '\\': '\\'}


class TOMLDecodeError(ValueError):
    """The text is no TOML."""


def load(fp, /, *, parse_float=float):
    data = fp.read()
    try:
        text = data.decode()
    except AttributeError:
        raise TypeError("File must be opened in binary mode, e.g. use `open('foo.toml', 'rb')`") from None
    return loads(text, parse_float=parse_float)


def loads(s, /, *, parse_float=float):
    if not isinstance(s, str):
        try:
            s = s.replace('\r\n', '\n')
        except (AttributeError, TypeError):
            raise TypeError(f"Expected str object, not '{type(s).__qualname__}'") from None
    return _Reader(s.replace('\r\n', '\n'), _safe(parse_float)).document()


def _safe(parse_float):
    if parse_float is float:
        return float

    def checked(text):
        value = parse_float(text)
        if isinstance(value, (dict, list)):
            raise ValueError('parse_float must not return dicts or lists')
        return value
    return checked


class _Table(dict):
    """A table while it is read: what may still be added to it."""

    # 'open' by a header, 'implied' by a longer one, 'dotted' by keys, 'closed' for inline ones.
    state = 'implied'


class _Array(list):
    pass


class _Reader:
    def __init__(self, text, parse_float):
        self.text = text
        self.at = 0
        self.parse_float = parse_float

    def fail(self, message, at=None):
        at = self.at if at is None else at
        if at >= len(self.text):
            where = 'end of document'
        else:
            line = self.text.count('\n', 0, at) + 1
            column = at + 1 if line == 1 else at - self.text.rindex('\n', 0, at)
            where = f'line {line}, column {column}'
        return TOMLDecodeError(f'{message} (at {where})')

    def peek(self):
        return self.text[self.at:self.at + 1]

    def skip(self, letters):
        while self.peek() and self.peek() in letters:
            self.at += 1

    def document(self):
        root = _Table()
        root.state = 'open'
        self.header = ()
        table = root
        while True:
            self.skip(' \t')
            letter = self.peek()
            if not letter:
                break
            if letter == '\n':
                self.at += 1
                continue
            if letter == '[':
                table = self.array_header(root) if self.text.startswith('[[', self.at) else self.table_header(root)
                self.skip(' \t')
            elif letter in '"\'' or _BARE.match(letter):
                self.pair(table)
                self.skip(' \t')
            elif letter != '#':
                raise self.fail('Invalid statement')
            self.comment()
            letter = self.peek()
            if not letter:
                break
            if letter != '\n':
                raise self.fail('Expected newline or end of document after a statement')
            self.at += 1
        return _plain(root)

    def comment(self):
        if self.peek() == '#':
            self.at += 1
            end = self.text.find('\n', self.at)
            end = len(self.text) if end < 0 else end
            self.check(self.text[self.at:end], _NOT_IN_LINE)
            self.at = end

    def check(self, piece, forbidden):
        for offset, letter in enumerate(piece):
            if letter in forbidden:
                raise self.fail(f'Found invalid character {letter!r}', self.at + offset)

    def table_header(self, root):
        self.at += 1
        self.skip(' \t')
        key = self.key()
        table = self.walk(root, key[:-1])
        last = table.get(key[-1])
        if last is None:
            last = table[key[-1]] = _Table()
        elif not isinstance(last, _Table) or last.state != 'implied':
            raise self.fail(f'Cannot declare {key} twice')
        last.state = 'open'
        if self.peek() != ']':
            raise self.fail("Expected ']' at the end of a table declaration")
        self.at += 1
        self.header = key
        return last

    def array_header(self, root):
        self.at += 2
        self.skip(' \t')
        key = self.key()
        table = self.walk(root, key[:-1])
        tables = table.setdefault(key[-1], _Array())
        if type(tables) is not _Array:
            if isinstance(tables, list):
                raise self.fail(f'Cannot mutate immutable namespace {key}')
            raise self.fail('Cannot overwrite a value')
        made = _Table()
        made.state = 'open'
        tables.append(made)
        if not self.text.startswith(']]', self.at):
            raise self.fail("Expected ']]' at the end of an array declaration")
        self.at += 2
        self.header = key
        return made

    def walk(self, table, key):
        """The table of a header's first names, made where it is missing."""
        for depth, name in enumerate(key):
            inner = table.get(name)
            if inner is None:
                inner = table[name] = _Table()
            elif type(inner) is _Array:
                inner = inner[-1]
            elif not isinstance(inner, _Table):
                if isinstance(inner, list):
                    raise self.fail(f'Cannot mutate immutable namespace {key[:depth + 1]}')
                raise self.fail('Cannot overwrite a value')
            elif inner.state == 'closed':
                raise self.fail(f'Cannot mutate immutable namespace {key[:depth + 1]}')
            table = inner
        return table

    def pair(self, table):
        key, value = self.key_value()
        for depth, name in enumerate(key[:-1]):
            inner = table.get(name)
            if inner is None:
                inner = table[name] = _Table()
                inner.state = 'dotted'
            elif not isinstance(inner, _Table):
                if isinstance(inner, list):
                    raise self.fail(f'Cannot mutate immutable namespace {self.header + key[:-1]}')
                raise self.fail('Cannot overwrite a value')
            elif inner.state == 'open':
                raise self.fail(f'Cannot redefine namespace {self.header + key[:depth + 1]}')
            elif inner.state == 'closed':
                raise self.fail(f'Cannot mutate immutable namespace {self.header + key[:-1]}')
            elif inner.state == 'implied':
                inner.state = 'dotted'
            table = inner
        if key[-1] in table:
            raise self.fail('Cannot overwrite a value')
        table[key[-1]] = value

    def key_value(self):
        key = self.key()
        if self.peek() != '=':
            raise self.fail("Expected '=' after a key in a key/value pair")
        self.at += 1
        self.skip(' \t')
        return key, self.value()

    def key(self):
        parts = [self.key_part()]
        self.skip(' \t')
        while self.peek() == '.':
            self.at += 1
            self.skip(' \t')
            parts.append(self.key_part())
            self.skip(' \t')
        return tuple(parts)

    def key_part(self):
        match = _BARE.match(self.text, self.at)
        if match:
            self.at = match.end()
            return match[0]
        if self.peek() == "'":
            return self.literal()
        if self.peek() == '"':
            return self.basic(False)
        raise self.fail('Invalid initial character for a key part')

    # ---- values

    def value(self):
        text, at, letter = self.text, self.at, self.peek()
        if letter == '"':
            if text.startswith('"""', at):
                return self.lines('"')
            return self.basic(False)
        if letter == "'":
            if text.startswith("'''", at):
                return self.lines("'")
            return self.literal()
        for word, value in (('true', True), ('false', False)):
            if letter == word[0] and text.startswith(word, at):
                self.at += len(word)
                return value
        if letter == '[':
            return self.array()
        if letter == '{':
            return self.inline()
        match = _DATE.match(text, at)
        if match:
            try:
                value = _moment(match)
            except ValueError as error:
                raise self.fail('Invalid date or datetime') from error
            self.at = match.end()
            return value
        match = _LOCAL_TIME.match(text, at)
        if match:
            self.at = match.end()
            hour, minute, second, micros = match.groups()
            return _time(int(hour), int(minute), int(second), int((micros or '').ljust(6, '0')))
        match = _NUMBER.match(text, at)
        if match:
            self.at = match.end()
            return self.parse_float(match[0]) if match[1] else int(match[0], 0) if match[0][:1] == '0' else int(match[0])
        for size, words in ((3, ('inf', 'nan')), (4, ('-inf', '+inf', '-nan', '+nan'))):
            if text[at:at + size] in words:
                self.at += size
                return self.parse_float(text[at:at + size])
        raise self.fail('Invalid value')

    def skip_lines(self):
        while True:
            before = self.at
            self.skip(' \t\n')
            self.comment()
            if self.at == before:
                return

    def array(self):
        self.at += 1
        items = []
        self.skip_lines()
        if self.peek() == ']':
            self.at += 1
            return items
        while True:
            items.append(self.value())
            self.skip_lines()
            letter = self.peek()
            if letter == ']':
                self.at += 1
                return items
            if letter != ',':
                raise self.fail('Unclosed array')
            self.at += 1
            self.skip_lines()
            if self.peek() == ']':
                self.at += 1
                return items

    def inline(self):
        self.at += 1
        table = _Table()
        self.skip(' \t')
        if self.peek() == '}':
            self.at += 1
            table.state = 'closed'
            return table
        while True:
            key, value = self.key_value()
            inner = table
            for name in key[:-1]:
                following = inner.get(name)
                if following is None:
                    following = inner[name] = _Table()
                    following.state = 'dotted'
                elif not isinstance(following, _Table):
                    if isinstance(following, list):
                        raise self.fail(f'Cannot mutate immutable namespace {key}')
                    raise self.fail('Cannot overwrite a value')
                elif following.state == 'closed':
                    raise self.fail(f'Cannot mutate immutable namespace {key}')
                inner = following
            if key[-1] in inner:
                raise self.fail(f'Duplicate inline table key {key[-1]!r}')
            inner[key[-1]] = value
            self.skip(' \t')
            letter = self.peek()
            if letter == '}':
                self.at += 1
                _close(table)
                return table
            if letter != ',':
                raise self.fail('Unclosed inline table')
            self.at += 1
            self.skip(' \t')

    # ---- texts

    def literal(self):
        self.at += 1
        end = self.text.find("'", self.at)
        line = self.text[self.at:end if end >= 0 else len(self.text)]
        self.check(line, _NOT_IN_LINE)
        if end < 0:
            raise self.fail('Expected "\'"', len(self.text))
        self.at = end + 1
        return line

    def lines(self, quote):
        self.at += 3
        if self.peek() == '\n':
            self.at += 1
        if quote == "'":
            end = self.text.find("'''", self.at)
            piece = self.text[self.at:end if end >= 0 else len(self.text)]
            self.check(piece, _NOT_IN_LINES)
            if end < 0:
                raise self.fail('Expected "\'\'\'"', len(self.text))
            self.at = end + 3
        else:
            piece = self.basic(True)
        # Up to two quotes more belong to the text.
        for _ in range(2):
            if self.peek() == quote:
                piece += quote
                self.at += 1
        return piece

    def basic(self, many):
        forbidden = _NOT_IN_LINES if many else _NOT_IN_LINE
        if not many:
            self.at += 1
        parts = []
        start = self.at
        text = self.text
        while True:
            letter = text[self.at:self.at + 1]
            if not letter:
                raise self.fail('Unterminated string')
            if letter == '"':
                if not many:
                    self.at += 1
                    return ''.join(parts) + text[start:self.at - 1]
                if text.startswith('"""', self.at):
                    self.at += 3
                    return ''.join(parts) + text[start:self.at - 3]
                self.at += 1
            elif letter == '\\':
                parts.append(text[start:self.at])
                parts.append(self.escape(many))
                start = self.at
            elif letter in forbidden:
                raise self.fail(f'Illegal character {letter!r}')
            else:
                self.at += 1

    def escape(self, many):
        what = self.text[self.at + 1:self.at + 2]
        self.at += 2
        if many and what in (' ', '\t', '\n') and what:
            # A backslash at the end of a line takes away all blanks that follow.
            if what != '\n':
                self.skip(' \t')
                if not self.peek():
                    return ''
                if self.peek() != '\n':
                    raise self.fail("Unescaped '\\' in a string")
                self.at += 1
            self.skip(' \t\n')
            return ''
        if what in ('u', 'U'):
            size = 4 if what == 'u' else 8
            digits = self.text[self.at:self.at + size]
            if len(digits) != size or digits.strip('0123456789abcdefABCDEF'):
                raise self.fail('Invalid hex value')
            self.at += size
            code = int(digits, 16)
            if 0xd800 <= code <= 0xdfff or code > 0x10ffff:
                raise self.fail('Escaped character is not a Unicode scalar value')
            return chr(code)
        if what and what in _ESCAPES:
            return _ESCAPES[what]
        raise self.fail("Unescaped '\\' in a string")


def _moment(match):
    year, month, day, hour, minute, second, micros, zulu, sign, hours, minutes = match.groups()
    if hour is None:
        return _date(int(year), int(month), int(day))
    zone = None
    if sign:
        offset = _timedelta(hours=int(hours), minutes=int(minutes))
        zone = _timezone(offset if sign == '+' else -offset)
    elif zulu:
        zone = _timezone.utc
    return _datetime(int(year), int(month), int(day), int(hour), int(minute), int(second),
                     int((micros or '').ljust(6, '0')), tzinfo=zone)


def _close(table):
    table.state = 'closed'
    for inner in table.values():
        if isinstance(inner, _Table):
            _close(inner)


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
