"""Tables as text with separators. Missing: `Sniffer`."""

__all__ = ['QUOTE_MINIMAL', 'QUOTE_ALL', 'QUOTE_NONNUMERIC', 'QUOTE_NONE', 'QUOTE_STRINGS', 'QUOTE_NOTNULL', 'Error',
           'Dialect', 'excel', 'excel_tab', 'unix_dialect', 'field_size_limit', 'reader', 'writer', 'register_dialect',
           'get_dialect', 'list_dialects', 'unregister_dialect', 'DictReader', 'DictWriter']

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE, QUOTE_STRINGS, QUOTE_NOTNULL = range(6)
_field_limit = 131072


class Error(Exception):
    __module__ = '_csv'


class Dialect:
    """How a table is written."""

    delimiter = ','
    quotechar = '"'
    escapechar = None
    doublequote = True
    skipinitialspace = False
    lineterminator = '\r\n'
    quoting = QUOTE_MINIMAL
    strict = False


class excel(Dialect):
    pass


class excel_tab(excel):
    delimiter = '\t'


class unix_dialect(Dialect):
    quoting = QUOTE_ALL
    lineterminator = '\n'


_dialects = {'excel': excel, 'excel-tab': excel_tab, 'unix': unix_dialect}
_SETTINGS = ('delimiter', 'quotechar', 'escapechar', 'doublequote', 'skipinitialspace', 'lineterminator', 'quoting',
             'strict')


def register_dialect(name, dialect=excel, **settings):
    if not isinstance(name, str):
        raise TypeError('dialect name must be a string')
    _dialects[name] = _dialect(dialect, settings)


def unregister_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error('unknown dialect')
    return _dialect(name, {})


def list_dialects():
    return list(_dialects)


def field_size_limit(limit=None):
    global _field_limit
    before = _field_limit
    if limit is not None:
        _field_limit = limit
    return before


def _dialect(base, settings):
    """A dialect with settings of its own, checked."""
    if isinstance(base, str):
        if base not in _dialects:
            raise Error('unknown dialect')
        base = _dialects[base]
    made = Dialect()
    for name in _SETTINGS:
        setattr(made, name, getattr(base, name, getattr(Dialect, name)))
    for name, value in settings.items():
        if name not in _SETTINGS:
            raise TypeError(f"'{name}' is an invalid keyword argument for this function")
        setattr(made, name, value)
    for name in ('delimiter', 'quotechar', 'escapechar'):
        value = getattr(made, name)
        if value is None and name != 'delimiter':
            continue
        if not isinstance(value, str):
            raise TypeError(f'"{name}" must be string' + (' or None' if name != 'delimiter' else '')
                            + f', not {type(value).__name__}')
        if len(value) != 1:
            raise TypeError(f'"{name}" must be a 1-character string')
    if 'quotechar' in settings and made.quotechar is None and 'quoting' not in settings:
        made.quoting = QUOTE_NONE
    if made.quoting not in range(6):
        raise TypeError('bad "quoting" value')
    if made.quoting != QUOTE_NONE and made.quotechar is None:
        raise TypeError('quotechar must be set if quoting enabled')
    return made


class _Reader:
    """Rows from lines."""

    def __init__(self, lines, dialect):
        self._lines = iter(lines)
        self.dialect = dialect
        self.line_num = 0

    def __iter__(self):
        return self

    def __next__(self):
        d = self.dialect
        fields = []
        field = ''
        quoted = False
        state = 'row'
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                if state in ('row', 'end'):
                    raise
                if d.strict:
                    raise Error('unexpected end of data') from None
                break
            if not isinstance(line, str):
                raise Error(f'iterator should return strings, not {type(line).__name__} '
                            '(the file should be opened in text mode)')
            self.line_num += 1
            for letter in line + '\0':
                end = letter in '\n\r\0'
                if state == 'end':
                    if letter not in '\n\r\0':
                        raise Error('new-line character seen in unquoted field - do you need to open the file with '
                                    'newline=\'\'?')
                    continue
                if state == 'row':
                    if letter == '\0':
                        break
                    if end:
                        state = 'end'
                        continue
                    state = 'start'
                if state == 'start':
                    if end:
                        fields.append(self._field(field, quoted))
                        field, quoted, state = '', False, 'row' if letter == '\0' else 'end'
                        if letter == '\0':
                            state = 'end'
                    elif letter == d.quotechar and d.quoting != QUOTE_NONE:
                        state, quoted = 'quoted', True
                    elif letter == d.escapechar:
                        state = 'escape'
                    elif letter == ' ' and d.skipinitialspace:
                        pass
                    elif letter == d.delimiter:
                        fields.append(self._field(field, quoted))
                        field, quoted = '', False
                    else:
                        field += letter
                        state = 'field'
                elif state == 'field':
                    if end:
                        fields.append(self._field(field, quoted))
                        field, quoted, state = '', False, 'end'
                    elif letter == d.escapechar:
                        state = 'escape'
                    elif letter == d.delimiter:
                        fields.append(self._field(field, quoted))
                        field, quoted, state = '', False, 'start'
                    else:
                        field += letter
                elif state == 'escape':
                    field += '\n' if letter == '\0' else letter
                    state = 'field'
                elif state == 'quoted':
                    if letter == '\0':
                        pass
                    elif letter == d.escapechar:
                        state = 'quoted escape'
                    elif letter == d.quotechar:
                        state = 'quote' if d.doublequote else 'field'
                    else:
                        field += letter
                elif state == 'quoted escape':
                    field += '\n' if letter == '\0' else letter
                    state = 'quoted'
                elif state == 'quote':
                    if letter == d.quotechar:
                        field += letter
                        state = 'quoted'
                    elif letter == d.delimiter:
                        fields.append(self._field(field, quoted))
                        field, quoted, state = '', False, 'start'
                    elif end:
                        fields.append(self._field(field, quoted))
                        field, quoted, state = '', False, 'end'
                    elif not d.strict:
                        field += letter
                        state = 'field'
                    else:
                        raise Error(f"'{d.delimiter}' expected after '{d.quotechar}'")
                if len(field) > _field_limit:
                    raise Error(f'field larger than field limit ({_field_limit})')
            if state in ('row', 'end'):
                return fields
        fields.append(self._field(field, quoted))
        return fields

    def _field(self, text, quoted):
        return float(text) if self.dialect.quoting == QUOTE_NONNUMERIC and not quoted else text


