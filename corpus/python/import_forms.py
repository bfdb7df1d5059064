"""import: as, from, dotted, inside functions, and messages."""

import collections.abc
import json as j
import math
from collections import OrderedDict as Ordered, deque
from os import path as ospath

assert math.floor(1.5) == 1 and j.dumps([1]) == "[1]" and Ordered and deque([1]) and isinstance([], collections.abc.Sequence)
assert math.__name__ == "math" and ospath.join("a", "b") == "a/b"


def local():
    import string
    from itertools import chain as c

    return string.digits, list(c("a", "b"))


assert local() == ("0123456789", ["a", "b"])
try:
    string
except NameError as error:
    assert str(error) == "name 'string' is not defined"
else:
    raise AssertionError("no exception")


def message(call):
    try:
        call()
    except ImportError as error:
        return f"{type(error).__name__}: {error}"


def missing():
    import no_such_module.part


def missing_part():
    import collections.no_such_part


def not_a_package():
    import math.deep


assert message(missing) == "ModuleNotFoundError: No module named 'no_such_module'"
assert message(missing_part) == "ModuleNotFoundError: No module named 'collections.no_such_part'"
assert message(not_a_package) == "ModuleNotFoundError: No module named 'math.deep'; 'math' is not a package"
try:
    math.no_such
except AttributeError as error:
    assert str(error) == "module 'math' has no attribute 'no_such'"
else:
    raise AssertionError("no exception")
from math import *

assert sqrt(4) == 2.0 and pi > 3
try:
    import fancy_json as json
except ImportError:
    import json
assert json is j
import sys

assert sys.modules["math"] is math and __name__ == "__main__"
print(local())
