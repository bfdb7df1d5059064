"""What a program may know about its system: almost nothing.

The environment is empty. Directories, files, processes and users are refused: programs reach the world
through tools only.
"""

import os.path as path
from os.path import altsep, curdir, defpath, devnull, extsep, pardir, pathsep, sep

name = 'posix'
linesep = '\n'
error = OSError
environ = {}
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
O_RDONLY, O_WRONLY, O_RDWR = 0, 1, 2


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


def urandom(size, /):
    from random import SystemRandom
    return SystemRandom().randbytes(size)


_REFUSED = {
    'getcwd', 'chdir', 'listdir', 'scandir', 'walk', 'mkdir', 'makedirs', 'rmdir', 'removedirs', 'remove', 'unlink',
    'rename', 'renames', 'replace', 'stat', 'lstat', 'access', 'chmod', 'chown', 'link', 'symlink', 'readlink', 'open',
    'close', 'read', 'write', 'pipe', 'dup', 'fdopen', 'system', 'popen', 'fork', 'kill', 'getpid', 'getppid', 'getuid',
    'getgid', 'geteuid', 'getlogin', 'cpu_count', 'times', 'uname', 'execv', 'spawnv', 'wait', 'waitpid', '_exit',
    'abort', 'utime', 'truncate', 'statvfs', 'umask', 'get_terminal_size', 'isatty', 'startfile', 'environb', 'getcwdb',
    'getloadavg', 'sched_getaffinity', 'nice', 'sync',
}


class PathLike:
    """What has a path as text."""

    def __fspath__(self):
        raise NotImplementedError


def __getattr__(name):
    if name in _REFUSED:
        raise NotImplementedError(f'not supported: os.{name} (programs reach the system through tools only)')
    raise AttributeError(f"module 'os' has no attribute {name!r}")
