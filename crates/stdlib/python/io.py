"""Streams: `StringIO` and `BytesIO` here; those over files are in `_disk`, which is loaded when one is opened.

Missing: descriptors, `BufferedRWPair`, buffers over streams that are no files, `getbuffer`, and in `StringIO` newline
translation other than none, universal and untranslated.
"""

__all__ = ['open', 'FileIO', 'BufferedReader', 'BufferedWriter', 'BufferedRandom', 'TextIOWrapper',
           'BytesIO', 'StringIO', 'IOBase', 'RawIOBase', 'BufferedIOBase', 'TextIOBase', 'UnsupportedOperation',
           'BlockingIOError', 'DEFAULT_BUFFER_SIZE', 'SEEK_SET', 'SEEK_CUR', 'SEEK_END']

DEFAULT_BUFFER_SIZE = 8192
SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2
BlockingIOError = BlockingIOError


class UnsupportedOperation(OSError, ValueError):
    """A stream was asked for what its kind cannot do."""


class IOBase:
    """What every stream has."""

    closed = False

    def _check_open(self):
        if self.closed:
            raise ValueError('I/O operation on closed file.')

    def close(self):
        self.closed = True

    def __enter__(self):
        self._check_open()
        return self

    def __exit__(self, *exception):
        self.close()

    def __iter__(self):
        self._check_open()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def flush(self):
        self._check_open()

    def fileno(self):
        raise UnsupportedOperation('fileno')

    def isatty(self):
        self._check_open()
        return False

    def readable(self):
        return False

    def writable(self):
        return False

    def seekable(self):
        return False

    def readlines(self, hint=-1):
        lines = []
        size = 0
        for line in self:
            lines.append(line)
            size += len(line)
            if hint is not None and 0 < hint <= size:
                break
        return lines

    def writelines(self, lines):
        self._check_open()
        for line in lines:
            self.write(line)


class RawIOBase(IOBase):
    pass


class BufferedIOBase(IOBase):
    pass


class TextIOBase(IOBase):
    encoding = None
    errors = None
    newlines = None


def _size(size):
    if size is None:
        return -1
    try:
        return size.__index__()
    except AttributeError:
        raise TypeError(f"argument should be integer or None, not '{type(size).__name__}'") from None


class _Memory:
    """What both streams share: a text or bytes, and a place in it.

    The parts written at the end are kept apart until somebody looks, so that
    many small writes do not copy the whole each time.
    """

    def _start(self, value):
        self._value = value
        self._parts = []
        self._at = 0
        self.closed = False

    def _whole(self):
        if self._parts:
            self._value += self._empty.join(self._parts)
            self._parts = []
        return self._value

    def _length(self):
        return len(self._whole())

    def _put(self, piece):
        if self._at == 'end':
            self._parts.append(piece)
            return
        value = self._whole()
        at = self._at
        if at > len(value):
            value += self._filler * (at - len(value))
        after = at + len(piece)
        if at == len(value):
            self._value = value
            self._parts.append(piece)
            self._at = 'end'
        else:
            self._value = value[:at] + piece + value[after:]
            self._at = after

    def _place(self):
        if self._at == 'end':
            self._at = len(self._whole())
        return self._at

    def getvalue(self):
        self._check_open()
        return self._whole()

    def read(self, size=-1, /):
        self._check_open()
        size = _size(size)
        at = self._place()
        value = self._whole()
        got = value[at:] if size < 0 else value[at:at + size]
        self._at = at + len(got)
        return got

    def readline(self, size=-1, /):
        self._check_open()
        size = _size(size)
        at = self._place()
        value = self._whole()
        end = self._line_end(value, at)
        if 0 <= size < end - at:
            end = at + size
        got = value[at:end]
        self._at = at + len(got)
        return got

    def _line_end(self, value, at):
        end = value.find(self._newline, at)
        return len(value) if end < 0 else end + 1

    def tell(self):
        self._check_open()
        return self._place()

    def truncate(self, size=None, /):
        self._check_open()
        at = self._place()
        size = at if size is None else _size(size)
        if size < 0:
            raise ValueError(f'{self._negative_size} {size}')
        self._value = self._whole()[:size]
        return size

    def readable(self):
        self._check_open()
        return True

    writable = seekable = readable

    def close(self):
        self.closed = True


