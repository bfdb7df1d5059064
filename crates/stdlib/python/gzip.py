"""Files of gzip. Missing: streams that are written and read at the same time, and `seek` in what is written."""

import io as _io
import time as _time
import zlib as _zlib

__all__ = ['BadGzipFile', 'GzipFile', 'open', 'compress', 'decompress']

READ, WRITE = 1, 2
_open_plain = open


class BadGzipFile(OSError):
    """What is read is no file of gzip."""


def _member(data, level, mtime, name=b''):
    body = _zlib.compress(data, level, -15)
    extra = 2 if level == 9 else 4 if level == 1 else 0
    head = b'\x1f\x8b\x08' + bytes([8 if name else 0]) + (int(mtime) & 0xffffffff).to_bytes(4, 'little')
    head += bytes([extra]) + b'\xff' + (name + b'\0' if name else b'')
    return head + body + _zlib.crc32(data).to_bytes(4, 'little') + (len(data) & 0xffffffff).to_bytes(4, 'little')


def compress(data, compresslevel=9, *, mtime=None):
    if mtime == 0:
        return _zlib.compress(data, compresslevel, 31)
    return _member(bytes(data), compresslevel, _time.time() if mtime is None else mtime)


def decompress(data):
    """The content of all members, one behind the other."""
    out = []
    data = bytes(data)
    while data:
        if data[:2] != b'\x1f\x8b':
            raise BadGzipFile(f'Not a gzipped file ({data[:2]!r})')
        if len(data) > 2 and data[2] != 8:
            raise BadGzipFile('Unknown compression method')
        try:
            content, at = _zlib._gunzipped(data)
        except _zlib._Short:
            raise EOFError('Compressed file ended before the end-of-stream marker was reached') from None
        except _zlib.error as error:
            if 'data check' in str(error):
                raise BadGzipFile('CRC check failed') from None
            if 'length check' in str(error):
                raise BadGzipFile('Incorrect length of data produced') from None
            raise
        out.append(bytes(content))
        data = data[at:].lstrip(b'\0')
    return b''.join(out)


class GzipFile(_io.BufferedIOBase):
    """A stream of bytes whose file is compressed."""

    def __init__(self, filename=None, mode=None, compresslevel=9, fileobj=None, mtime=None):
        if mode and ('t' in mode or 'U' in mode):
            raise ValueError(f'Invalid mode: {mode!r}')
        mode = (mode or getattr(fileobj, 'mode', 'rb')).replace('b', '')
        self._own = fileobj is None
        self.fileobj = _open_plain(filename, mode + 'b') if fileobj is None else fileobj
        name = filename if filename is not None else getattr(fileobj, 'name', '')
        self.name = name if isinstance(name, (str, bytes)) else ''
        self._mtime, self._level = mtime, compresslevel
        if mode.startswith('r'):
            self.mode = READ
            self._content = None
        elif mode.startswith(('w', 'a', 'x')):
            self.mode = WRITE
            self._content = _io.BytesIO()
        else:
            raise ValueError(f'Invalid mode: {mode!r}')

    def _reading(self):
        if self.mode != READ:
            import errno
            raise OSError(errno.EBADF, 'read() on write-only GzipFile object')
        if self._content is None:
            self._content = _io.BytesIO(decompress(self.fileobj.read()))
        return self._content

    def read(self, size=-1):
        return self._reading().read(size)

    def readline(self, size=-1):
        return self._reading().readline(size)

    def peek(self, n):
        content = self._reading()
        place = content.tell()
        found = content.read(n)
        content.seek(place)
        return found

    def write(self, data):
        if self.mode != WRITE:
            import errno
            raise OSError(errno.EBADF, 'write() on read-only GzipFile object')
        if self.closed:
            raise ValueError('write() on closed GzipFile object')
        return self._content.write(data)

    def seek(self, offset, whence=0):
        return self._reading().seek(offset, whence)

    def tell(self):
        return self._content.tell() if self._content is not None else 0

    def readable(self):
        return self.mode == READ

    def writable(self):
        return self.mode == WRITE

    def seekable(self):
        return True

    def flush(self, zlib_mode=2):
        pass

    def close(self):
        if self.closed:
            return
        self.closed = True
        if self.mode == WRITE:
            import os
            name = self.name.encode('latin-1', 'ignore') if isinstance(self.name, str) else self.name
            name = os.path.basename(name.decode('latin-1')).removesuffix('.gz').encode('latin-1')
            mtime = _time.time() if self._mtime is None else self._mtime
            self.fileobj.write(_member(self._content.getvalue(), self._level, mtime, name))
        if self._own:
            self.fileobj.close()


def open(filename, mode='rb', compresslevel=9, encoding=None, errors=None, newline=None):
    """A stream of bytes or text."""
    if 't' in mode:
        if 'b' in mode:
            raise ValueError(f'Invalid mode: {mode!r}')
    elif encoding is not None:
        raise ValueError("Argument 'encoding' not supported in binary mode")
    plain = mode.replace('t', '')
    if isinstance(filename, (str, bytes)) or hasattr(type(filename), '__fspath__'):
        file = GzipFile(filename if isinstance(filename, (str, bytes)) else filename.__fspath__(), plain, compresslevel)
    elif hasattr(filename, 'read') or hasattr(filename, 'write'):
        file = GzipFile(None, plain, compresslevel, filename)
    else:
        raise TypeError('filename must be a str or bytes object, or a file')
    return _io.TextIOWrapper(file, encoding, errors, newline) if 't' in mode else file
