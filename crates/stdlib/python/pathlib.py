"""Paths as values, and the files of them below the mounted root. Missing: Windows paths, owners and home folders."""

import _files
import io as _io
import os as _os
import os.path as _path
import stat as _stat
from fnmatch import fnmatchcase as _fits

__all__ = ['PurePath', 'PurePosixPath', 'Path', 'PosixPath']


class PurePath:
    """A path that is only taken apart and put together."""

    def __new__(cls, *args, **kwargs):
        if cls is PurePath:
            cls = PurePosixPath
        elif cls is Path:
            cls = PosixPath
        return object.__new__(cls)

    def __init__(self, *args):
        raw = []
        for part in args:
            if isinstance(part, PurePath):
                part = str(part) if str(part) != '.' else ''
            elif not isinstance(part, str):
                method = getattr(type(part), '__fspath__', None)
                part = method(part) if method else part
                if not isinstance(part, str):
                    raise TypeError("argument should be a str or an os.PathLike object where __fspath__ returns a str, "
                                    f"not {type(part).__name__!r}")
            raw.append(part)
        text = _path.join(*raw) if raw else ''
        _, self._root, rest = _path.splitroot(text)
        self._tail = [part for part in rest.split('/') if part and part != '.']

    def _with(self, root, tail):
        made = object.__new__(type(self))
        made._root = root
        made._tail = list(tail)
        return made

    def __str__(self):
        return self._root + '/'.join(self._tail) or '.'

    def __fspath__(self):
        return str(self)

    as_posix = __fspath__

    def __bytes__(self):
        return str(self).encode('utf-8')

    def __repr__(self):
        return f'{type(self).__name__}({str(self)!r})'

    def _same_kind(self, other):
        return isinstance(other, PurePath)

    def __eq__(self, other):
        return str(self) == str(other) if isinstance(other, PurePath) else NotImplemented

    def __hash__(self):
        return hash(str(self))

    def _key(self):
        return str(self).split('/')

    def __lt__(self, other):
        return self._key() < other._key() if isinstance(other, PurePath) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if isinstance(other, PurePath) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if isinstance(other, PurePath) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if isinstance(other, PurePath) else NotImplemented

    def __truediv__(self, key):
        try:
            return type(self)(self, key)
        except TypeError:
            return NotImplemented

    def __rtruediv__(self, key):
        try:
            return type(self)(key, self)
        except TypeError:
            return NotImplemented

    def joinpath(self, *pathsegments):
        return type(self)(self, *pathsegments)

    def with_segments(self, *pathsegments):
        return type(self)(*pathsegments)

    @property
    def drive(self):
        return ''

    @property
    def root(self):
        return self._root

    anchor = root

    @property
    def parts(self):
        return ((self._root,) if self._root else ()) + tuple(self._tail)

    @property
    def name(self):
        return self._tail[-1] if self._tail else ''

    @property
    def suffix(self):
        name = self.name
        dot = name.rfind('.')
        return name[dot:] if 0 < dot < len(name) - 1 else ''

    @property
    def suffixes(self):
        name = self.name
        if name.endswith('.'):
            return []
        return ['.' + part for part in name.lstrip('.').split('.')[1:]]

    @property
    def stem(self):
        name = self.name
        dot = name.rfind('.')
        return name[:dot] if 0 < dot < len(name) - 1 else name

    @property
    def parent(self):
        return self._with(self._root, self._tail[:-1]) if self._tail else self

    @property
    def parents(self):
        return tuple([self._with(self._root, self._tail[:end]) for end in range(len(self._tail) - 1, -1, -1)])

    def with_name(self, name):
        if not self.name:
            raise ValueError(f'{self!r} has an empty name')
        if not name or '/' in name or name == '.':
            raise ValueError(f'Invalid name {name!r}')
        return self._with(self._root, self._tail[:-1] + [name])

    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)

    def with_suffix(self, suffix):
        if '/' in suffix or suffix and not suffix.startswith('.') or suffix == '.':
            raise ValueError(f'Invalid suffix {suffix!r}')
        name = self.name
        if not name:
            raise ValueError(f'{self!r} has an empty name')
        old = self.suffix
        return self._with(self._root, self._tail[:-1] + [(name[:-len(old)] if old else name) + suffix])

    def is_absolute(self):
        return bool(self._root)

    def is_reserved(self):
        return False

    def is_relative_to(self, other, /, *more):
        other = type(self)(other, *more)
        return other == self or other in self.parents

    def relative_to(self, other, /, *more, walk_up=False):
        other = type(self)(other, *more)
        for step, path in enumerate([other] + list(other.parents)):
            if self.is_relative_to(path):
                break
            if not walk_up:
                raise ValueError(f'{str(self)!r} is not in the subpath of {str(other)!r}')
            if path.name == '..':
                raise ValueError(f"'..' segment in {str(other)!r} cannot be walked")
        else:
            raise ValueError(f'{str(self)!r} and {str(other)!r} have different anchors')
        return self._with('', ['..'] * step + self._tail[len(path._tail):])

    def match(self, path_pattern, *, case_sensitive=None):
        pattern = path_pattern if isinstance(path_pattern, PurePath) else type(self)(path_pattern)
        if not pattern.parts:
            raise ValueError('empty pattern')
        if pattern._root and len(pattern.parts) != len(self.parts) or len(pattern.parts) > len(self.parts):
            return False
        pairs = zip(reversed(self.parts), reversed(pattern.parts))
        if case_sensitive is False:
            return all([_fits(part.lower(), wanted.lower()) for part, wanted in pairs])
        return all([_fits(part, wanted) for part, wanted in pairs])

    def as_uri(self):
        if not self._root:
            raise ValueError("relative path can't be expressed as a file URI")
        from urllib.parse import quote
        return 'file://' + quote(str(self))


