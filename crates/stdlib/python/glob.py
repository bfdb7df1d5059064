"""Files whose names fit a pattern. Missing: `dir_fd`, and patterns of bytes."""

import os
import re as _re
from fnmatch import filter as _filter

__all__ = ['escape', 'glob', 'iglob']

_MAGIC = _re.compile(r'([*?[])')


def has_magic(s):
    return _MAGIC.search(s) is not None


def escape(pathname):
    drive, pathname = os.path.splitdrive(pathname)
    return drive + _MAGIC.sub(r'[\1]', pathname)


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    return list(iglob(pathname, root_dir=root_dir, dir_fd=dir_fd, recursive=recursive, include_hidden=include_hidden))


def iglob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    root = os.fspath(root_dir) if root_dir is not None else pathname[:0]
    pathname = os.fspath(pathname)
    found = _find(pathname, root, recursive, False, include_hidden)
    if not pathname or recursive and pathname[:2] == '**':
        # The pattern of any folders fits the folder where it begins, which has no name.
        first = next(found, None)
        if first:
            found = _with_first(first, found)
    return found


def _with_first(first, rest):
    yield first
    yield from rest


def _find(pathname, root, recursive, folders_only, hidden):
    folder, name = os.path.split(pathname)
    if not has_magic(pathname):
        if name:
            if os.path.lexists(_under(root, pathname)):
                yield pathname
        elif os.path.isdir(_under(root, folder)):
            yield pathname
        return
    names_in = _all_below if recursive and name == '**' else _matching if has_magic(name) else _named
    if not folder:
        yield from names_in(root, name, folders_only, hidden)
        return
    folders = [folder]
    if folder != pathname and has_magic(folder):
        folders = _find(folder, root, recursive, True, hidden)
    for folder in folders:
        for found in names_in(_under(root, folder), name, folders_only, hidden):
            yield os.path.join(folder, found)


def _names(folder, folders_only):
    try:
        with os.scandir(folder or '.') as entries:
            for entry in entries:
                if not folders_only or entry.is_dir():
                    yield entry.name
    except OSError:
        return


def _matching(folder, pattern, folders_only, hidden):
    names = _names(folder, folders_only)
    if not (hidden or pattern.startswith('.')):
        names = [name for name in names if not name.startswith('.')]
    return _filter(names, pattern)


def _named(folder, name, folders_only, hidden):
    if name:
        return [name] if os.path.lexists(_under(folder, name)) else []
    return [name] if os.path.isdir(folder) else []


def _all_below(folder, pattern, folders_only, hidden):
    if not folder or os.path.isdir(folder):
        yield pattern[:0]
    yield from _below(folder, folders_only, hidden)


def _below(folder, folders_only, hidden):
    for name in list(_names(folder, folders_only)):
        if hidden or not name.startswith('.'):
            yield name
            for inner in _below(_under(folder, name), folders_only, hidden):
                yield os.path.join(name, inner)


def _under(folder, name):
    return os.path.join(folder, name) if folder and name else folder or name
