"""What `json` reads with. There is one form of it here, none in C."""

from json import JSONDecodeError, JSONDecoder, scanstring

__all__ = ['JSONDecoder', 'JSONDecodeError']

py_scanstring = scanstring
c_scanstring = None
