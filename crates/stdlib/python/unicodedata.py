"""The database of characters, of Unicode 15.0 as CPython 3.12 has it. Missing: `ucd_3_2_0` and named sequences."""

import _unicodedata as _facts

__all__ = ['bidirectional', 'category', 'combining', 'decimal', 'decomposition', 'digit', 'east_asian_width',
           'is_normalized', 'lookup', 'mirrored', 'name', 'normalize', 'numeric', 'unidata_version']

unidata_version = '15.0.0'
_none = object()


def _letter(function, chr, place=''):
    if not isinstance(chr, str):
        raise TypeError(f'{function}() argument{place} must be a unicode character, not {type(chr).__name__}')
    if len(chr) != 1:
        raise TypeError(f'{function}() argument{place} must be a unicode character, not str')
    return chr


def category(chr, /):
    return _facts.category(_letter('category', chr))


def bidirectional(chr, /):
    return _facts.bidirectional(_letter('bidirectional', chr))


def combining(chr, /):
    return _facts.combining(_letter('combining', chr))


def mirrored(chr, /):
    return _facts.mirrored(_letter('mirrored', chr))


def east_asian_width(chr, /):
    return _facts.east_asian_width(_letter('east_asian_width', chr))


def decomposition(chr, /):
    return _facts.decomposition(_letter('decomposition', chr))


def _number(function, chr, default, message):
    value = getattr(_facts, function)(_letter(function, chr, ' 1'))
    if value is not None:
        return value
    if default is _none:
        raise ValueError(message)
    return default


def decimal(chr, default=_none, /):
    return _number('decimal', chr, default, 'not a decimal')


def digit(chr, default=_none, /):
    return _number('digit', chr, default, 'not a digit')


def numeric(chr, default=_none, /):
    return _number('numeric', chr, default, 'not a numeric character')


def name(chr, default=_none, /):
    found = _facts.name(_letter('name', chr, ' 1'))
    if found is not None:
        return found
    if default is _none:
        raise ValueError('no such name')
    return default


def lookup(name, /):
    if isinstance(name, (bytes, bytearray)):
        name = bytes(name).decode('ascii')
    if not isinstance(name, str):
        raise TypeError(f'lookup() argument must be a read-only bytes-like object, not {type(name).__name__}')
    found = _facts.named(name)
    if found is None:
        raise KeyError(f"undefined character name '{name}'")
    return found


def normalize(form, unistr, /):
    for place, value in ((1, form), (2, unistr)):
        if not isinstance(value, str):
            raise TypeError(f'normalize() argument {place} must be str, not {type(value).__name__}')
    if unistr == '':
        return unistr
    made = _facts.normalize(form, unistr)
    if made is None:
        raise ValueError('invalid normalization form')
    return made


def is_normalized(form, unistr, /):
    if form not in ('NFC', 'NFD', 'NFKC', 'NFKD'):
        raise ValueError('invalid normalization form')
    return normalize(form, unistr) == unistr


def __getattr__(name):
    if name in ('ucd_3_2_0', 'UCD'):
        raise NotImplementedError(f'not supported: unicodedata.{name}')
    raise AttributeError(f"module 'unicodedata' has no attribute {name!r}")
