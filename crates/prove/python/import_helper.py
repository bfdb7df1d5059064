"""Imports for tests. There is one form of each module here, not one in C and one in Python."""

import contextlib
import sys
import unittest


def _import(name):
    __import__(name)
    return sys.modules[name]


def import_module(name, deprecated=False, *, required_on=()):
    try:
        return _import(name)
    except ImportError:
        raise unittest.SkipTest(f'needs the module {name}') from None


def import_fresh_module(name, fresh=(), blocked=(), deprecated=False):
    """The module itself, whichever form was wanted."""
    try:
        return _import(name)
    except ImportError:
        return None


def unload(name):
    sys.modules.pop(name, None)


@contextlib.contextmanager
def ignore_deprecated_import(ignore=True):
    yield


class CleanImport:
    def __init__(self, *names):
        raise unittest.SkipTest('needs modules that load again')


def __getattr__(name):
    def stop(*args, **kwargs):
        raise unittest.SkipTest('needs files to import')
    if name.startswith('__'):
        raise AttributeError(name)
    return stop
