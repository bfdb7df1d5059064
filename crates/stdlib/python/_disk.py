"""Streams over files: `open`, the buffered streams and `TextIOWrapper`, for `io`.

Bytes are read in large pieces, one ask each, and written when a piece is full, when the stream is flushed or closed,
before anything else looks at files, and at the end of the run.
"""

import _files
from io import (BufferedIOBase, RawIOBase, TextIOBase, UnsupportedOperation, _as_bytes, _size, SEEK_CUR, SEEK_END,
                SEEK_SET)

_PIECE = 1 << 18
_LARGEST = 16 << 20
_descriptors = {}


def _register_end():
    import sys
    if not any([entry[0] is _files.flush_waiting for entry in sys._exits]):
        sys._exits.insert(0, (_files.flush_waiting, (), {}))


class _Disk:
    """A file as bytes, at a place."""

    def _open(self, path, name, mode, readable, writable, kind, write_now=False):
        self._path = path
        self.name = name
        self._mode = mode
        self._readable = readable
        self._writable = writable
        self._append = kind == 'a'
        self._pending = []
        self._pending_at = 0
        self._pending_size = 0
        self._write_now = write_now
        self._forget()
        self.closed = False
        self._number = None
        if kind == 'r' and not writable:
            import stat
            facts = _files.call('file.stat', name)
            if stat.S_ISDIR(facts[0]):
                raise OSError(21, 'Is a directory', _files.text_of(name))
            self._place = 0
        else:
            size = _files.call('file.open', name, mode=kind)
            self._place = size if kind == 'a' else 0
            _register_end()

    def _forget(self):
        self._buffer = b''
        self._buffer_at = 0
        self._seen = -1

    def _ask(self, tool, **arguments):
        result = _files.answer(tool, {'path': self._path, **arguments})
        if 'value' in result:
            return result['value']
        raise OSError(result['errno'], result['strerror'])

    def _check(self, what):
        if self.closed:
            raise ValueError(f'{what} closed file')

    def readable(self):
        self._check_open()
        return self._readable

    def writable(self):
        self._check_open()
        return self._writable

    def seekable(self):
        self._check_open()
        return True

    def _piece(self, at, size):
        """Bytes of the file; fewer than asked for only at its end, which is remembered while nothing changes."""
        if self._seen == (at, _files.changes[0]):
            self._seen = -1
            return b''
        piece = self._ask('file.read', offset=at, size=size)
        if len(piece) < size:
            self._seen = at + len(piece), _files.changes[0]
        return piece

    def read(self, size=-1, /):
        self._check('read of')
        if not self._readable:
            raise UnsupportedOperation('read')
        if self._pending:
            self.flush()
        size = _size(size)
        offset = self._place - self._buffer_at
        have = self._buffer[offset:] if 0 <= offset <= len(self._buffer) else b''
        if 0 <= size <= len(have):
            self._place += size
            return have[:size]
        parts = [have]
        at = self._place + len(have)
        if size < 0:
            while True:
                piece = self._piece(at, _LARGEST)
                parts.append(piece)
                at += len(piece)
                if len(piece) < _LARGEST:
                    break
            self._forget()
            self._place = at
            return b''.join(parts)
        missing = size - len(have)
        while missing:
            asked = min(max(missing, _PIECE), _LARGEST)
            piece = self._piece(at, asked)
            self._buffer, self._buffer_at = piece, at
            parts.append(piece[:missing])
            at += len(parts[-1])
            missing -= len(parts[-1])
            if len(piece) < asked:
                break
        self._place = at
        return b''.join(parts)

    def read1(self, size=-1, /):
        return self.read(_PIECE if size is None or size < 0 else size)

    def readinto(self, buffer, /):
        got = self.read(len(buffer))
        buffer[:len(got)] = got
        return len(got)

    readinto1 = readinto

    def readall(self):
        return self.read()

    def peek(self, size=0, /):
        self._check('peek of')
        place = self._place
        got = self.read(_PIECE)
        self._place = place
        return got

    def readline(self, size=-1, /):
        self._check('readline of')
        if not self._readable:
            raise UnsupportedOperation('read')
        size = _size(size)
        parts = []
        while size:
            if not 0 <= self._place - self._buffer_at < len(self._buffer):
                place = self._place
                if not self.read(1):
                    break
                self._place = place
            start = self._place - self._buffer_at
            end = self._buffer.find(b'\n', start) + 1 or len(self._buffer)
            if size > 0:
                end = min(end, start + size)
            part = self._buffer[start:end]
            parts.append(part)
            self._place += len(part)
            size -= len(part) if size > 0 else 0
            if part.endswith(b'\n'):
                break
        return b''.join(parts)

    def write(self, data, /):
        self._check('write to')
        if not self._writable:
            raise UnsupportedOperation('write')
        data = _as_bytes(data)
        if not data:
            return 0
        if self._buffer:
            self._forget()
        if not self._pending:
            self._pending_at = self._place
            _files.waiting.append(self)
        self._pending.append(data)
        self._pending_size += len(data)
        self._place += len(data)
        if self._write_now or self._pending_size >= _PIECE:
            self.flush()
        return len(data)

    def flush(self):
        self._check('flush of')
        if not self._pending:
            return
        # What cannot be written now is not tried again at the end.
        data, self._pending, self._pending_size = b''.join(self._pending), [], 0
        _files.waiting[:] = [other for other in _files.waiting if other is not self]
        for at in range(0, len(data), _LARGEST):
            place = None if self._append else self._pending_at + at
            end = self._ask('file.write', offset=place, data=data[at:at + _LARGEST])
            if self._append:
                self._place = end

    def seek(self, pos, whence=0, /):
        self._check('seek of')
        if whence not in (0, 1, 2):
            raise ValueError(f'whence value {whence} unsupported')
        pos = pos.__index__()
        if self._pending:
            self.flush()
        if whence == 1:
            pos += self._place
        elif whence == 2:
            pos += self._length()
        if pos < 0:
            raise OSError(22, 'Invalid argument')
        self._place = pos
        return pos

    def _length(self):
        return self._ask('file.stat')[6]

    def tell(self):
        self._check('tell of')
        return self._place

    def truncate(self, pos=None, /):
        self._check('truncate of')
        if not self._writable:
            raise UnsupportedOperation('truncate')
        if self._pending:
            self.flush()
        size = self._place if pos is None else pos.__index__()
        self._ask('file.truncate', size=size)
        self._forget()
        return size

    def fileno(self):
        self._check_open()
        if self._number is None:
            self._number = 3
            while self._number in _descriptors:
                self._number += 1
            _descriptors[self._number] = self
        return self._number

    def close(self):
        if not self.closed:
            try:
                self.flush()
            finally:
                self.closed = True
                _descriptors.pop(self._number, None)

    def __del__(self):
        if not getattr(self, 'closed', True):
            self.close()

    @property
    def mode(self):
        return self._mode

    def __repr__(self):
        return f'<_io.{type(self).__name__} name={self.name!r}>'