class StringIO(_Memory, TextIOBase):
    """A text stream in memory."""

    _empty = ''
    _filler = '\0'
    _newline = '\n'
    _negative_size = 'Negative size value'
    line_buffering = False

    def __init__(self, initial_value='', newline='\n'):
        if newline not in (None, '', '\n'):
            if not isinstance(newline, str):
                raise TypeError(f'newline must be str or None, not {type(newline).__name__}')
            if newline not in ('\r', '\r\n'):
                raise ValueError(f'illegal newline value: {newline!r}')
            raise NotImplementedError(f'not supported: io.StringIO(newline={newline!r})')
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError(f'initial_value must be str or None, not {type(initial_value).__name__}')
        self._mode = newline
        self._start('')
        if initial_value:
            self.write(initial_value)
            self._at = 0

    def write(self, text, /):
        """Write a text; the number of its characters is returned."""
        if not isinstance(text, str):
            raise TypeError(f"string argument expected, got '{type(text).__name__}'")
        self._check_open()
        size = len(text)
        if self._mode is None and '\r' in text:
            text = text.replace('\r\n', '\n').replace('\r', '\n')
        if text:
            self._put(text)
        return size

    def _line_end(self, value, at):
        if self._mode != '':
            return _Memory._line_end(self, value, at)
        for end in range(at, len(value)):
            if value[end] == '\n':
                return end + 1
            if value[end] == '\r':
                return end + 2 if value[end + 1:end + 2] == '\n' else end + 1
        return len(value)

    def _check_open(self):
        if self.closed:
            raise ValueError('I/O operation on closed file')

    def seek(self, pos, whence=0, /):
        self._check_open()
        if whence not in (0, 1, 2):
            raise ValueError(f'Invalid whence ({whence}, should be 0, 1 or 2)')
        if whence == 0 and pos < 0:
            raise ValueError(f'Negative seek position {pos}')
        if whence and pos:
            raise OSError("Can't do nonzero cur-relative seeks")
        if whence == 0:
            self._at = pos
        elif whence == 2:
            self._at = self._length()
        return self._place()


class BytesIO(_Memory, BufferedIOBase):
    """A stream of bytes in memory."""

    _empty = b''
    _filler = b'\0'
    _newline = b'\n'
    _negative_size = 'negative size value'

    def __init__(self, initial_bytes=b''):
        self._start(_as_bytes(initial_bytes) if initial_bytes is not None else b'')

    def write(self, data, /):
        """Write bytes; their number is returned."""
        self._check_open()
        data = _as_bytes(data)
        if data:
            self._put(data)
        return len(data)

    read1 = _Memory.read

    def readinto(self, buffer, /):
        got = self.read(len(buffer))
        buffer[:len(got)] = got
        return len(got)

    def getbuffer(self):
        raise NotImplementedError('not supported: io.BytesIO.getbuffer (there is no memoryview here)')

    def seek(self, pos, whence=0, /):
        self._check_open()
        if whence == 0:
            if pos < 0:
                raise ValueError(f'negative seek value {pos}')
        elif whence == 1:
            pos = max(0, self._place() + pos)
        elif whence == 2:
            pos = max(0, self._length() + pos)
        else:
            raise ValueError(f'invalid whence ({whence}, should be 0, 1 or 2)')
        self._at = pos
        return pos


def _as_bytes(data):
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError(f"a bytes-like object is required, not '{type(data).__name__}'")
    return bytes(data)


_ON_DISK = ('open', 'FileIO', 'BufferedReader', 'BufferedWriter', 'BufferedRandom', 'TextIOWrapper')


def text_encoding(encoding, stacklevel=2, /):
    return 'locale' if encoding is None else encoding


def open_code(path):
    return __getattr__('open')(path, 'rb')


def __getattr__(name):
    if name in _ON_DISK:
        import _disk
        value = globals()[name] = getattr(_disk, name)
        return value
    if name == 'BufferedRWPair':
        raise NotImplementedError(f'not supported: io.{name}')
    raise AttributeError(f"module 'io' has no attribute {name!r}")