class PurePosixPath(PurePath):
    pass


class Path(PurePath):
    """A path with the file at it."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    # ---- where it is

    def absolute(self):
        return self if self._root else type(self)(_os.getcwd(), self)

    @classmethod
    def cwd(cls):
        return cls(_os.getcwd())

    @classmethod
    def home(cls):
        raise RuntimeError('Could not determine home directory.')

    def expanduser(self):
        if not self._root and self._tail and self._tail[0].startswith('~'):
            raise RuntimeError('Could not determine home directory.')
        return self

    def resolve(self, strict=False):
        return type(self)(_path.realpath(self, strict=strict))

    def readlink(self):
        return type(self)(_os.readlink(self))

    # ---- what it is

    def stat(self, *, follow_symlinks=True):
        return _os.stat(self, follow_symlinks=follow_symlinks)

    def lstat(self):
        return _os.lstat(self)

    def exists(self, *, follow_symlinks=True):
        return _path.exists(self) if follow_symlinks else _path.lexists(self)

    def is_file(self):
        return _path.isfile(self)

    def is_dir(self):
        return _path.isdir(self)

    def is_symlink(self):
        return _path.islink(self)

    def is_mount(self):
        return _path.ismount(self)

    def is_junction(self):
        return False

    is_socket = is_fifo = is_block_device = is_char_device = is_junction

    def samefile(self, other_path):
        return _path.samefile(self, other_path)

    def owner(self):
        raise NotImplementedError('not supported: pathlib.Path.owner')

    group = owner

    # ---- what is in it

    def open(self, mode='r', buffering=-1, encoding=None, errors=None, newline=None):
        return _io.open(self, mode, buffering, encoding, errors, newline)

    def read_text(self, encoding=None, errors=None):
        with self.open('r', encoding=encoding, errors=errors) as file:
            return file.read()

    def read_bytes(self):
        with self.open('rb') as file:
            return file.read()

    def write_text(self, data, encoding=None, errors=None, newline=None):
        if not isinstance(data, str):
            raise TypeError(f'data must be str, not {type(data).__name__}')
        with self.open('w', encoding=encoding, errors=errors, newline=newline) as file:
            return file.write(data)

    def write_bytes(self, data):
        data = bytes(data) if not isinstance(data, str) else data
        with self.open('wb') as file:
            return file.write(data)

    def iterdir(self):
        for name in _os.listdir(self):
            yield self._child(name)

    def _child(self, name):
        return self._with(self._root, self._tail + [name])

    def walk(self, top_down=True, on_error=None, follow_symlinks=False):
        for folder, folders, files in _os.walk(self, top_down, on_error, follow_symlinks):
            yield type(self)(folder), folders, files

    def glob(self, pattern, *, case_sensitive=None):
        if not pattern:
            raise ValueError(f'Unacceptable pattern: {pattern!r}')
        wanted = type(self)(pattern)
        if wanted._root:
            raise NotImplementedError('Non-relative patterns are unsupported')
        for part in wanted._tail:
            if '**' in part and part != '**':
                raise ValueError("Invalid pattern: '**' can only be an entire path component")
        parts = wanted._tail + ([''] if pattern.endswith('/') else [])
        seen = set() if parts.count('**') > 1 else None
        for found in self._selected(parts, case_sensitive):
            if seen is None:
                yield found
            elif found not in seen:
                seen.add(found)
                yield found

    def rglob(self, pattern, *, case_sensitive=None):
        if type(self)(pattern)._root:
            raise NotImplementedError('Non-relative patterns are unsupported')
        yield from self.glob('**/' + str(pattern), case_sensitive=case_sensitive)

    def _entries(self):
        try:
            with _os.scandir(self) as entries:
                return list(entries)
        except OSError:
            return []

    def _selected(self, parts, case_sensitive):
        if not parts:
            yield self
            return
        part, rest = parts[0], parts[1:]
        if part == '':
            yield self
        elif part == '**':
            yield from self._selected(rest, case_sensitive) if rest else [self]
            for entry in self._entries():
                if entry.is_dir(follow_symlinks=False):
                    yield from self._child(entry.name)._selected(parts, case_sensitive)
        elif part == '..':
            yield from self._child('..')._selected(rest, case_sensitive)
        elif not any([letter in part for letter in '*?[']) and case_sensitive is None:
            found = self._child(part)
            if found.is_dir() if rest else found.exists():
                yield from found._selected(rest, case_sensitive)
        else:
            for entry in self._entries():
                name, wanted = entry.name, part
                if case_sensitive is False:
                    name, wanted = name.lower(), wanted.lower()
                if _fits(name, wanted) and (not rest or entry.is_dir()):
                    yield from self._child(entry.name)._selected(rest, case_sensitive)

    # ---- changes

    def mkdir(self, mode=511, parents=False, exist_ok=False):
        try:
            _os.mkdir(self, mode)
        except FileNotFoundError:
            if not parents or self.parent == self:
                raise
            self.parent.mkdir(parents=True, exist_ok=True)
            self.mkdir(mode, parents=False, exist_ok=exist_ok)
        except OSError:
            if not exist_ok or not self.is_dir():
                raise

    def touch(self, mode=438, exist_ok=True):
        if exist_ok and self.exists():
            _os.utime(self)
            return
        self.open('x').close()

    def rmdir(self):
        _os.rmdir(self)

    def unlink(self, missing_ok=False):
        try:
            _os.unlink(self)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def rename(self, target):
        _os.rename(self, target)
        return type(self)(target)

    def replace(self, target):
        _os.replace(self, target)
        return type(self)(target)

    def symlink_to(self, target, target_is_directory=False):
        _os.symlink(target, self)

    def hardlink_to(self, target):
        raise NotImplementedError('not supported: pathlib.Path.hardlink_to')

    def chmod(self, mode, *, follow_symlinks=True):
        _os.chmod(self, mode)


class PosixPath(Path, PurePosixPath):
    pass


_os.PathLike.register(PurePath)
