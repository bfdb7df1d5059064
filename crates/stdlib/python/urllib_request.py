"""Addresses that are opened: files below the mounted root, and `data:`. Others are refused, since programs reach the
network through tools only.

Missing: openers and handlers of the program's own, proxies and passwords.
"""

import io as _io
from urllib.error import URLError as _URLError
from urllib.parse import quote as _quote, unquote as _unquote, unquote_to_bytes as _unquote_to_bytes, urlsplit as _urlsplit

__all__ = ['Request', 'urlopen', 'urlretrieve', 'pathname2url', 'url2pathname']


class Request:
    """An address with what goes along."""

    def __init__(self, url, data=None, headers={}, origin_req_host=None, unverifiable=False, method=None):
        self.full_url = url
        self.data = data
        self.headers = {}
        for key, value in headers.items():
            self.add_header(key, value)
        self.method = method
        parts = _urlsplit(url)
        if not parts.scheme:
            raise ValueError(f'unknown url type: {url!r}')
        self.type, self.host = parts.scheme, parts.netloc
        self.selector = (parts.path or '/') + (f'?{parts.query}' if parts.query else '')
        self.fragment = parts.fragment or None

    def get_method(self):
        return self.method or ('POST' if self.data is not None else 'GET')

    def get_full_url(self):
        return self.full_url

    def add_header(self, key, val):
        self.headers[key.capitalize()] = val

    def has_header(self, header_name):
        return header_name in self.headers

    def get_header(self, header_name, default=None):
        return self.headers.get(header_name, default)

    def remove_header(self, header_name):
        self.headers.pop(header_name, None)

    def header_items(self):
        return list(self.headers.items())


class _Response(_io.BytesIO):
    """What came back."""

    def __init__(self, data, url, headers):
        super().__init__(data)
        self.url, self.headers, self.code, self.status = url, headers, None, None

    def geturl(self):
        return self.url

    def info(self):
        return self.headers

    def getcode(self):
        return self.code


def urlopen(url, data=None, timeout=None, **options):
    address = url.full_url if isinstance(url, Request) else url
    if not isinstance(address, str):
        raise AttributeError(f"'{type(address).__name__}' object has no attribute 'timeout'")
    parts = _urlsplit(address)
    if not parts.scheme:
        raise ValueError(f'unknown url type: {address!r}')
    if parts.scheme == 'data':
        return _data(address)
    if parts.scheme == 'file':
        try:
            with open(_unquote(parts.path), 'rb') as file:
                content = file.read()
        except OSError as error:
            raise _URLError(error) from None
        return _Response(content, address, {'Content-length': str(len(content))})
    if parts.scheme in ('http', 'https', 'ftp'):
        raise _URLError(PermissionError(13, 'programs reach the network through tools only'))
    raise _URLError(f'unknown url type: {parts.scheme}')


def _data(address):
    head, comma, content = address[5:].partition(',')
    if not comma:
        raise ValueError('not enough values to unpack (expected 2, got 1)')
    data = _unquote_to_bytes(content)
    if head.endswith(';base64'):
        import base64
        data = base64.decodebytes(data)
        head = head[:-7]
    return _Response(data, address, {'Content-type': head or 'text/plain;charset=US-ASCII',
                                     'Content-length': str(len(data))})


def urlretrieve(url, filename=None, reporthook=None, data=None):
    import tempfile
    with urlopen(url, data) as source:
        if filename is None:
            filename = tempfile.mkstemp()[1]
        with open(filename, 'wb') as target:
            target.write(source.read())
        return filename, source.headers


def url2pathname(pathname):
    return _unquote(pathname)


def pathname2url(pathname):
    return _quote(pathname)


def __getattr__(name):
    if name.endswith(('Handler', 'Opener', 'Director', 'PasswordMgr', 'Processor', 'opener', 'proxies', 'cleanup')) or name in (
            'HTTPPasswordMgrWithDefaultRealm', 'HTTPPasswordMgrWithPriorAuth', 'URLopener', 'FancyURLopener'):
        raise NotImplementedError(f'not supported: urllib.request.{name} (programs reach the network through tools only)')
    raise AttributeError(f"module 'urllib.request' has no attribute {name!r}")
