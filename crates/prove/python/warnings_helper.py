"""Warnings for tests."""

import contextlib
import functools
import re
import warnings


def ignore_warnings(*, category):
    def decorate(test):
        @functools.wraps(test)
        def wrapper(self, *args, **kwargs):
            with warnings.catch_warnings():
                warnings.simplefilter('ignore', category=category)
                return test(self, *args, **kwargs)
        return wrapper
    return decorate


class WarningsRecorder:
    """The warnings that were caught; an attribute is one of the last."""

    def __init__(self, caught):
        self._caught = caught
        self._seen = 0

    @property
    def warnings(self):
        return self._caught[self._seen:]

    def __getattr__(self, name):
        if len(self._caught) > self._seen:
            return getattr(self._caught[-1], name)
        if name in ('message', 'category', 'filename', 'lineno', 'file', 'line', 'source'):
            return None
        raise AttributeError(f'{self!r} has no attribute {name!r}')

    def reset(self):
        self._seen = len(self._caught)


@contextlib.contextmanager
def check_warnings(*filters, quiet=None):
    if not filters:
        filters, quiet = (('', Warning),), True if quiet is None else quiet
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        yield WarningsRecorder(caught)
    left = [item.message for item in caught]
    missing = []
    for message, category in filters:
        seen = [item for item in left if re.match(message, str(item), re.I) and issubclass(item.__class__, category)]
        if not seen and not quiet:
            missing.append((message, category.__name__))
        left = [item for item in left if item not in seen]
    if left:
        raise AssertionError(f'unhandled warning {left[0]}')
    if missing:
        raise AssertionError('filter (%r, %s) did not catch any warning' % missing[0])


@contextlib.contextmanager
def check_no_warnings(testcase, message='', category=Warning, force_gc=False):
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings('always', message=message, category=category)
        yield
    testcase.assertEqual(caught, [])


@contextlib.contextmanager
def check_no_resource_warning(testcase):
    yield


def check_syntax_warning(testcase, statement, errtext='', *, lineno=1, offset=None):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always', SyntaxWarning)
        compile(statement, '<testcase>', 'exec')
    testcase.assertEqual(len(caught), 1, caught)
    testcase.assertRegex(str(caught[0].message), errtext)
    testcase.assertEqual(caught[0].lineno, lineno)


@contextlib.contextmanager
def save_restore_warnings_filters():
    yield