class FileIO(_Disk, RawIOBase):
    """A file without a buffer."""

    __module__ = '_io'

    def __init__(self, file, mode='r', closefd=True, opener=None):
        kind, updating = _kind(mode.replace('b', ''))
        readable, writable = kind == 'r' or updating, kind != 'r' or updating
        shown = {'r': 'rb', 'w': 'wb', 'a': 'ab', 'x': 'xb'}[kind] + ('+' if updating else '')
        self.closefd = closefd
        name = _name(file)
        self._open(_files.absolute(_files.text_of(name)), name, shown, readable, writable, kind, write_now=True)

    def __repr__(self):
        if self.closed:
            return '<_io.FileIO [closed]>'
        return f'<_io.FileIO name={self.name!r} mode={self.mode!r} closefd={self.closefd}>'


class _Buffered(_Disk, BufferedIOBase):
    def __init__(self, raw, buffer_size=8192):
        if not isinstance(raw, FileIO):
            raise NotImplementedError(f'not supported: {type(self).__name__} over {type(raw).__name__!r}')
        self.__dict__.update(raw.__dict__)
        self.raw = raw
        self._write_now = False


class BufferedReader(_Buffered):
    __module__ = '_io'


class BufferedWriter(_Buffered):
    __module__ = '_io'


class BufferedRandom(_Buffered):
    __module__ = '_io'


def _kind(mode):
    """The one letter of a mode that says how to begin, and whether both are wanted."""
    letters = mode.replace('+', '')
    if len(letters) != 1 or letters not in 'rwax' or mode.count('+') > 1:
        if set(mode) - set('rwax+'):
            raise ValueError(f'invalid mode: {mode}')
        raise ValueError('Must have exactly one of create/read/write/append mode and at most one plus')
    return letters, '+' in mode


