"""Copies and pickles of an OSError keep the names of its files."""

import copy
import pickle

for error in (OSError("foo", "bar"), OSError("foo", "bar", "baz"), OSError("foo", "bar", "baz", None, "quux"), FileNotFoundError(2, "x", "f")):
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error)), pickle.loads(pickle.dumps(error, 2))):
        print(type(again).__name__, again.args, again.filename, again.filename2, again)