def reader(csvfile, dialect='excel', **fmtparams):
    return _Reader(csvfile, _dialect(dialect, fmtparams))


class _Writer:
    """Rows as lines."""

    def __init__(self, file, dialect):
        if not hasattr(file, 'write'):
            raise TypeError('argument 1 must have a "write" method')
        self._write = file.write
        self.dialect = dialect

    def writerow(self, row, /):
        try:
            row = list(row)
        except TypeError:
            raise Error(f'iterable expected, not {type(row).__name__}') from None
        parts = [self._part(value) for value in row]
        if len(parts) == 1 and not parts[0]:
            if self.dialect.quoting == QUOTE_NONE:
                raise Error('single empty field record must be quoted')
            parts = [self.dialect.quotechar * 2]
        return self._write(self.dialect.delimiter.join(parts) + self.dialect.lineterminator)

    def writerows(self, rows, /):
        for row in rows:
            self.writerow(row)

    def _part(self, value):
        d = self.dialect
        text = '' if value is None else str(value)
        if value is None and d.quoting in (QUOTE_STRINGS, QUOTE_NOTNULL):
            return ''
        quoted = d.quoting == QUOTE_ALL or d.quoting == QUOTE_NONNUMERIC and not isinstance(value, (int, float)) \
            or d.quoting == QUOTE_STRINGS and isinstance(value, str) or d.quoting == QUOTE_NOTNULL
        special = {d.delimiter, d.escapechar, d.quotechar, '\r', '\n', *d.lineterminator}
        if d.quoting != QUOTE_NONE and not quoted:
            for letter in text:
                if letter in special and not (letter == d.escapechar and letter != d.quotechar) \
                        and not (letter == d.quotechar and not d.doublequote):
                    quoted = True
                    break
        out = []
        for letter in text:
            if letter in special:
                if d.quoting == QUOTE_NONE or not quoted and letter not in (d.quotechar,):
                    out.append(self._escape())
                elif letter == d.quotechar:
                    out.append(d.quotechar if d.doublequote else self._escape())
                elif letter == d.escapechar:
                    out.append(d.escapechar)
            out.append(letter)
        body = ''.join(out)
        return d.quotechar + body + d.quotechar if quoted else body

    def _escape(self):
        if self.dialect.escapechar is None:
            raise Error('need to escape, but no escapechar set')
        return self.dialect.escapechar


def writer(csvfile, dialect='excel', **fmtparams):
    return _Writer(csvfile, _dialect(dialect, fmtparams))


class DictReader:
    """Rows as dictionaries; without names, the first row gives them."""

    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect='excel', *args, **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self._fieldnames = fieldnames
        self.restkey = restkey
        self.restval = restval
        self.reader = reader(f, dialect, *args, **kwds)
        self.dialect = dialect
        self.line_num = 0

    def __iter__(self):
        return self

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            try:
                self._fieldnames = next(self.reader)
            except StopIteration:
                pass
        self.line_num = self.reader.line_num
        return self._fieldnames

    @fieldnames.setter
    def fieldnames(self, value):
        self._fieldnames = value

    def __next__(self):
        if self.line_num == 0:
            self.fieldnames
        row = next(self.reader)
        self.line_num = self.reader.line_num
        while row == []:
            row = next(self.reader)
        made = dict(zip(self.fieldnames, row))
        if len(row) > len(self.fieldnames):
            made[self.restkey] = row[len(self.fieldnames):]
        for name in self.fieldnames[len(row):]:
            made[name] = self.restval
        return made


class DictWriter:
    """Writes dictionaries as rows."""

    def __init__(self, f, fieldnames, restval='', extrasaction='raise', dialect='excel', *args, **kwds):
        if fieldnames is not None and iter(fieldnames) is fieldnames:
            fieldnames = list(fieldnames)
        self.fieldnames = fieldnames
        self.restval = restval
        extrasaction = extrasaction.lower()
        if extrasaction not in ('raise', 'ignore'):
            raise ValueError(f"extrasaction ({extrasaction}) must be 'raise' or 'ignore'")
        self.extrasaction = extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        return self.writerow(dict(zip(self.fieldnames, self.fieldnames)))

    def _row(self, rowdict):
        if self.extrasaction == 'raise':
            wrong = [name for name in rowdict if name not in self.fieldnames]
            if wrong:
                raise ValueError('dict contains fields not in fieldnames: ' + ', '.join([repr(name) for name in wrong]))
        return [rowdict.get(name, self.restval) for name in self.fieldnames]

    def writerow(self, rowdict):
        return self.writer.writerow(self._row(rowdict))

    def writerows(self, rowdicts):
        self.writer.writerows([self._row(row) for row in rowdicts])


def __getattr__(name):
    if name == 'Sniffer':
        raise NotImplementedError('not supported: csv.Sniffer')
    raise AttributeError(f"module 'csv' has no attribute {name!r}")
