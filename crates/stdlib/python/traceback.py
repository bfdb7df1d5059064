"""Exceptions and stacks as text, with the lines and marks that an uncaught exception shows."""

import sys
from _emulant import frame_rows, suggestion, traceback_rows

__all__ = ['extract_stack', 'extract_tb', 'format_exception', 'format_exception_only', 'format_list', 'format_stack',
           'format_tb', 'print_exc', 'format_exc', 'print_exception', 'print_last', 'print_stack', 'print_tb',
           'clear_frames', 'FrameSummary', 'StackSummary', 'TracebackException', 'walk_stack', 'walk_tb']

_SHOWN_REPEATS = 3
_CAUSE = '\nThe above exception was the direct cause of the following exception:\n\n'
_CONTEXT = '\nDuring handling of the above exception, another exception occurred:\n\n'
_HEAD = 'Traceback (most recent call last):\n'
# Modules of CPython's library whose names programs use without importing them.
_MODULES = frozenset('''abc argparse array ast asyncio base64 bisect calendar cmath collections contextlib copy csv
    dataclasses datetime decimal difflib enum fractions functools gc getpass glob hashlib heapq hmac html inspect io
    itertools json locale logging math numbers operator os pathlib pickle platform pprint queue random re secrets select
    shutil signal socket sqlite3 ssl statistics string struct subprocess sys tempfile textwrap threading time timeit
    tokenize traceback types typing unicodedata unittest urllib uuid warnings weakref xml zipfile zlib
    zoneinfo'''.split())


class FrameSummary:
    """One frame of a stack."""

    def __init__(self, filename, lineno, name, *, lookup_line=True, locals=None, line=None, end_lineno=None,
                 colno=None, end_colno=None, _marks=None):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self._line = line
        self._marks = _marks
        self.locals = None if locals is None else {key: repr(value) for key, value in locals.items()}
        self.end_lineno = lineno if end_lineno is None else end_lineno
        self.colno = colno
        self.end_colno = end_colno

    @property
    def line(self):
        return None if self._line is None else self._line.strip()

    def __eq__(self, other):
        if isinstance(other, FrameSummary):
            return tuple(self) == tuple(other) and self.locals == other.locals
        if isinstance(other, tuple):
            return tuple(self) == other
        return NotImplemented

    def __iter__(self):
        return iter([self.filename, self.lineno, self.name, self.line or ''])

    def __getitem__(self, place):
        return (self.filename, self.lineno, self.name, self.line or '')[place]

    def __len__(self):
        return 4

    def __repr__(self):
        return f'<FrameSummary file {self.filename}, line {self.lineno} in {self.name}>'


def _summary(row, locals=None):
    file, line, name, _, _, text, marks = row
    return FrameSummary(file, line, name, line='' if text is None else text, _marks=marks, locals=locals)


def _limited(items, limit):
    if limit is None:
        limit = getattr(sys, 'tracebacklimit', None)
        if limit is not None and limit < 0:
            limit = 0
    if limit is None:
        return items
    return items[:limit] if limit >= 0 else items[limit:]


class StackSummary(list):
    """Frames, the outermost first."""

    @classmethod
    def from_list(cls, frames):
        result = cls()
        for one in frames:
            result.append(one if isinstance(one, FrameSummary) else FrameSummary(one[0], one[1], one[2], line=one[3]))
        return result

    @classmethod
    def extract(cls, frames, *, limit=None, lookup_lines=True, capture_locals=False):
        result = cls()
        for frame, line in _limited(list(frames), limit):
            code = frame.f_code
            result.append(FrameSummary(code.co_filename, line, code.co_name, line='',
                                       locals=frame.f_locals if capture_locals else None))
        return result

    def format_frame_summary(self, one):
        parts = [f'  File "{one.filename}", line {one.lineno}, in {one.name}\n']
        if one.line:
            parts.append(f'    {one.line}\n')
            if one._marks:
                parts.append(f'    {one._marks}\n')
        if one.locals:
            for name, value in sorted(one.locals.items()):
                parts.append(f'    {name} = {value}\n')
        return ''.join(parts)

    def format(self):
        result = []
        last = None
        count = 0
        for one in self:
            place = (one.filename, one.lineno, one.name)
            if place != last:
                _repeated(result, count)
                last = place
                count = 0
            count += 1
            if count <= _SHOWN_REPEATS:
                result.append(self.format_frame_summary(one))
        _repeated(result, count)
        return result


def _repeated(result, count):
    if count > _SHOWN_REPEATS:
        more = count - _SHOWN_REPEATS
        result.append(f'  [Previous line repeated {more} more time{"" if more == 1 else "s"}]\n')


def _stack_of(tb, limit=None, locals=False):
    return StackSummary([_summary(row) for row in _limited(traceback_rows(tb), limit)])


def _own_frames(skip):
    # Frames of the library are left out already; the innermost comes first.
    return [(row, locals) for row, _, locals, _ in frame_rows()][skip:]


