"""json: its parts are there once the package is imported."""

import json

print(json.decoder.JSONDecodeError is json.JSONDecodeError, json.encoder.JSONEncoder is json.JSONEncoder)
print(json.decoder.scanstring('"a\\n"x', 1), json.encoder.encode_basestring_ascii("é"))
try:
    json.nothing
except AttributeError as error:
    print(error)
