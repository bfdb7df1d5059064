"""What a program may know about its system: files below the root that is mounted, and almost nothing else.

The environment is empty at first. Processes and users are refused. Folders are listed in the order of their names.
Missing: descriptors of folders (`dir_fd`), owners, links that are not symbolic, pipes, and `os.get_terminal_size`
with a terminal.
"""

import _files
import abc as _abc
import stat as st
import os.path as path
from os.path import altsep, curdir, defpath, devnull, extsep, pardir, pathsep, sep

name = 'posix'
linesep = '\n'
error = OSError
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0, 1, 2, 64, 128, 512, 1024
O_NONBLOCK, O_SYNC, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_NOCTTY = 2048, 1052672, 524288, 65536, 131072, 256
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
EX_OK = 0
supports_follow_symlinks = supports_dir_fd = supports_fd = supports_effective_ids = frozenset()


class _Environment(dict):
    """Texts by name. `putenv` and this are one."""

    def __getitem__(self, key):
        return dict.__getitem__(self, _variable(key))

    def __setitem__(self, key, value):
        dict.__setitem__(self, _variable(key), _variable(value))

    def __delitem__(self, key):
        dict.__delitem__(self, _variable(key))

    def setdefault(self, key, value):
        if key not in self:
            self[key] = value
        return self[key]

    def update(self, *others, **more):
        for key, value in dict(*others, **more).items():
            self[key] = value

    def copy(self):
        return dict(self)

    def __or__(self, other):
        return {**self, **other} if isinstance(other, dict) else NotImplemented

    def __ror__(self, other):
        return {**other, **self} if isinstance(other, dict) else NotImplemented

    def __ior__(self, other):
        self.update(other)
        return self

    def __repr__(self):
        return f'environ({dict.__repr__(self)})'


def _variable(value):
    if not isinstance(value, str):
        raise TypeError(f'str expected, not {type(value).__name__}')
    return value


environ = _Environment()


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(name, value, /):
    environ[name] = value


def unsetenv(name, /):
    environ.pop(name, None)


def fspath(path):
    """A path as text or bytes."""
    if isinstance(path, (str, bytes)):
        return path
    method = getattr(type(path), '__fspath__', None)
    if method is None:
        raise TypeError(f'expected str, bytes or os.PathLike object, not {type(path).__name__}')
    made = method(path)
    if not isinstance(made, (str, bytes)):
        raise TypeError(f'expected {type(path).__name__}.__fspath__() to return str or bytes, '
                        f'not {type(made).__name__}')
    return made


def fsencode(filename):
    filename = fspath(filename)
    return filename.encode('utf-8') if isinstance(filename, str) else filename


def fsdecode(filename):
    filename = fspath(filename)
    return filename.decode('utf-8') if isinstance(filename, bytes) else filename


_entropy = []


def urandom(size, /):
    """Bytes that follow from one seed of the host, which is asked for once and stands in the journal."""
    if not isinstance(size, int):
        raise TypeError(f"'{type(size).__name__}' object cannot be interpreted as an integer")
    if size < 0:
        raise ValueError('negative argument not allowed')
    if not _entropy:
        from _random import Random
        _entropy.append(Random())
    return _entropy[0].getrandbits(8 * size).to_bytes(size, 'little') if size else b''


# ---- where the program is

def getcwd():
    return _files.place[0]


def getcwdb():
    return getcwd().encode('utf-8')


def chdir(path):
    where, _ = _files.call('file.resolve', path)
    if not st.S_ISDIR(_files.call('file.stat', path)[0]):
        raise OSError(20, 'Not a directory', _files.text_of(path))
    _files.place[0] = where


# ---- what is there

def _as_float(nanos):
    return nanos // 1_000_000_000 + 1e-9 * (nanos % 1_000_000_000)


