"""Words of a command line. Missing: the class `shlex`; `split` reads POSIX words without comments."""

import re as _re

__all__ = ['split', 'quote', 'join']


def split(s, comments=False, posix=True):
    if s is None:
        raise ValueError('s argument must not be None')
    if comments or not posix:
        raise NotImplementedError('not supported: shlex.split with comments or posix=False')
    words = []
    word = None
    at = 0
    while at < len(s):
        letter = s[at]
        at += 1
        if letter in ' \t\r\n':
            if word is not None:
                words.append(word)
            word = None
        elif letter == "'" or letter == '"':
            word = word or ''
            at = _quoted(s, at, letter, parts := [])
            word += ''.join(parts)
        elif letter == '\\':
            if at == len(s):
                raise ValueError('No escaped character')
            word = (word or '') + s[at]
            at += 1
        else:
            word = (word or '') + letter
    if word is not None:
        words.append(word)
    return words


def _quoted(s, at, mark, parts):
    """Gather what stands in quotes; where they end."""
    while at < len(s):
        letter = s[at]
        at += 1
        if letter == mark:
            return at
        if letter == '\\' and mark == '"':
            if at == len(s):
                raise ValueError('No escaped character')
            if s[at] not in '\\"':
                parts.append('\\')
            letter = s[at]
            at += 1
        parts.append(letter)
    raise ValueError('No closing quotation')


def join(split_command):
    return ' '.join([quote(word) for word in split_command])


def quote(s):
    if not s:
        return "''"
    if _re.search(r'[^\w@%+=:,./-]', s, _re.ASCII) is None:
        return s
    return "'" + s.replace("'", "'\"'\"'") + "'"


def __getattr__(name):
    if name == 'shlex':
        raise NotImplementedError('not supported: shlex.shlex')
    raise AttributeError(f"module 'shlex' has no attribute {name!r}")
