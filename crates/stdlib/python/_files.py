"""What the modules of files share: the asks and their errors, the folder where the program is, and what is known of
files whose bytes still wait to be written.

A file is known to the host by its path only, and every operation is an ask of its own: so a run can wait for a day
in between and go on elsewhere.
"""

from _system import ask as _ask

# Where the program is. A list, so that modules share it.
place = ['/mnt']
# Files with bytes that wait to be written. They go before anything else looks.
waiting = []
# Counts what changed files, so that who read to the end knows whether to look again.
changes = [0]
_ACTING = {'file.open', 'file.write', 'file.truncate', 'file.mkdir', 'file.rmdir', 'file.unlink', 'file.rename',
           'file.symlink', 'sql.execute', 'sql.open'}


def text_of(path):
    """A path as text."""
    if isinstance(path, str):
        text = path
    elif isinstance(path, bytes):
        text = path.decode('utf-8')
    else:
        method = getattr(type(path), '__fspath__', None)
        if method is None:
            raise TypeError(f'expected str, bytes or os.PathLike object, not {type(path).__name__}')
        text = method(path)
        if isinstance(text, bytes):
            text = text.decode('utf-8')
    if '\0' in text:
        raise ValueError('embedded null byte')
    return text


def absolute(text):
    return text if text.startswith('/') else f'{place[0]}/{text}'


def flush_waiting():
    while waiting:
        waiting[0].flush()


def answer(tool, arguments):
    """What the host says to an ask, as it says it."""
    if waiting and tool != 'file.write':
        flush_waiting()
    if tool in _ACTING:
        changes[0] += 1
    return _ask(tool, arguments)


def call(tool, path, to=None, **arguments):
    """An ask about a path (and another one), or the OSError that the host speaks of."""
    shown = text_of(path)
    arguments = {'path': absolute(shown) if shown else '', **arguments}
    shown_to = None
    if to is not None:
        shown_to = text_of(to)
        arguments['to'] = absolute(shown_to) if shown_to else ''
    if not shown or shown_to == '':
        result = {'errno': 2, 'strerror': 'No such file or directory'}
    else:
        result = answer(tool, arguments)
    if 'value' in result:
        return result['value']
    if shown_to is not None:
        error = OSError(result['errno'], result['strerror'], shown, None, shown_to)
        error.filename2 = shown_to
        raise error
    raise OSError(result['errno'], result['strerror'], shown)