class stat_result(tuple):
    """What is known about a file: ten numbers, and more that only have names."""

    n_fields, n_sequence_fields, n_unnamed_fields = 19, 10, 3
    _names = ('st_mode', 'st_ino', 'st_dev', 'st_nlink', 'st_uid', 'st_gid', 'st_size', 'st_atime', 'st_mtime',
              'st_ctime')
    st_blksize = 4096

    def __new__(cls, iterable, times=None):
        made = tuple.__new__(cls, iterable)
        if len(made) != 10:
            raise TypeError(f'os.stat_result() takes an at least 10-sequence ({len(made)}-sequence given)')
        made._times = times or [part * 1_000_000_000 for part in made[7:]]
        return made

    st_atime_ns = property(lambda self: self._times[0])
    st_mtime_ns = property(lambda self: self._times[1])
    st_ctime_ns = property(lambda self: self._times[2])
    st_atime = property(lambda self: _as_float(self._times[0]))
    st_mtime = property(lambda self: _as_float(self._times[1]))
    st_ctime = property(lambda self: _as_float(self._times[2]))
    st_blocks = property(lambda self: (self[6] + 4095) // 4096 * 8)
    st_rdev = 0

    def __repr__(self):
        parts = ', '.join([f'{name}={value}' for name, value in zip(self._names, self)])
        return f'os.stat_result({parts})'


for _index, _name in enumerate(stat_result._names[:7]):
    setattr(stat_result, _name, property(lambda self, index=_index: self[index]))


def _from_facts(facts):
    return stat_result(facts[:7] + [time // 1_000_000_000 for time in facts[7:]], facts[7:])


def stat(path, *, dir_fd=None, follow_symlinks=True):
    if isinstance(path, int):
        return fstat(path)
    if follow_symlinks:
        return _from_facts(_files.call('file.stat', path))
    return lstat(path)


def lstat(path, *, dir_fd=None):
    return _from_facts(_files.call('file.stat', path, follow=False))


def access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True):
    try:
        bits = stat(path).st_mode
    except OSError:
        return False
    return not mode & 7 or bits >> 6 & mode & 7 == mode & 7


def listdir(path=None):
    names = [name for name, _ in _files.call('file.list', '.' if path is None else path)]
    return [name.encode('utf-8') for name in names] if isinstance(path, bytes) else names


class DirEntry:
    """A name in a folder, and what is known about it."""

    __module__ = 'posix'

    def __init__(self):
        raise TypeError("cannot create 'posix.DirEntry' instances")

    def is_dir(self, *, follow_symlinks=True):
        return st.S_ISDIR(self._followed(follow_symlinks))

    def is_file(self, *, follow_symlinks=True):
        return st.S_ISREG(self._followed(follow_symlinks))

    def is_symlink(self):
        return st.S_ISLNK(self._mode)

    def is_junction(self):
        return False

    def _followed(self, follow):
        if follow and st.S_ISLNK(self._mode):
            try:
                return stat(self.path).st_mode
            except (FileNotFoundError, PermissionError):
                # A link that leads nowhere, or out of the root.
                return 0
        return self._mode

    def stat(self, *, follow_symlinks=True):
        return stat(self.path, follow_symlinks=follow_symlinks)

    def inode(self):
        return lstat(self.path).st_ino

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return f'<DirEntry {self.name!r}>'


class _Entries:
    def __init__(self, entries):
        self._entries = iter(entries)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def close(self):
        self._entries = iter(())

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def scandir(path=None):
    top = '.' if path is None else _files.text_of(path)
    entries = []
    for name, mode in _files.call('file.list', top):
        entry = object.__new__(DirEntry)
        entry.name = name
        entry.path = name if path is None else _path_join(top, name)
        entry._mode = mode
        entries.append(entry)
    return _Entries(entries)


_path_join = path.join


def walk(top, topdown=True, onerror=None, followlinks=False):
    """Each folder below `top` with the names in it: (path, folders, files)."""
    top = fspath(top)
    try:
        entries = list(scandir(top))
    except OSError as error:
        if onerror is not None:
            onerror(error)
        return
    folders, files, below = [], [], []
    for entry in entries:
        if entry.is_dir():
            folders.append(entry.name)
            if followlinks or not entry.is_symlink():
                below.append(entry.name)
        else:
            files.append(entry.name)
    if topdown:
        yield top, folders, files
        for folder in folders:
            inner = path.join(top, folder)
            if followlinks or not path.islink(inner):
                yield from walk(inner, topdown, onerror, followlinks)
    else:
        for folder in below:
            yield from walk(path.join(top, folder), topdown, onerror, followlinks)
        yield top, folders, files


def readlink(path, *, dir_fd=None):
    return _files.call('file.readlink', path)


# ---- changes

def mkdir(path, mode=511, *, dir_fd=None):
    _files.call('file.mkdir', path)


def makedirs(name, mode=511, exist_ok=False):
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        try:
            makedirs(head, exist_ok=exist_ok)
        except FileExistsError:
            pass
        if tail == curdir:
            return
    try:
        mkdir(name, mode)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def rmdir(path, *, dir_fd=None):
    _files.call('file.rmdir', path)


def removedirs(name):
    rmdir(name)
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    while head and tail:
        try:
            rmdir(head)
        except OSError:
            break
        head, tail = path.split(head)


def remove(path, *, dir_fd=None):
    _files.call('file.unlink', path)


def unlink(path, *, dir_fd=None):
    _files.call('file.unlink', path)


def rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None):
    _files.call('file.rename', src, dst)


def replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None):
    _files.call('file.rename', src, dst)


def renames(old, new):
    head, tail = path.split(new)
    if head and tail and not path.exists(head):
        makedirs(head)
    rename(old, new)
    head, tail = path.split(old)
    if head and tail:
        try:
            removedirs(head)
        except OSError:
            pass


def symlink(src, dst, target_is_directory=False, *, dir_fd=None):
    # The text of a link is kept as it is.
    shown = _files.text_of(dst)
    result = _files.answer('file.symlink', {'path': _files.absolute(shown), 'to': _files.text_of(src)})
    if 'value' not in result:
        raise OSError(result['errno'], result['strerror'], _files.text_of(src), None, shown)