def _name(file):
    if isinstance(file, int):
        raise NotImplementedError('not supported: opening a descriptor')
    if not isinstance(file, (str, bytes)) and not hasattr(type(file), '__fspath__'):
        raise TypeError(f'expected str, bytes or os.PathLike object, not {type(file).__name__}')
    if isinstance(file, (str, bytes)):
        return file
    return type(file).__fspath__(file)


def open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    """A stream over a file below the mounted root."""
    if isinstance(file, int) and file in _descriptors:
        return _reopened(_descriptors[file], mode, encoding, errors, newline)
    name = _name(file)
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    if encoding is not None and not isinstance(encoding, str):
        raise TypeError(f"open() argument 'encoding' must be str or None, not {type(encoding).__name__}")
    letters = set(mode)
    if letters - set('rwaxbt+') or len(mode) > len(letters):
        raise ValueError(f'invalid mode: {mode!r}')
    binary, text, updating = 'b' in letters, 't' in letters, '+' in letters
    kinds = [letter for letter in 'xrwa' if letter in letters]
    if text and binary:
        raise ValueError("can't have text and binary mode at once")
    if len(kinds) > 1:
        raise ValueError('must have exactly one of create/read/write/append mode')
    for value, what in ((encoding, 'an encoding'), (errors, 'an errors'), (newline, 'a newline')):
        if binary and value is not None:
            raise ValueError(f"binary mode doesn't take {what} argument")
    if not kinds:
        raise ValueError('Must have exactly one of create/read/write/append mode and at most one plus')
    if opener is not None:
        raise NotImplementedError('not supported: open with an opener')
    if not binary:
        _check_newline(newline)
        if buffering == 0:
            raise ValueError("can't have unbuffered text I/O")
        if encoding is not None and encoding != 'locale':
            ''.encode(encoding)
    kind = kinds[0]
    readable, writable = kind == 'r' or updating, kind != 'r' or updating
    shown = {'r': 'rb', 'w': 'wb', 'a': 'ab', 'x': 'xb'}[kind] + ('+' if updating else '')
    if kind != 'r' and updating:
        shown = {'w': 'rb+', 'a': 'ab+', 'x': 'xb+'}[kind]
    if binary and buffering == 0:
        return FileIO(name, mode.replace('b', ''))
    cls = BufferedRandom if updating else BufferedWriter if writable else BufferedReader
    stream = object.__new__(cls)
    stream._open(_files.absolute(_files.text_of(name)), name, shown, readable, writable, kind)
    if binary:
        return stream
    wrapper = TextIOWrapper(stream, encoding, errors, newline, line_buffering=buffering == 1)
    wrapper.mode = mode
    return wrapper


def _reopened(stream, mode, encoding, errors, newline):
    if 'b' in mode:
        return stream
    wrapper = TextIOWrapper(stream, encoding, errors, newline)
    wrapper.mode = mode
    return wrapper


def _check_newline(newline):
    if newline is not None and not isinstance(newline, str):
        raise TypeError(f'illegal newline type: {type(newline).__name__}')
    if newline not in (None, '', '\n', '\r', '\r\n'):
        raise ValueError(f'illegal newline value: {newline}')


