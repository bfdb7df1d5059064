"""Paths of POSIX as texts. What would look at a disk is refused: programs reach files through tools only."""

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
    if not path.startswith('/'):
        _refuse('abspath of a relative path')
    return normpath(path)


def relpath(path, start=None):
    path = _path(path)
    if not path:
        raise ValueError('no path specified')
    if start is None:
        start = '.'
    start = _path(start)
    if path.startswith('/') != start.startswith('/'):
        _refuse('relpath between an absolute and a relative path')
    if not path.startswith('/') and '..' in (normpath(path).split('/') + normpath(start).split('/')):
        _refuse('relpath above the current directory')
    here = [part for part in normpath(start).split('/') if part and part != '.']
    there = [part for part in normpath(path).split('/') if part and part != '.']
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
    raise NotImplementedError(f'not supported: os.path.{what} (there is no disk here)')


def __getattr__(name):
    if name in ('exists', 'lexists', 'isfile', 'isdir', 'islink', 'ismount', 'isjunction', 'getsize', 'getmtime',
                'getatime', 'getctime', 'realpath', 'samefile', 'sameopenfile', 'samestat'):
        _refuse(name)
    raise AttributeError(f"module 'posixpath' has no attribute {name!r}")
