"""What `json` writes with. There is one form of it here, none in C."""

from json import JSONEncoder, encode_basestring, encode_basestring_ascii

py_encode_basestring, py_encode_basestring_ascii = encode_basestring, encode_basestring_ascii
c_encode_basestring = c_encode_basestring_ascii = c_make_encoder = None