def walk_tb(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def walk_stack(f):
    if f is None:
        f = sys._getframe()
    while f is not None:
        yield f, f.f_lineno
        f = f.f_back


def extract_tb(tb, limit=None):
    return _stack_of(tb, limit)


def extract_stack(f=None, limit=None):
    rows = [_summary(row) for row, _ in _own_frames(0)]
    if f is not None:
        rows = [FrameSummary(one.f_code.co_filename, line, one.f_code.co_name, line='') for one, line in walk_stack(f)]
    rows.reverse()
    if limit is not None:
        rows = rows[-limit:] if limit >= 0 else rows[:-limit]
    return StackSummary(rows)


def format_list(extracted_list):
    return StackSummary.from_list(extracted_list).format()


def format_tb(tb, limit=None):
    return extract_tb(tb, limit).format()


def format_stack(f=None, limit=None):
    return extract_stack(f, limit).format()


def print_list(extracted_list, file=None):
    for text in format_list(extracted_list):
        print(text, file=file or sys.stderr, end='')


def print_tb(tb, limit=None, file=None):
    print_list(extract_tb(tb, limit), file)


def print_stack(f=None, limit=None, file=None):
    print_list(extract_stack(f, limit), file)


def clear_frames(tb):
    return None


def _text_of(value):
    try:
        return str(value)
    except Exception:
        return f'<{"exception" if isinstance(value, BaseException) else "note"} str() failed>'


def _name_of(kind):
    module = kind.__module__
    if module in ('__main__', 'builtins'):
        return kind.__qualname__
    return f'{module}.{kind.__qualname__}'


class _Context:
    def __init__(self):
        self.depth = 0
        self.needs_close = False

    def emit(self, text, margin='|'):
        if not self.depth:
            return [text] if isinstance(text, str) else list(text)
        lead = '  ' * self.depth + margin + ' '
        whole = text if isinstance(text, str) else ''.join(text)
        return [''.join([lead + line for line in whole.splitlines(True)])]


class TracebackException:
    """An exception made ready to be shown later."""

    def __init__(self, exc_type, exc_value, exc_traceback, *, limit=None, lookup_lines=True, capture_locals=False,
                 compact=False, max_group_width=15, max_group_depth=10, _seen=None):
        seen = set() if _seen is None else _seen
        seen.add(id(exc_value))
        self.max_group_width = max_group_width
        self.max_group_depth = max_group_depth
        self.stack = _stack_of(exc_traceback, limit)
        self.exc_type = exc_type
        self._str = _text_of(exc_value)
        self.__notes__ = getattr(exc_value, '__notes__', None)
        self._is_syntax_error = exc_type is not None and issubclass(exc_type, SyntaxError)
        if self._is_syntax_error:
            self.filename = exc_value.filename
            self.lineno = None if exc_value.lineno is None else str(exc_value.lineno)
            self.end_lineno = None if exc_value.end_lineno is None else str(exc_value.end_lineno)
            self.text = exc_value.text
            self.offset = exc_value.offset
            self.end_offset = exc_value.end_offset
            self.msg = exc_value.msg
        elif exc_type is not None and issubclass(exc_type, (NameError, AttributeError, ImportError)):
            self._suggest(exc_type, exc_value)
        self.__cause__ = self.__context__ = self.exceptions = None
        self.__suppress_context__ = False
        if exc_value is None:
            return
        options = dict(limit=limit, max_group_width=max_group_width, max_group_depth=max_group_depth, _seen=seen)

        def inner(error):
            return TracebackException(type(error), error, error.__traceback__, **options)
        self.__suppress_context__ = exc_value.__suppress_context__
        cause, context = exc_value.__cause__, exc_value.__context__
        if cause is not None and id(cause) not in seen:
            self.__cause__ = inner(cause)
        needed = not compact or self.__cause__ is None and not self.__suppress_context__
        if context is not None and id(context) not in seen and needed:
            self.__context__ = inner(context)
        if isinstance(exc_value, BaseExceptionGroup):
            self.exceptions = [inner(one) for one in exc_value.exceptions]

    def _suggest(self, exc_type, exc_value):
        name = suggestion(exc_value)
        if name is not None:
            self._str += f". Did you mean: '{name}'?"
        missing = getattr(exc_value, 'name', None)
        if issubclass(exc_type, NameError) and missing in _MODULES:
            start = '. Did you' if name is None else ' Or did you'
            self._str += f"{start} forget to import '{missing}'?"

    @classmethod
    def from_exception(cls, exc, *args, **kwargs):
        return cls(type(exc), exc, exc.__traceback__, *args, **kwargs)

    @property
    def exc_type_str(self):
        return None if self.exc_type is None else _name_of(self.exc_type)

    def __eq__(self, other):
        if isinstance(other, TracebackException):
            return self.__dict__ == other.__dict__
        return NotImplemented

    def __str__(self):
        return self._str

    def format_exception_only(self):
        if self.exc_type is None:
            yield _last_line(None, self._str)
            return
        name = _name_of(self.exc_type)
        if self._is_syntax_error:
            yield from self._format_syntax_error(name)
        else:
            yield _last_line(name, self._str)
        notes = self.__notes__
        if isinstance(notes, (list, tuple)):
            for note in notes:
                yield from [line + '\n' for line in _text_of(note).split('\n')]
        elif notes is not None:
            yield f'{notes!r}\n'

    def _format_syntax_error(self, name):
        filename = ''
        if self.lineno is not None:
            yield f'  File "{self.filename or "<string>"}", line {self.lineno}\n'
        elif self.filename is not None:
            filename = f' ({self.filename})'
        if self.text is not None:
            line = self.text.rstrip('\n')
            shown = line.lstrip(' \n\f')
            removed = len(line) - len(shown)
            yield f'    {shown}\n'
            if self.offset is not None:
                end = self.end_offset if self.end_offset not in (None, 0) else self.offset
                if self.lineno != self.end_lineno and self.end_lineno is not None:
                    end = len(line) + 1
                if end == self.offset or end < 0:
                    end = self.offset + 1
                start, end = self.offset - 1 - removed, end - 1 - removed
                if start >= 0:
                    spaces = ''.join([char if char.isspace() else ' ' for char in shown[:start]])
                    yield f'    {spaces}{"^" * (end - start)}\n'
        yield f'{name}: {self.msg or "<no detail available>"}{filename}\n'

    def format(self, *, chain=True, _context=None):
        context = _Context() if _context is None else _context
        chained = []
        one = self
        if chain:
            while one is not None:
                if one.__cause__ is not None:
                    chained.append((_CAUSE, one))
                    one = one.__cause__
                elif one.__context__ is not None and not one.__suppress_context__:
                    chained.append((_CONTEXT, one))
                    one = one.__context__
                else:
                    chained.append((None, one))
                    one = None
        else:
            chained.append((None, one))
        for message, one in reversed(chained):
            if message is not None:
                yield from context.emit(message)
            if one.exceptions is None:
                if one.stack:
                    yield from context.emit(_HEAD)
                    yield from context.emit(one.stack.format())
                yield from context.emit(one.format_exception_only())
            elif context.depth > self.max_group_depth:
                yield from context.emit(f'... (max_group_depth is {self.max_group_depth})\n')
            else:
                yield from one._format_group(context)

    def _format_group(self, context):
        outermost = context.depth == 0
        if outermost:
            context.depth = 1
        if self.stack:
            yield from context.emit('Exception Group ' + _HEAD, '+' if outermost else None or '|')
            yield from context.emit(self.stack.format())
        yield from context.emit(self.format_exception_only())
        members = self.exceptions
        shown = len(members) if len(members) <= self.max_group_width else self.max_group_width + 1
        context.needs_close = False
        for number in range(shown):
            last = number == shown - 1
            if last:
                context.needs_close = True
            cut = number >= self.max_group_width
            title = '...' if cut else str(number + 1)
            yield '  ' * context.depth + ('+-' if number == 0 else '  ') + f'+---------------- {title} ----------------\n'
            context.depth += 1
            if cut:
                more = len(members) - self.max_group_width
                yield from context.emit(f'and {more} more exception{"s" if more > 1 else ""}\n')
            else:
                yield from members[number].format(_context=context)
            if last and context.needs_close:
                yield '  ' * context.depth + '+------------------------------------\n'
                context.needs_close = False
            context.depth -= 1
        if outermost:
            context.depth = 0

    def print(self, *, file=None, chain=True):
        for line in self.format(chain=chain):
            print(line, file=sys.stderr if file is None else file, end='')


def _last_line(name, text):
    if name is None:
        return f'{text}\n' if text and text != 'None' else 'NoneType: None\n'
    return f'{name}: {text}\n' if text else f'{name}\n'


def _parts(exc, value, tb):
    if value is Ellipsis and tb is Ellipsis:
        if exc is None:
            return None, None, None
        if not isinstance(exc, BaseException):
            raise TypeError(f'Exception expected for value, {type(exc).__name__} found')
        return type(exc), exc, exc.__traceback__
    if value is Ellipsis or tb is Ellipsis:
        raise ValueError('Both or neither of value and tb must be given')
    return type(value), value, tb


def format_exception(exc, /, value=Ellipsis, tb=Ellipsis, limit=None, chain=True):
    kind, value, tb = _parts(exc, value, tb)
    if value is None:
        return ['NoneType: None\n']
    return list(TracebackException(kind, value, tb, limit=limit, compact=True).format(chain=chain))


def format_exception_only(exc, /, value=Ellipsis):
    if value is Ellipsis:
        value = exc
    if value is None:
        return ['NoneType: None\n']
    return list(TracebackException(type(value), value, None, compact=True).format_exception_only())


def print_exception(exc, /, value=Ellipsis, tb=Ellipsis, limit=None, file=None, chain=True):
    for line in format_exception(exc, value, tb, limit, chain):
        print(line, file=sys.stderr if file is None else file, end='')


def format_exc(limit=None, chain=True):
    return ''.join(format_exception(sys.exc_info()[1], limit=limit, chain=chain))


def print_exc(limit=None, file=None, chain=True):
    print_exception(sys.exc_info()[1], limit=limit, file=file, chain=chain)


def print_last(limit=None, file=None, chain=True):
    raise ValueError('no last exception')
