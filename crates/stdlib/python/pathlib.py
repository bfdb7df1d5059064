"""Paths as values. Whatever would look at a disk is refused: programs reach files through tools only.

Missing: Windows paths, and the pattern `**` in `match`.
"""

import os.path as _path

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
        if walk_up:
            raise NotImplementedError('not supported: relative_to(walk_up=True)')
        other = type(self)(other, *more)
        if not self.is_relative_to(other):
            raise ValueError(f'{str(self)!r} is not in the subpath of {str(other)!r}')
        return self._with('', self._tail[len(other._tail):])

    def match(self, path_pattern, *, case_sensitive=None):
        if case_sensitive is not None:
            raise NotImplementedError('not supported: match(case_sensitive=...)')
        pattern = type(self)(path_pattern)
        if not pattern.parts:
            raise ValueError('empty pattern')
        if pattern._root and len(pattern.parts) != len(self.parts) or len(pattern.parts) > len(self.parts):
            return False
        return all([_matches(part, wanted) for part, wanted in zip(reversed(self.parts), reversed(pattern.parts))])

    def as_uri(self):
        if not self._root:
            raise ValueError("relative path can't be expressed as a file URI")
        from urllib.parse import quote
        return 'file://' + quote(str(self))


def _matches(name, pattern):
    """Whether a name fits a pattern of the shell's kind."""
    import re
    if '[' in pattern:
        raise NotImplementedError("not supported: sets in patterns of paths")
    expression = ''.join(['.*' if letter == '*' else '.' if letter == '?' else re.escape(letter) for letter in pattern])
    return re.fullmatch(expression, name, re.DOTALL) is not None


class PurePosixPath(PurePath):
    pass


class Path(PurePath):
    """A path of a disk that is not there."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def absolute(self):
        return self if self._root else _refuse('absolute')

    @classmethod
    def cwd(cls):
        _refuse('cwd')

    @classmethod
    def home(cls):
        _refuse('home')

    def __getattr__(self, name):
        if name == '__class__':
            return type(self)
        if name in _REFUSED:
            _refuse(name)
        raise AttributeError(f'{type(self).__name__!r} object has no attribute {name!r}')


_REFUSED = {'exists', 'is_file', 'is_dir', 'is_symlink', 'is_mount', 'is_socket', 'is_fifo', 'is_block_device',
            'is_char_device', 'is_junction', 'stat', 'lstat', 'open', 'read_text', 'read_bytes', 'write_text',
            'write_bytes', 'iterdir', 'glob', 'rglob', 'walk', 'mkdir', 'rmdir', 'unlink', 'rename', 'replace', 'touch',
            'resolve', 'samefile', 'owner', 'group', 'readlink', 'symlink_to', 'hardlink_to', 'chmod', 'lchmod',
            'expanduser'}


def _refuse(name):
    raise NotImplementedError(f'not supported: pathlib.Path.{name} (there is no disk here)')


class PosixPath(Path, PurePosixPath):
    pass
