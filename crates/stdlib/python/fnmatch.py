"""Names that fit patterns with `*`, `?` and `[…]`. Complete."""

import functools as _functools
import re as _re

__all__ = ['filter', 'fnmatch', 'fnmatchcase', 'translate']


def fnmatch(name, pat):
    from os import fspath
    return fnmatchcase(fspath(name), fspath(pat))


def fnmatchcase(name, pat):
    return _compiled(pat)(name) is not None


def filter(names, pat):
    from os import fspath
    pat = fspath(pat)
    match = _compiled(pat)
    return [name for name in names if match(fspath(name)) is not None]


@_functools.lru_cache(maxsize=32768, typed=True)
def _compiled(pat):
    if isinstance(pat, bytes):
        return _re.compile(translate(pat.decode('latin-1')).encode('latin-1')).match
    return _re.compile(translate(pat)).match


def translate(pat):
    """The regular expression that means the same."""
    pieces = []
    at = 0
    while at < len(pat):
        letter = pat[at]
        at += 1
        if letter == '*':
            if not pieces or pieces[-1] is not None:
                pieces.append(None)
        elif letter == '?':
            pieces.append('.')
        elif letter == '[':
            end = _end_of_set(pat, at)
            if end < 0:
                pieces.append('\\[')
            else:
                pieces.append(_set(pat[at:end]))
                at = end + 1
        else:
            pieces.append(_re.escape(letter))
    return f'(?s:{"".join(_joined(pieces))})\\Z'


def _joined(pieces):
    """The pieces with `.*` for stars. One between two literals takes no more than it must: an atomic group."""
    first = pieces.index(None) if None in pieces else len(pieces)
    out = pieces[:first]
    groups = []
    group = []
    for piece in pieces[first:] + [None] if first < len(pieces) else []:
        if piece is None:
            groups.append(''.join(group))
            group = []
        else:
            group.append(piece)
    # Each group follows a star; the first is empty, since the first piece is a star.
    groups = groups[1:]
    if first < len(pieces):
        if pieces[-1] is None:
            middle, last = groups[:-1] if groups and not groups[-1] else groups, ''
        else:
            middle, last = groups[:-1], groups[-1]
        out += [f'(?>.*?{each})' for each in middle]
        out += ['.*', last]
    return out


def _end_of_set(pat, at):
    if at < len(pat) and pat[at] == '!':
        at += 1
    if at < len(pat) and pat[at] == ']':
        at += 1
    return pat.find(']', at)


def _set(stuff):
    """A set as `re` writes it. Ranges that hold nothing are taken out."""
    if '-' not in stuff:
        stuff = stuff.replace('\\', r'\\')
    else:
        chunks = []
        start = 0
        dash = 2 if stuff[:1] == '!' else 1
        while True:
            dash = stuff.find('-', dash)
            if dash < 0:
                break
            chunks.append(stuff[start:dash])
            start = dash + 1
            dash += 3
        rest = stuff[start:]
        if rest:
            chunks.append(rest)
        else:
            chunks[-1] += '-'
        for each in range(len(chunks) - 1, 0, -1):
            if chunks[each - 1][-1] > chunks[each][0]:
                chunks[each - 1] = chunks[each - 1][:-1] + chunks[each][1:]
                del chunks[each]
        stuff = '-'.join([chunk.replace('\\', r'\\').replace('-', r'\-') for chunk in chunks])
    stuff = _re.sub(r'([&~|])', r'\\\1', stuff)
    if not stuff:
        return '(?!)'
    if stuff == '!':
        return '.'
    if stuff[0] == '!':
        stuff = '^' + stuff[1:]
    elif stuff[0] in ('^', '['):
        stuff = '\\' + stuff
    return f'[{stuff}]'
