"""Warnings on the error stream.

Missing: places. Frames are not visible here, so that a shown warning stands at `sys:1`, as CPython writes it when
the stack ends before the asked level, and is shown once for its text and category; `module` filters are refused.
"""

import sys

__all__ = ['warn', 'warn_explicit', 'showwarning', 'formatwarning', 'filterwarnings', 'simplefilter',
           'resetwarnings', 'catch_warnings']

_DEFAULTS = [('ignore', None, PendingDeprecationWarning, None, 0), ('ignore', None, ImportWarning, None, 0),
             ('ignore', None, ResourceWarning, None, 0)]
filters = list(_DEFAULTS)
_once = {}
_ACTIONS = ('error', 'ignore', 'always', 'default', 'module', 'once')


class WarningMessage:
    """A warning as `catch_warnings(record=True)` keeps it."""

    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return (f'{{message : {self.message!r}, category : {self._category_name!r}, filename : {self.filename!r}, '
                f'lineno : {self.lineno}, line : {self.line!r}}}')


def formatwarning(message, category, filename, lineno, line=None):
    text = f'{filename}:{lineno}: {category.__name__}: {message}\n'
    return text + f'  {line.strip()}\n' if line else text


def showwarning(message, category, filename, lineno, file=None, line=None):
    if file is None:
        file = sys.stderr
    file.write(formatwarning(message, category, filename, lineno, line))


def _add(item, append):
    if append:
        if item not in filters:
            filters.append(item)
        return
    if item in filters:
        filters.remove(item)
    filters.insert(0, item)


def simplefilter(action, category=Warning, lineno=0, append=False):
    assert action in _ACTIONS, f'invalid action: {action!r}'
    assert isinstance(lineno, int) and lineno >= 0, 'lineno must be an int >= 0'
    _add((action, None, category, None, lineno), append)


def filterwarnings(action, message='', category=Warning, module='', lineno=0, append=False):
    import re
    assert action in _ACTIONS, f'invalid action: {action!r}'
    assert isinstance(message, str), 'message must be a string'
    assert isinstance(category, type), 'category must be a class'
    assert issubclass(category, Warning), 'category must be a Warning subclass'
    assert isinstance(module, str), 'module must be a string'
    if module:
        raise NotImplementedError('not supported: warnings.filterwarnings(module=...) (places are not visible)')
    _add((action, re.compile(message, re.I) if message else None, category, None, lineno), append)


def resetwarnings():
    filters[:] = []


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    """Give a warning."""
    if isinstance(message, Warning):
        category = type(message)
    elif category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError(f"category must be a Warning subclass, not '{type(category).__name__}'")
    _give(message, category, None, None, source)


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    """Give a warning about a place that is told."""
    _give(message, category, filename, lineno, source)


def _give(message, category, filename, lineno, source):
    text = str(message)
    if not isinstance(message, Warning):
        message = category(message)
    action = 'default'
    for kind, pattern, filtered, _, line in filters:
        if issubclass(category, filtered) and (pattern is None or pattern.match(text)) \
                and (not line or line == lineno):
            action = kind
            break
    if action == 'ignore':
        return
    if action == 'error':
        raise message
    key = (text, category, filename, lineno) if action != 'once' else (text, category)
    if action != 'always':
        if key in _once:
            return
        _once[key] = 1
    if _recorders:
        # The place in a record is unknown too.
        _recorders[-1].append(WarningMessage(message, category, filename or 'sys', lineno or 1, source=source))
        return
    showwarning(message, category, filename or 'sys', lineno or 1)


_recorders = []


class catch_warnings:
    """Filters as they were before, at the end of a `with`; on request, a list of what was given."""

    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._entered = False
        self._filter = None if action is None else (action, category, lineno, append)

    def __enter__(self):
        if self._entered:
            raise RuntimeError(f'Cannot enter {self!r} twice')
        self._entered = True
        self._filters = list(filters)
        if self._filter is not None:
            simplefilter(*self._filter)
        if not self._record:
            return None
        log = []
        _recorders.append(log)
        return log

    def __exit__(self, *exception):
        if not self._entered:
            raise RuntimeError(f'Cannot exit {self!r} without entering first')
        filters[:] = self._filters
        if self._record:
            _recorders.pop()
