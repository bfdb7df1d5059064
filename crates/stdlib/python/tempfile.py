"""Files and folders for a while, below `/tmp`, which is private to the run. Missing: names of bytes, and openers."""

import io as _io
import os as _os
import shutil as _shutil
from random import Random as _Random, SystemRandom as _SystemRandom

__all__ = ['NamedTemporaryFile', 'TemporaryFile', 'SpooledTemporaryFile', 'TemporaryDirectory', 'mkstemp', 'mkdtemp',
           'mktemp', 'TMP_MAX', 'gettempprefix', 'tempdir', 'gettempdir', 'gettempprefixb', 'gettempdirb']

TMP_MAX = 10000
template = 'tmp'
tempdir = None
_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789_'
_source = []


def _names():
    if not _source:
        _source.append(_Random(_SystemRandom().getrandbits(64)))
    while True:
        yield ''.join(_source[0].choices(_LETTERS, k=8))


def gettempprefix():
    return template


def gettempprefixb():
    return template.encode('utf-8')


def gettempdir():
    global tempdir
    if tempdir is None:
        tempdir = _os.environ.get('TMPDIR') or '/tmp'
    return tempdir


def gettempdirb():
    return gettempdir().encode('utf-8')


def _make(dir, prefix, suffix, make):
    dir = gettempdir() if dir is None else _os.fspath(dir)
    for count, name in enumerate(_names()):
        path = _os.path.join(dir, (template if prefix is None else prefix) + name + (suffix or ''))
        try:
            return _os.path.abspath(path), make(path)
        except FileExistsError:
            if count == TMP_MAX:
                raise FileExistsError(17, 'No usable temporary file name found') from None


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    path, descriptor = _make(dir, prefix, suffix, lambda path: _os.open(path, _os.O_RDWR | _os.O_CREAT | _os.O_EXCL))
    _os.chmod(path, 0o600)
    return descriptor, path


def mkdtemp(suffix=None, prefix=None, dir=None):
    path, _ = _make(dir, prefix, suffix, lambda path: _os.mkdir(path, 0o700))
    _os.chmod(path, 0o700)
    return path


def mktemp(suffix='', prefix=template, dir=None):
    dir = gettempdir() if dir is None else dir
    for name in _names():
        path = _os.path.join(dir, prefix + name + suffix)
        if not _os.path.lexists(path):
            return _os.path.abspath(path)


class _TemporaryFileWrapper:
    """A file that goes away when it is closed."""

    def __init__(self, file, name, delete=True, delete_on_close=True):
        self.file = file
        self.name = name
        self.delete = delete
        self._on_close = delete_on_close
        self._gone = False

    def __getattr__(self, name):
        return getattr(self.__dict__['file'], name)

    def _remove(self):
        if self.delete and not self._gone:
            self._gone = True
            try:
                _os.unlink(self.name)
            except FileNotFoundError:
                pass

    def close(self):
        self.file.close()
        if self._on_close:
            self._remove()

    def __enter__(self):
        self.file.__enter__()
        return self

    def __exit__(self, *exception):
        result = self.file.__exit__(*exception)
        self.close()
        self._remove()
        return result

    def __iter__(self):
        yield from self.file

    def __repr__(self):
        return f'<{type(self).__module__}.{type(self).__name__} file={self.file!r}>'


def NamedTemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None,
                       delete=True, *, errors=None, delete_on_close=True):
    descriptor, path = mkstemp(suffix, prefix, dir)
    _os.close(descriptor)
    file = _io.open(path, mode.replace('x', 'w'), buffering, encoding, errors, newline)
    return _TemporaryFileWrapper(file, path, delete, delete_on_close)


def TemporaryFile(mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, *,
                  errors=None):
    return NamedTemporaryFile(mode, buffering, encoding, newline, suffix, prefix, dir, errors=errors)


class SpooledTemporaryFile(_io.IOBase):
    """In memory while it is small."""

    def __init__(self, max_size=0, mode='w+b', buffering=-1, encoding=None, newline=None, suffix=None, prefix=None,
                 dir=None, *, errors=None):
        self._binary = 'b' in mode
        self._file = _io.BytesIO() if self._binary else _io.TextIOWrapper(_io.BytesIO(), encoding or 'utf-8',
                                                                         errors, newline)
        self._max_size = max_size
        self._rolled = False
        self._arguments = {'mode': mode, 'buffering': buffering, 'suffix': suffix, 'prefix': prefix,
                           'encoding': encoding, 'newline': newline, 'dir': dir, 'errors': errors}

    def rollover(self):
        if self._rolled:
            return
        old = self._file
        new = self._file = TemporaryFile(**self._arguments)
        place = old.tell()
        if self._binary:
            new.write(old.getvalue())
        else:
            old.flush()
            new.file.buffer.write(old.buffer.getvalue())
        new.seek(place)
        self._rolled = True

    def _check(self):
        if not self._rolled and self._max_size and self._file.tell() > self._max_size:
            self.rollover()

    def write(self, data):
        written = self._file.write(data)
        self._check()
        return written

    def writelines(self, lines):
        self._file.writelines(lines)
        self._check()

    def fileno(self):
        self.rollover()
        return self._file.fileno()

    def close(self):
        self._file.close()

    def __enter__(self):
        if self._file.closed:
            raise ValueError('Cannot enter context with closed file')
        return self

    def __exit__(self, *exception):
        self._file.close()

    def __iter__(self):
        return iter(self._file)

    def __next__(self):
        return next(self._file)

    @property
    def closed(self):
        return self._file.closed

    @property
    def name(self):
        return getattr(self._file, 'name', None)

    mode = property(lambda self: self._arguments['mode'])
    encoding = property(lambda self: self._file.encoding)
    errors = property(lambda self: self._file.errors)
    newlines = property(lambda self: self._file.newlines)

    def truncate(self, size=None):
        if size is None:
            return self._file.truncate()
        if size > self._max_size:
            self.rollover()
        return self._file.truncate(size)

    def read(self, *args):
        return self._file.read(*args)

    def readline(self, *args):
        return self._file.readline(*args)

    def readlines(self, *args):
        return self._file.readlines(*args)

    def seek(self, *args):
        return self._file.seek(*args)

    def tell(self):
        return self._file.tell()

    def flush(self):
        self._file.flush()

    def isatty(self):
        return False

    def readable(self):
        return True

    writable = seekable = readable


class TemporaryDirectory:
    """A folder that goes away, with all in it, at the end of its `with`."""

    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False, *, delete=True):
        self.name = mkdtemp(suffix, prefix, dir)
        self._ignore = ignore_cleanup_errors
        self._delete = delete

    def __repr__(self):
        return f'<{type(self).__name__} {self.name!r}>'

    def __enter__(self):
        return self.name

    def __exit__(self, *exception):
        if self._delete:
            self.cleanup()

    def cleanup(self):
        if _os.path.exists(self.name):
            _shutil.rmtree(self.name, ignore_errors=self._ignore)

    __class_getitem__ = classmethod(lambda cls, item: cls)
