"""Paths of POSIX as texts, and what is at them below the mounted root. Missing: paths of bytes, home folders."""

import _files
import stat as _stat

curdir = '.'
pardir = '..'
extsep = '.'
sep = '/'
altsep = None
pathsep = ':'
defpath = '/bin:/usr/bin'
devnull = '/dev/null'
supports_unicode_filenames = False


def _path(path, function=None):
    if isinstance(path, (str, bytes)):
        if isinstance(path, bytes):
            raise NotImplementedError('not supported: paths of bytes')
        return path
    method = getattr(type(path), '__fspath__', None)
    if method is None:
        raise TypeError(f'expected str, bytes or os.PathLike object, not {type(path).__name__}')
    return method(path)


def normcase(s):
    return _path(s)


def isabs(s):
    return _path(s).startswith('/')


def join(a, *p):
    path = _path(a)
    for part in p:
        if not isinstance(part, str) and not hasattr(type(part), '__fspath__'):
            raise TypeError(f'join() argument must be str, bytes, or os.PathLike object, not {type(part).__name__!r}')
        part = _path(part)
        if part.startswith('/'):
            path = part
        elif not path or path.endswith('/'):
            path += part
        else:
            path += '/' + part
    return path


def split(p):
    p = _path(p)
    cut = p.rfind('/') + 1
    head, tail = p[:cut], p[cut:]
    if head and head != '/' * len(head):
        head = head.rstrip('/')
    return head, tail


def splitext(p):
    p = _path(p)
    start = p.rfind('/') + 1
    dot = p.rfind('.')
    # Dots that begin a name belong to it.
    if dot > start and p[start:dot].strip('.'):
        return p[:dot], p[dot:]
    return p, ''


def splitdrive(p):
    p = _path(p)
    return p[:0], p


def splitroot(p):
    p = _path(p)
    if p[:1] != '/':
        return '', '', p
    if p[1:2] != '/' or p[2:3] == '/':
        return '', '/', p[1:]
    return '', p[:2], p[2:]


def basename(p):
    return split(p)[1]


def dirname(p):
    return split(p)[0]


def normpath(path):
    path = _path(path)
    if not path:
        return '.'
    _, root, rest = splitroot(path)
    parts = []
    for part in rest.split('/'):
        if part in ('', '.'):
            continue
        if part != '..' or not root and not parts or parts and parts[-1] == '..':
            parts.append(part)
        elif parts:
            parts.pop()
    return root + '/'.join(parts) or '.'


def commonprefix(m):
    """The longest text that begins all of them, letter by letter."""
    if not m:
        return ''
    if not isinstance(m[0], (list, tuple)):
        m = tuple(map(_path, m))
    low, high = min(m), max(m)
    for at, letter in enumerate(low):
        if letter != high[at]:
            return low[:at]
    return low


def commonpath(paths):
    """The longest path that all of them lie under."""
    paths = tuple(map(_path, paths))
    if not paths:
        raise ValueError('commonpath() arg is an empty sequence')
    if len({path[:1] == '/' for path in paths}) > 1:
        raise ValueError("Can't mix absolute and relative paths")
    parts = [[part for part in path.split('/') if part and part != '.'] for path in paths]
    low, high = min(parts), max(parts)
    common = low
    for at, part in enumerate(low):
        if part != high[at]:
            common = low[:at]
            break
    return ('/' if paths[0][:1] == '/' else '') + '/'.join(common)


def abspath(path):
    path = _path(path)
    return normpath(path if path.startswith('/') else f'{_files.place[0]}/{path}')


def relpath(path, start=None):
    path = _path(path)
    if not path:
        raise ValueError('no path specified')
    start = '.' if start is None else _path(start)
    here = [part for part in abspath(start).split('/') if part]
    there = [part for part in abspath(path).split('/') if part]
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    return '/'.join(['..'] * (len(here) - common) + there[common:]) or '.'


def expandvars(path):
    path = _path(path)
    if '$' in path:
        import os
        import re

        def value(match):
            name = match[1].strip('{}')
            return os.environ.get(name, match[0])
        return re.sub(r'\$(\w+|\{[^}]*\})', value, path, flags=re.ASCII)
    return path


def expanduser(path):
    path = _path(path)
    if path.startswith('~'):
        _refuse('expanduser')
    return path


def _refuse(what):
    raise NotImplementedError(f'not supported: os.path.{what} (programs have no home here)')


# ---- what is there

def _mode(path, **options):
    """The mode of a file, or 0 for none."""
    try:
        return _files.call('file.stat', path, **options)[0]
    except (OSError, ValueError):
        return 0


def exists(path):
    return _mode(path) != 0


def lexists(path):
    return _mode(path, follow=False) != 0


def isfile(path):
    return _stat.S_ISREG(_mode(path))


def isdir(s):
    return _stat.S_ISDIR(_mode(s))


def islink(path):
    return _stat.S_ISLNK(_mode(path, follow=False))


def ismount(path):
    return abspath(path) in ('/mnt', '/tmp')


def isjunction(path):
    _path(path)
    return False


def isdevdrive(path):
    return isjunction(path)


def getsize(filename):
    return _files.call('file.stat', filename)[6]


def _seconds(nanos):
    return nanos // 1_000_000_000 + 1e-9 * (nanos % 1_000_000_000)


def getatime(filename):
    return _seconds(_files.call('file.stat', filename)[7])


def getmtime(filename):
    return _seconds(_files.call('file.stat', filename)[8])


def getctime(filename):
    return _seconds(_files.call('file.stat', filename)[9])


def samestat(s1, s2):
    return s1.st_ino == s2.st_ino and s1.st_dev == s2.st_dev


def samefile(f1, f2):
    return _files.call('file.stat', f1)[1:3] == _files.call('file.stat', f2)[1:3]


def sameopenfile(fp1, fp2):
    import os
    return samestat(os.fstat(fp1), os.fstat(fp2))


def realpath(filename, *, strict=False):
    """The path without links; what is not there is taken by its text."""
    path = abspath(filename)
    rest = []
    while True:
        try:
            real, found = _files.call('file.resolve', path)
        except OSError as error:
            if strict and not isinstance(error, PermissionError):
                raise
            if path == '/':
                return normpath('/' + '/'.join(rest))
            path, name = split(path)
            rest.insert(0, name)
            continue
        if strict and (rest or not found):
            raise OSError(2, 'No such file or directory', _path(filename))
        return join(real, *rest) if rest else real


def __getattr__(name):
    raise AttributeError(f"module 'posixpath' has no attribute {name!r}")