def _split_utf8(data):
    """Bytes up to the last whole letter, and the beginning of one that is not whole."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte & 0xc0 != 0x80:
            width = 2 if byte >> 5 == 6 else 3 if byte >> 4 == 14 else 4 if byte >> 3 == 30 else 1
            if width > back:
                return data[:-back], data[-back:]
            break
    return data, b''


_WHOLE = {'ascii', 'us-ascii', 'latin-1', 'latin1', 'iso-8859-1', 'iso8859-1'}


class TextIOWrapper(TextIOBase):
    """A stream of text over one of bytes."""

    __module__ = '_io'

    def __init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False):
        _check_newline(newline)
        if encoding is None or encoding == 'locale':
            encoding = 'UTF-8'
        ''.encode(encoding)
        self._buffer = buffer
        self.encoding = encoding
        self.errors = 'strict' if errors is None else errors
        self.line_buffering = bool(line_buffering)
        self.write_through = bool(write_through)
        self._newline = newline
        self._found = set()
        self._telling = True
        folded = encoding.lower().replace('_', '-')
        self._by_piece = 'utf8' if folded in ('utf-8', 'utf8') else 'whole' if folded in _WHOLE else None
        self._mark = {'utf-16': 'utf-16-le', 'utf16': 'utf-16-le', 'utf-32': 'utf-32-le', 'utf32': 'utf-32-le',
                      'utf-8-sig': 'utf-8'}.get(folded)
        self._forget(0)
        self._marked = self._mark is None or self._at_start() is False
        # A buffer that may begin anywhere: places are counted from where it is.
        self._start = self._buffer_place()

    def _at_start(self):
        try:
            return self._buffer.tell() == 0
        except (OSError, AttributeError):
            return None

    def _buffer_place(self):
        try:
            return self._buffer.tell()
        except (OSError, AttributeError, ValueError):
            return 0

    def _forget(self, start):
        """Nothing is read ahead; the buffer is at `start`."""
        self._text = ''
        self._at = 0
        self._start = start
        self._rest = b''
        self._returns = False

    @property
    def buffer(self):
        return self._buffer

    @property
    def name(self):
        return self._buffer.name

    @property
    def closed(self):
        return self._buffer.closed

    @property
    def newlines(self):
        if not self._found:
            return None
        ends = tuple([end for end in ('\r', '\n', '\r\n') if end in self._found])
        return ends[0] if len(ends) == 1 else ends

    def _check_open(self):
        if self._buffer is None:
            raise ValueError('underlying buffer has been detached')
        if self._buffer.closed:
            raise ValueError('I/O operation on closed file.')

    def readable(self):
        self._check_open()
        return self._buffer.readable()

    def writable(self):
        self._check_open()
        return self._buffer.writable()

    def seekable(self):
        self._check_open()
        return self._buffer.seekable()

    def fileno(self):
        return self._buffer.fileno()

    def isatty(self):
        self._check_open()
        return False

    # ---- reading

    def _check_reading(self):
        self._check_open()
        if not self._buffer.readable():
            raise UnsupportedOperation('not readable')

    def _more(self, everything=False):
        """Read ahead; False at the end."""
        if everything or self._by_piece is None:
            data = self._buffer.read()
        else:
            data = self._buffer.read(_PIECE)
        if not data and not self._rest:
            return False
        whole, rest = self._rest + data, b''
        if self._by_piece == 'utf8' and data and not everything:
            whole, rest = _split_utf8(whole)
        text = whole.decode(self.encoding, self.errors)
        if self._at:
            self._start += len(self._bytes_of(self._text[:self._at]))
        self._text = self._text[self._at:] + text
        self._at = 0
        self._rest = rest
        self._returns = '\r' in self._text
        return bool(text) or self._more(everything)

    def _bytes_of(self, text):
        if self._mark and self._start:
            return text.encode(self._mark, self.errors)
        return text.encode(self.encoding, self.errors)

    def _translated(self, text):
        if self._newline in (None, '') and '\r' in text:
            for end in ('\r\n', '\r', '\n'):
                if end in (text.replace('\r\n', '') if len(end) == 1 else text):
                    self._found.add(end)
            if self._newline == '':
                return text
            return text.replace('\r\n', '\n').replace('\r', '\n')
        if self._newline in (None, '') and '\n' in text:
            self._found.add('\n')
        return text

    def read(self, size=-1, /):
        self._check_reading()
        size = _size(size)
        if size < 0:
            while self._more(everything=True):
                pass
            text = self._text[self._at:]
            self._at = len(self._text)
            return self._translated(text)
        out = []
        while size > 0:
            if self._at == len(self._text) and not self._more():
                break
            end = min(self._at + size, len(self._text))
            if self._newline is None and self._returns and self._text[end - 1] == '\r':
                if end == len(self._text) and self._more():
                    continue
                if self._text[end:end + 1] == '\n':
                    end += 1
            text = self._translated(self._text[self._at:end])
            self._at = end
            out.append(text)
            size -= len(text)
        return ''.join(out)

    def readline(self, size=-1, /):
        self._check_reading()
        size = _size(size)
        searched = self._at
        while True:
            end = self._line_end(searched)
            if end or 0 <= size <= len(self._text) - self._at:
                break
            have = len(self._text) - self._at
            if not self._more():
                end = len(self._text)
                break
            searched = max(have - 1, 0)
        if end is None or 0 <= size < end - self._at:
            end = self._at + size
        line = self._text[self._at:end]
        self._at = end
        return self._translated(line)

    def _line_end(self, at):
        """The place behind a line that is whole; None when it is not."""
        if self._newline in ('\n', '\r', '\r\n'):
            end = self._text.find(self._newline, max(at - 1, self._at))
            return end + len(self._newline) if end >= 0 else None
        end = self._text.find('\n', at)
        if self._returns:
            other = self._text.find('\r', at, end if end >= 0 else len(self._text))
            if other >= 0:
                if other + 1 == len(self._text):
                    return None
                return other + 2 if self._text[other + 1] == '\n' else other + 1
        return end + 1 if end >= 0 else None

    def __next__(self):
        self._telling = False
        line = self.readline()
        if not line:
            self._telling = True
            raise StopIteration
        return line

    # ---- writing

    def write(self, text, /):
        if not isinstance(text, str):
            raise TypeError(f'write() argument must be str, not {type(text).__name__}')
        self._check_open()
        if not self._buffer.writable():
            raise UnsupportedOperation('not writable')
        if self._text or self._rest:
            self._buffer.seek(self._place())
        data = text
        if self._newline in ('\r', '\r\n') and '\n' in text:
            data = text.replace('\n', self._newline)
        data = data.encode(self.encoding if not self._marked or not self._mark else self._mark, self.errors)
        self._marked = True
        self._buffer.write(data)
        self._forget(self._buffer_place() if self._buffer.seekable() else 0)
        if self.line_buffering and ('\n' in text or '\r' in text):
            self.flush()
        return len(text)

    def flush(self):
        self._check_open()
        self._telling = True
        self._buffer.flush()

    # ---- places

    def _place(self):
        return self._start + len(self._bytes_of(self._text[:self._at]))

    def tell(self):
        self._check_open()
        if not self._buffer.seekable():
            raise UnsupportedOperation('underlying stream is not seekable')
        if not self._telling:
            raise OSError('telling position disabled by next() call')
        if self.errors != 'strict' and self._at and '\ufffd' in self._text[:self._at]:
            raise NotImplementedError('not supported: tell() behind bytes that were replaced')
        return self._place()

    def seek(self, cookie, whence=0, /):
        self._check_open()
        if not self._buffer.seekable():
            raise UnsupportedOperation('underlying stream is not seekable')
        if whence == 1:
            if cookie != 0:
                raise UnsupportedOperation("can't do nonzero cur-relative seeks")
            whence, cookie = 0, self._place()
        elif whence == 2:
            if cookie != 0:
                raise UnsupportedOperation("can't do nonzero end-relative seeks")
            self.flush()
            self._forget(self._buffer.seek(0, 2))
            return self._start
        elif whence != 0:
            raise ValueError(f'invalid whence ({whence}, should be 0, 1 or 2)')
        if cookie < 0:
            raise ValueError(f'negative seek position {cookie}')
        self.flush()
        self._buffer.seek(cookie)
        self._forget(cookie)
        self._marked = self._mark is None or cookie != 0
        self._telling = True
        return cookie

    def truncate(self, pos=None, /):
        self._check_open()
        self.flush()
        return self._buffer.truncate(self._place() if pos is None else pos)

    def detach(self):
        self._check_open()
        self.flush()
        buffer, self._buffer = self._buffer, None
        return buffer

    def reconfigure(self, *, encoding=None, errors=None, newline='', line_buffering=None, write_through=None):
        self.flush()
        if encoding is not None or errors is not None or newline != '':
            if self._text or self._rest:
                raise UnsupportedOperation('It is not possible to set the encoding or newline of stream after the '
                                           'first read')
            TextIOWrapper.__init__(self, self._buffer, encoding or self.encoding,
                                   errors or ('strict' if encoding else self.errors),
                                   self._newline if newline == '' else newline, self.line_buffering)
        if line_buffering is not None:
            self.line_buffering = bool(line_buffering)

    def close(self):
        if self._buffer is not None and not self._buffer.closed:
            try:
                self.flush()
            finally:
                self._buffer.close()

    def __repr__(self):
        parts = ''
        for attribute in ('name', 'mode'):
            try:
                parts += f' {attribute}={getattr(self, attribute)!r}'
            except AttributeError:
                pass
        return f'<_io.TextIOWrapper{parts} encoding={self.encoding!r}>'
