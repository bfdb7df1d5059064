"""Addresses of the web as texts.

Missing: addresses of bytes, hosts in brackets, and `urldefrag`'s kin of old.
"""

from collections import namedtuple as _namedtuple

__all__ = ['urlparse', 'urlunparse', 'urlsplit', 'urlunsplit', 'urlencode', 'parse_qs', 'parse_qsl', 'quote',
           'quote_plus', 'quote_from_bytes', 'unquote', 'unquote_plus', 'unquote_to_bytes', 'urldefrag', 'urljoin',
           'DefragResult', 'ParseResult', 'SplitResult']

_SAFE = frozenset(b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~')
_SCHEME_LETTERS = frozenset('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.')
_uses_params = ('', 'ftp', 'hdl', 'prospero', 'http', 'https', 'shttp', 'rtsp', 'rtspu', 'sip', 'sips', 'mms', 'sftp',
                'tel')
_uses_netloc = ('', 'ftp', 'http', 'gopher', 'nntp', 'telnet', 'imap', 'wais', 'file', 'mms', 'https', 'shttp', 'snews',
                'prospero', 'rtsp', 'rtspu', 'rsync', 'svn', 'svn+ssh', 'sftp', 'nfs', 'git', 'git+ssh', 'ws', 'wss',
                'itms-services')


class _Place:
    """What the part with the host tells."""

    __slots__ = ()

    def _host_and_port(self):
        host = self.netloc.rpartition('@')[2]
        if '[' in host or ']' in host:
            raise NotImplementedError('not supported: hosts in brackets')
        name, _, port = host.partition(':')
        return name or None, port or None

    @property
    def username(self):
        info, at, _ = self.netloc.rpartition('@')
        return info.partition(':')[0] if at else None

    @property
    def password(self):
        info, at, _ = self.netloc.rpartition('@')
        name, colon, password = info.partition(':')
        return password if at and colon else None

    @property
    def hostname(self):
        name = self._host_and_port()[0]
        return name.lower() if name else None

    @property
    def port(self):
        port = self._host_and_port()[1]
        if port is None:
            return None
        if not (port.isdigit() and port.isascii()):
            raise ValueError(f'Port could not be cast to integer value as {port!r}')
        if int(port) > 65535:
            raise ValueError('Port out of range 0-65535')
        return int(port)


class SplitResult(_namedtuple('SplitResult', 'scheme netloc path query fragment'), _Place):
    __slots__ = ()

    def geturl(self):
        return urlunsplit(self)


class ParseResult(_namedtuple('ParseResult', 'scheme netloc path params query fragment'), _Place):
    __slots__ = ()

    def geturl(self):
        return urlunparse(self)


def _check_text(value):
    if not isinstance(value, str):
        raise NotImplementedError('not supported: urllib.parse with other than texts')


def urlsplit(url, scheme='', allow_fragments=True):
    _check_text(url)
    url = url.lstrip(''.join(map(chr, range(33))))
    scheme = scheme.strip(''.join(map(chr, range(33))))
    for letter in '\t\r\n':
        url = url.replace(letter, '')
        scheme = scheme.replace(letter, '')
    colon = url.find(':')
    if colon > 0 and url[0].isascii() and url[0].isalpha() and all([one in _SCHEME_LETTERS for one in url[:colon]]):
        scheme, url = url[:colon].lower(), url[colon + 1:]
    netloc = query = fragment = ''
    if url[:2] == '//':
        end = min([at for at in map(lambda mark: url.find(mark, 2), '/?#') if at >= 0], default=len(url))
        netloc, url = url[2:end], url[end:]
        if '[' in netloc or ']' in netloc or not netloc.isascii():
            raise NotImplementedError('not supported: hosts in brackets or with other than ASCII letters')
    if allow_fragments and '#' in url:
        url, fragment = url.split('#', 1)
    if '?' in url:
        url, query = url.split('?', 1)
    return SplitResult(scheme, netloc, url, query, fragment)


def urlparse(url, scheme='', allow_fragments=True):
    scheme, netloc, path, query, fragment = urlsplit(url, scheme, allow_fragments)
    params = ''
    if scheme in _uses_params and ';' in path:
        cut = path.find(';', path.rfind('/') + 1)
        if cut >= 0:
            path, params = path[:cut], path[cut + 1:]
    return ParseResult(scheme, netloc, path, params, query, fragment)


def urlunsplit(components):
    scheme, netloc, url, query, fragment = components
    if netloc or scheme and scheme in _uses_netloc and url[:2] != '//':
        if url and url[:1] != '/':
            url = '/' + url
        url = '//' + (netloc or '') + url
    if scheme:
        url = scheme + ':' + url
    if query:
        url += '?' + query
    return url + '#' + fragment if fragment else url


def urlunparse(components):
    scheme, netloc, url, params, query, fragment = components
    return urlunsplit((scheme, netloc, f'{url};{params}' if params else url, query, fragment))


def quote_from_bytes(bs, safe='/'):
    if not isinstance(bs, (bytes, bytearray)):
        raise TypeError('quote_from_bytes() expected bytes')
    kept = _SAFE | set(safe.encode('ascii', 'ignore') if isinstance(safe, str) else safe)
    return ''.join([chr(byte) if byte in kept else f'%{byte:02X}' for byte in bs])


def quote(string, safe='/', encoding=None, errors=None):
    if isinstance(string, str):
        string = string.encode(encoding or 'utf-8', errors or 'strict')
    elif encoding is not None or errors is not None:
        raise TypeError(f"quote() doesn't support '{'encoding' if encoding is not None else 'errors'}' for bytes")
    return quote_from_bytes(string, safe)


def quote_plus(string, safe='', encoding=None, errors=None):
    if isinstance(string, str) and ' ' in string:
        return quote(string, safe + ' ', encoding, errors).replace(' ', '+')
    return quote(string, safe, encoding, errors)


def unquote_to_bytes(string):
    data = string.encode('utf-8') if isinstance(string, str) else bytes(string)
    first, *rest = data.split(b'%')
    out = [first]
    for part in rest:
        digits = part[:2]
        if len(digits) == 2 and all([byte in b'0123456789abcdefABCDEF' for byte in digits]):
            out.append(bytes([int(digits.decode('ascii'), 16)]) + part[2:])
        else:
            out.append(b'%' + part)
    return b''.join(out)


def unquote(string, encoding='utf-8', errors='replace'):
    if isinstance(string, bytes):
        return unquote_to_bytes(string).decode(encoding, errors)
    if '%' not in string:
        return string
    out = []
    at = 0
    # Only runs of ASCII can hold quoted bytes; other letters stand for themselves.
    while at < len(string):
        end = at
        ascii_run = string[at] < '\x80'
        while end < len(string) and (string[end] < '\x80') == ascii_run:
            end += 1
        piece = string[at:end]
        out.append(unquote_to_bytes(piece).decode(encoding, errors) if ascii_run else piece)
        at = end
    return ''.join(out)


def unquote_plus(string, encoding='utf-8', errors='replace'):
    return unquote(string.replace('+', ' '), encoding, errors)


def urlencode(query, doseq=False, safe='', encoding=None, errors=None, quote_via=quote_plus):
    if hasattr(query, 'items'):
        query = query.items()
    elif len(query) and not isinstance(query[0], tuple):
        raise TypeError('not a valid non-string sequence or mapping object')

    def shown(value):
        if isinstance(value, bytes):
            return quote_via(value, safe)
        return quote_via(str(value), safe, encoding, errors)

    parts = []
    for key, value in query:
        if doseq and not isinstance(value, (str, bytes)) and hasattr(value, '__len__'):
            parts.extend([f'{shown(key)}={shown(item)}' for item in value])
        else:
            parts.append(f'{shown(key)}={shown(value)}')
    return '&'.join(parts)


def parse_qsl(qs, keep_blank_values=False, strict_parsing=False, encoding='utf-8', errors='replace',
              max_num_fields=None, separator='&'):
    _check_text(qs)
    if not separator or not isinstance(separator, str):
        raise ValueError('Separator must be of type string or bytes.')
    if max_num_fields is not None and qs.count(separator) + 1 > max_num_fields:
        raise ValueError('Max number of fields exceeded')
    pairs = []
    for part in qs.split(separator) if qs else []:
        if not part and not strict_parsing:
            continue
        name, equals, value = part.partition('=')
        if not equals:
            if strict_parsing:
                raise ValueError(f'bad query field: {part!r}')
            if not keep_blank_values:
                continue
        if value or keep_blank_values:
            pairs.append((unquote_plus(name, encoding, errors), unquote_plus(value, encoding, errors)))
    return pairs


def parse_qs(qs, keep_blank_values=False, strict_parsing=False, encoding='utf-8', errors='replace',
             max_num_fields=None, separator='&'):
    found = {}
    for name, value in parse_qsl(qs, keep_blank_values, strict_parsing, encoding, errors, max_num_fields, separator):
        found.setdefault(name, []).append(value)
    return found


# Schemes whose addresses can be relative, and that have a place.
_RELATIVE = ('', 'ftp', 'http', 'gopher', 'nntp', 'imap', 'wais', 'file', 'https', 'shttp', 'mms', 'prospero', 'rtsp',
             'rtsps', 'rtspu', 'sftp', 'svn', 'svn+ssh', 'ws', 'wss')
_PLACED = _RELATIVE + ('telnet', 'snews', 'rsync', 'nfs', 'git', 'git+ssh', 'itms-services')


def urljoin(base, url, allow_fragments=True):
    """The address that a link means on a page."""
    if not base or not url:
        return url or base
    _check_text(base)
    _check_text(url)
    b = urlparse(base, '', allow_fragments)
    u = urlparse(url, b.scheme, allow_fragments)
    if u.scheme != b.scheme or u.scheme not in _RELATIVE:
        return url
    netloc = u.netloc
    if u.scheme in _PLACED:
        if netloc:
            return urlunparse(u)
        netloc = b.netloc
    if not u.path and not u.params:
        return urlunparse((u.scheme, netloc, b.path, b.params, u.query or b.query, u.fragment))
    parts = b.path.split('/')
    if parts[-1] != '':
        parts.pop()
    if u.path.startswith('/'):
        segments = u.path.split('/')
    else:
        segments = parts + u.path.split('/')
        segments[1:-1] = [segment for segment in segments[1:-1] if segment]
    resolved = []
    for segment in segments:
        if segment == '..':
            if resolved:
                resolved.pop()
        elif segment != '.':
            resolved.append(segment)
    if segments[-1] in ('.', '..'):
        resolved.append('')
    return urlunparse((u.scheme, netloc, '/'.join(resolved) or '/', u.params, u.query, u.fragment))


class DefragResult(_namedtuple('DefragResult', 'url fragment')):
    def geturl(self):
        return f'{self.url}#{self.fragment}' if self.fragment else self.url


def urldefrag(url):
    """An address without its fragment, and that."""
    _check_text(url)
    if '#' not in url:
        return DefragResult(url, '')
    parts = urlparse(url)
    return DefragResult(urlunparse(parts[:5] + ('',)), parts.fragment)


def __getattr__(name):
    if name in ('DefragResultBytes', 'SplitResultBytes', 'ParseResultBytes'):
        raise NotImplementedError(f'not supported: urllib.parse.{name}')
    raise AttributeError(f"module 'urllib.parse' has no attribute {name!r}")
