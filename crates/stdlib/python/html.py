"""Texts made safe for HTML, and back. Complete."""

import re as _re

__all__ = ['escape', 'unescape']

# What browsers read for the numbers of an old code page, and for none.
_OLD = dict(zip(range(0x80, 0xa0), '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d'
                                   '\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d'
                                   '\u017e\u0178'))
_OLD[0], _OLD[0x0d] = '\ufffd', '\r'


def escape(s, quote=True):
    s = s.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return s.replace('"', '&quot;').replace("'", '&#x27;') if quote else s


_REFERENCE = _re.compile(r'&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)')


def unescape(s):
    return _REFERENCE.sub(_character, s) if '&' in s else s


def _character(match):
    name = match[1]
    if name[0] == '#':
        number = int(name[2:].rstrip(';'), 16) if name[1] in 'xX' else int(name[1:].rstrip(';'))
        if number in _OLD:
            return _OLD[number]
        if 0xd800 <= number <= 0xdfff or number > 0x10ffff:
            return '\ufffd'
        if (number < 32 and number not in (9, 10, 12, 13) or number == 127 or 0xfdd0 <= number <= 0xfdef
                or number & 0xfffe == 0xfffe):
            return ''
        return chr(number)
    from html.entities import html5
    if name in html5:
        return html5[name]
    # The longest known name that begins it.
    for end in range(len(name) - 1, 1, -1):
        if name[:end] in html5:
            return html5[name[:end]] + name[end:]
    return '&' + name
