"""Stands for a module that this machine cannot have: whoever uses something of it skips the test."""

import unittest

_WHAT = {
    'test.support.os_helper': 'a file',
    'test.support.script_helper': 'a process',
    'test.support.socket_helper': 'a socket',
    'test.support.threading_helper': 'threads',
    'test.support.interpreters': 'a sub-interpreter',
    'test.support.pty_helper': 'a terminal',
    'test.support.hashlib_helper': 'details of CPython',
}.get(__name__, f'the module {__name__}')


class _Absent:
    """Any part of an absent module: as a decorator it skips, else using it skips."""

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and (isinstance(args[0], type) or hasattr(args[0], '__code__')):
            return unittest.skip(f'needs {_WHAT}')(args[0])
        if not args and not kwargs:
            return self
        raise unittest.SkipTest(f'needs {_WHAT}')

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return self

    def __enter__(self):
        raise unittest.SkipTest(f'needs {_WHAT}')

    def __exit__(self, *exc_info):
        return None

    def __iter__(self):
        raise unittest.SkipTest(f'needs {_WHAT}')


def __getattr__(name):
    if name == 'TESTFN':
        return '@test'
    if name.startswith('__'):
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return _Absent()
