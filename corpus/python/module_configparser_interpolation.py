"""configparser: interpolation of every kind, what it refuses, and converters."""

import configparser
import warnings

TEXT = "[a]\nx = 1\ny = %s2\n[b]\nz = %s3%s\nbad = %s\n"
for kind, text in (
    (configparser.BasicInterpolation, TEXT % ("%(x)s", "n", "%%", "%(none)s")),
    (configparser.ExtendedInterpolation, TEXT % ("${x}", "${a:y}", "$$", "${a:b:c}")),
):
    parser = configparser.ConfigParser(interpolation=kind())
    parser.read_string(text)
    print(parser["a"]["y"], parser["b"]["z"])
    for read in (lambda: parser["b"]["bad"], lambda: parser.set("a", "x", "5% $")):
        try:
            print(read())
        except (configparser.Error, ValueError) as error:
            print(type(error).__name__, error)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    parser = configparser.ConfigParser(interpolation=configparser.LegacyInterpolation())
parser.read_string("[a]\nX = 1\ny = %(x)s%(X)s\nz = %(q)s\nloop = %(loop)s\n")
print([warning.category.__name__ for warning in caught], parser["a"]["y"])
for name in ("z", "loop"):
    try:
        parser["a"][name]
    except configparser.Error as error:
        print(type(error).__name__)
for bad in ("text", configparser.BasicInterpolation):
    try:
        configparser.ConfigParser(interpolation=bad)
    except TypeError as error:
        print(error)
parser = configparser.ConfigParser(converters={"list": str.split})
parser.read_string("[a]\nx = 1 2\n")
print(parser["a"].getlist("x"), parser.getlist("a", "none", fallback=[]))
try:
    parser.converters[""] = str
except ValueError as error:
    print(error)
