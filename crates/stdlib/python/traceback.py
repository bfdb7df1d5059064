"""Exceptions as text.

Frames are not visible to programs here: what shows them (`format_exc`, `format_exception`,
`format_tb`, stacks) is refused, and `print_exc` to the error stream says so in their place; what shows an exception's class and message is exact.
"""

import sys

__all__ = ['format_exception_only', 'print_exception', 'format_exception', 'format_exc', 'print_exc']


def _refuse(what):
    raise NotImplementedError(f'not supported: traceback.{what} (frames are not visible here)')


def format_exception_only(exc, /, value=Ellipsis):
    """The lines that tell the class and the message, with notes."""
    if value is Ellipsis:
        value = exc
    if value is None:
        return ['NoneType: None\n']
    if isinstance(value, SyntaxError):
        _refuse('format_exception_only of a SyntaxError')
    kind = type(value)
    name = kind.__qualname__
    if kind.__module__ not in ('builtins', '__main__'):
        name = f'{kind.__module__}.{name}'
    try:
        text = str(value)
    except Exception:
        text = '<exception str() failed>'
    lines = [f'{name}: {text}\n' if text else f'{name}\n']
    for note in getattr(value, '__notes__', None) or ():
        lines.extend([line + '\n' for line in str(note).split('\n')])
    return lines


def _plain(value):
    """Whether the exception was never raised, so that no frames belong to it."""
    return value is None or value.__traceback__ is None and value.__cause__ is None and value.__context__ is None \
        and not isinstance(value, BaseExceptionGroup)


def format_exception(exc, /, value=Ellipsis, tb=Ellipsis, limit=None, chain=True):
    value = exc if value is Ellipsis else value
    if limit == 0 and not chain or (tb is None and not chain) or tb in (None, Ellipsis) and _plain(value):
        return format_exception_only(value)
    _refuse('format_exception')


def print_exception(exc, /, value=Ellipsis, tb=Ellipsis, limit=None, file=None, chain=True):
    for line in format_exception(exc, value, tb, limit, chain):
        print(line, file=sys.stderr if file is None else file, end='')


def format_exc(limit=None, chain=True):
    current = sys.exc_info()[1]
    if current is None:
        return 'NoneType: None\n'
    _refuse('format_exc')


def print_exc(limit=None, file=None, chain=True):
    """Show the current exception. On the error stream a line says that the frames are missing."""
    current = sys.exc_info()[1]
    if file is None and current is not None:
        sys.stderr.write('Traceback (most recent call last):\n  (not supported: frames are not visible here)\n')
        sys.stderr.write(''.join(format_exception_only(current)))
        return
    print(format_exc(limit, chain), file=sys.stderr if file is None else file, end='')


def __getattr__(name):
    if name in ('format_tb', 'print_tb', 'extract_tb', 'format_stack', 'print_stack', 'extract_stack', 'walk_tb',
                'walk_stack', 'StackSummary', 'FrameSummary', 'TracebackException', 'format_list', 'print_list',
                'print_last', 'clear_frames'):
        _refuse(name)
    raise AttributeError(f"module 'traceback' has no attribute {name!r}")
