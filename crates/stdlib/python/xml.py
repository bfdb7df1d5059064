"""The package of `xml.etree`. Missing: `xml.dom`, `xml.sax` and `xml.parsers`."""


def __getattr__(name):
    if name in ('dom', 'sax', 'parsers'):
        raise NotImplementedError(f'not supported: xml.{name}')
    raise AttributeError(f"module 'xml' has no attribute {name!r}")
