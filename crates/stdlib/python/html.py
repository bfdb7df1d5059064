"""Texts made safe for HTML. Missing: named characters other than the most common in `unescape`, which says so."""

import re as _re

__all__ = ['escape', 'unescape']

_NAMED = {'amp': '&', 'lt': '<', 'gt': '>', 'quot': '"', 'apos': "'", 'nbsp': '\xa0', 'copy': '\xa9', 'reg': '\xae',
          'hellip': '\u2026', 'mdash': '\u2014', 'ndash': '\u2013', 'lsquo': '\u2018', 'rsquo': '\u2019',
          'ldquo': '\u201c', 'rdquo': '\u201d', 'bull': '\u2022', 'euro': '\u20ac', 'pound': '\xa3', 'yen': '\xa5',
          'cent': '\xa2', 'sect': '\xa7', 'deg': '\xb0', 'trade': '\u2122', 'times': '\xd7', 'eacute': '\xe9',
          'egrave': '\xe8', 'agrave': '\xe0', 'auml': '\xe4', 'ouml': '\xf6', 'uuml': '\xfc', 'szlig': '\xdf'}


def escape(s, quote=True):
    s = s.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return s.replace('"', '&quot;').replace("'", '&#x27;') if quote else s


def unescape(s):
    return _re.sub(r'&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*;?)', _character, s) if '&' in s else s


def _character(match):
    name = match[1]
    if name[0] == '#':
        number = int(name[2:].rstrip(';'), 16) if name[1] in 'xX' else int(name[1:].rstrip(';'))
        if 0x80 <= number <= 0x9f or number in (0, 0x0d):
            raise NotImplementedError(f'not supported: html.unescape of {match[0]!r}')
        if 0xd800 <= number <= 0xdfff or number > 0x10ffff:
            return '\ufffd'
        if number < 32 and number not in (9, 10, 12) or number == 127 or number == 0xb \
                or 0xfdd0 <= number <= 0xfdef or number & 0xfffe == 0xfffe:
            return ''
        return chr(number)
    if name.endswith(';') and name[:-1] in _NAMED:
        return _NAMED[name[:-1]]
    raise NotImplementedError(f'not supported: html.unescape of {match[0]!r}')