def chmod(path, mode, *, dir_fd=None, follow_symlinks=True):
    _files.call('file.chmod', path, mode=mode)


def truncate(path, length):
    _files.call('file.truncate', path, size=length)


def utime(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True):
    if times is not None and ns is not None:
        raise ValueError("utime: you may specify either 'times' or 'ns' but not both")
    if times is None and ns is None:
        _files.call('file.utime', path)
        return
    if times is not None:
        if not isinstance(times, tuple) or len(times) != 2:
            raise TypeError("utime: 'times' must be either a tuple of two ints or None")
        ns = [int(part * 1_000_000_000) for part in times]
    _files.call('file.utime', path, accessed=ns[0], modified=ns[1])


# ---- descriptors

def open(path, flags, mode=511, *, dir_fd=None):
    import io
    if flags & 3 == 0:
        return io.FileIO(path, 'r').fileno()
    if flags & O_EXCL and flags & O_CREAT:
        kind = 'x'
    elif flags & O_TRUNC:
        if not flags & O_CREAT:
            stat(path)
        kind = 'w'
    elif flags & O_APPEND:
        kind = 'a'
    elif flags & O_CREAT and not _exists(path):
        kind = 'w'
    else:
        kind = 'r'
    return io.FileIO(path, kind + ('+' if flags & 3 == 2 or kind == 'r' else '')).fileno()


def _exists(where):
    return path.exists(where)


def _stream(fd):
    from _disk import _descriptors
    if fd not in _descriptors:
        raise OSError(9, 'Bad file descriptor')
    return _descriptors[fd]


def close(fd):
    _stream(fd).close()


def read(fd, length, /):
    return _stream(fd).read(length)


def write(fd, data, /):
    if fd in (1, 2):
        import sys
        (sys.__stdout__ if fd == 1 else sys.__stderr__).write(bytes(data).decode('utf-8'))
        return len(data)
    return _stream(fd).write(data)


def lseek(fd, position, whence, /):
    return _stream(fd).seek(position, whence)


def fstat(fd):
    stream = _stream(fd)
    stream.flush()
    return stat(stream._path)


def ftruncate(fd, length, /):
    _stream(fd).truncate(length)


def fsync(fd):
    _stream(fd).flush()


fdatasync = fsync


def fdopen(fd, mode='r', buffering=-1, encoding=None, *args, **kwargs):
    import io
    if not isinstance(fd, int):
        raise TypeError('invalid fd type (%s, expected integer)' % type(fd))
    return io.open(fd, mode, buffering, encoding, *args, **kwargs)


def isatty(fd, /):
    return False


class terminal_size(tuple):
    columns = property(lambda self: self[0])
    lines = property(lambda self: self[1])

    def __repr__(self):
        return f'os.terminal_size(columns={self[0]}, lines={self[1]})'


def get_terminal_size(fd=1, /):
    raise OSError(25, 'Inappropriate ioctl for device')


def strerror(code, /):
    known = {1: 'Operation not permitted', 2: 'No such file or directory', 5: 'Input/output error',
             9: 'Bad file descriptor', 13: 'Permission denied', 17: 'File exists', 18: 'Invalid cross-device link',
             20: 'Not a directory', 21: 'Is a directory', 22: 'Invalid argument', 28: 'No space left on device',
             30: 'Read-only file system', 39: 'Directory not empty', 40: 'Too many levels of symbolic links'}
    if code in known:
        return known[code]
    raise NotImplementedError(f'not supported: os.strerror({code})')


_REFUSED = {
    'chown', 'lchown', 'link', 'pipe', 'dup', 'dup2', 'system', 'popen', 'fork', 'kill', 'killpg', 'getpid', 'getppid',
    'getuid', 'getgid', 'geteuid', 'getegid', 'getlogin', 'cpu_count', 'times', 'uname', 'execv', 'execve', 'execvp',
    'spawnv', 'spawnl', 'posix_spawn', 'wait', 'waitpid', '_exit', 'abort', 'statvfs', 'umask', 'startfile', 'environb',
    'getloadavg', 'sched_getaffinity', 'nice', 'sync', 'setsid', 'getpgid', 'mkfifo', 'mknod', 'chroot', 'fchdir',
    'fwalk', 'get_blocking', 'set_blocking', 'sendfile', 'getxattr', 'listxattr', 'setxattr', 'register_at_fork',
}


class PathLike(_abc.ABC):
    """What has a path as text."""

    @_abc.abstractmethod
    def __fspath__(self):
        raise NotImplementedError

    @classmethod
    def __subclasshook__(cls, subclass):
        return hasattr(subclass, '__fspath__') if cls is PathLike else NotImplemented

    __class_getitem__ = classmethod(lambda cls, item: cls)


def __getattr__(name):
    if name in _REFUSED:
        raise NotImplementedError(f'not supported: os.{name} (programs reach the system through tools only)')
    raise AttributeError(f"module 'os' has no attribute {name!r}")
