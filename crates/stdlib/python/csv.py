"""Tables as text with separators. Complete."""

import re as _re

__all__ = ['QUOTE_MINIMAL', 'QUOTE_ALL', 'QUOTE_NONNUMERIC', 'QUOTE_NONE', 'QUOTE_STRINGS', 'QUOTE_NOTNULL', 'Error',
           'Dialect', 'excel', 'excel_tab', 'unix_dialect', 'field_size_limit', 'reader', 'writer', 'register_dialect',
           'get_dialect', 'list_dialects', 'unregister_dialect', 'DictReader', 'DictWriter', 'Sniffer',
           '__doc__', '__version__']

__version__ = '1.0'

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE, QUOTE_STRINGS, QUOTE_NOTNULL = range(6)
_field_limit = 131072


class Error(Exception):
    __module__ = '_csv'


class Dialect:
    """How a table is written."""

    _name = ''
    _valid = False
    delimiter = quotechar = escapechar = doublequote = skipinitialspace = lineterminator = quoting = None

    def __init__(self):
        if self.__class__ != Dialect:
            self._valid = True
        try:
            _Settings(self)
        except TypeError as error:
            raise Error(str(error)) from None


class excel(Dialect):
    delimiter = ','
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = '\r\n'
    quoting = QUOTE_MINIMAL


class excel_tab(excel):
    delimiter = '\t'


class unix_dialect(Dialect):
    delimiter = ','
    quotechar = '"'
    doublequote = True
    skipinitialspace = False
    lineterminator = '\n'
    quoting = QUOTE_ALL


_USUAL = {'delimiter': ',', 'doublequote': True, 'escapechar': None, 'lineterminator': '\r\n', 'quotechar': '"',
          'quoting': QUOTE_MINIMAL, 'skipinitialspace': False, 'strict': False}
_not_given = object()


class _Settings:
    """The settings of a dialect, checked; they do not change."""

    __module__ = '_csv'
    __slots__ = tuple(_USUAL)

    def __init__(self, dialect=None, **settings):
        for name in settings:
            if name not in _USUAL:
                raise TypeError(f"'{name}' is an invalid keyword argument for this function")
        given = {}
        for name in _USUAL:
            value = settings.get(name, _not_given)
            if value is _not_given and dialect is not None:
                value = getattr(dialect, name, _not_given)
            given[name] = value
        for name in ('delimiter', 'escapechar', 'quotechar'):
            given[name] = _letter(name, given[name])
        for name in ('doublequote', 'skipinitialspace', 'strict'):
            given[name] = _USUAL[name] if given[name] is _not_given else bool(given[name])
        quoting = given['quoting']
        if quoting is _not_given:
            quoting = QUOTE_MINIMAL
            if given['quotechar'] is None and settings.get('quotechar', _not_given) is None:
                quoting = QUOTE_NONE
        if type(quoting) is not int:
            raise TypeError(f'"quoting" must be an integer, not {type(quoting).__name__}')
        if quoting not in range(6):
            raise TypeError('bad "quoting" value')
        if quoting != QUOTE_NONE and given['quotechar'] is None:
            raise TypeError('quotechar must be set if quoting enabled')
        given['quoting'] = quoting
        end = given['lineterminator']
        if end is _not_given:
            end = '\r\n'
        elif end is None:
            raise TypeError('lineterminator must be set')
        elif not isinstance(end, str):
            raise TypeError('"lineterminator" must be a string')
        given['lineterminator'] = end
        for name, value in given.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name, value):
        kind = 'readonly attribute' if name in _USUAL else f"'_csv.Dialect' object has no attribute '{name}'"
        raise AttributeError(kind)

    def __delattr__(self, name):
        raise AttributeError('readonly attribute')

    def __reduce_ex__(self, protocol):
        raise TypeError("cannot pickle 'Dialect' instances")


def _letter(name, value):
    if value is _not_given:
        return _USUAL[name]
    if name == 'delimiter':
        if not isinstance(value, str):
            raise TypeError(f'"delimiter" must be string, not {type(value).__name__}')
        if len(value) != 1:
            raise TypeError('"delimiter" must be a 1-character string')
        return value
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f'"{name}" must be string or None, not {type(value).__name__}')
    if len(value) != 1:
        raise TypeError(f'"{name}" must be a 1-character string')
    return value


_dialects = {}


def register_dialect(name, dialect=None, **settings):
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
    return _dialects[name]


def list_dialects():
    return list(_dialects)


def field_size_limit(*arguments):
    global _field_limit
    before = _field_limit
    if len(arguments) > 1:
        raise TypeError(f'field_size_limit expected at most 1 argument, got {len(arguments)}')
    if arguments:
        if not isinstance(arguments[0], int):
            raise TypeError('limit must be an integer')
        _field_limit = arguments[0]
    return before


def _dialect(base, settings):
    """A dialect with settings of its own, checked."""
    if isinstance(base, str):
        base = get_dialect(base)
    if type(base) is _Settings and not settings:
        return base
    return _Settings(base, **settings)


register_dialect('excel', excel)
register_dialect('excel-tab', excel_tab)
register_dialect('unix', unix_dialect)


class _Reader:
    """Rows from lines."""

    def __init__(self, lines, dialect):
        self._lines = iter(lines)
        self.dialect = d = dialect
        self.line_num = 0
        # A line without these letters is cut at its separators.
        self._plain = d.quoting != QUOTE_NONNUMERIC and not d.skipinitialspace and d.delimiter not in '\r\n'
        self._special = [letter for letter in (d.quotechar if d.quoting != QUOTE_NONE else None, d.escapechar)
                         if letter is not None]

    def __iter__(self):
        return self

    def _line(self):
        line = next(self._lines)
        if not isinstance(line, str):
            raise Error(f'iterator should return strings, not {type(line).__name__} '
                        '(the file should be opened in text mode)')
        self.line_num += 1
        return line

    def __next__(self):
        line = self._line()
        if self._plain:
            bare = line.rstrip('\r\n')
            for letter in self._special:
                if letter in bare:
                    break
            else:
                if '\r' not in bare and '\n' not in bare and len(bare) <= _field_limit:
                    return bare.split(self.dialect.delimiter) if bare else []
        return self._careful(line)

    def _careful(self, line):
        d = self.dialect
        delimiter, quotechar, escapechar = d.delimiter, d.quotechar, d.escapechar
        quoting = d.quoting != QUOTE_NONE
        fields, field, numeric, state = [], [], False, 'row'

        def save():
            nonlocal field, numeric
            text = ''.join(field)
            fields.append(float(text) if numeric else text)
            field, numeric = [], False

        while True:
            for letter in [*line, None]:
                if state == 'crnl':
                    if letter is None:
                        state = 'row'
                    elif letter not in '\r\n':
                        raise Error('new-line character seen in unquoted field - do you need to open the file with '
                                    "newline=''?")
                    continue
                if state == 'row':
                    if letter is None:
                        continue
                    if letter in '\r\n':
                        state = 'crnl'
                        continue
                    state = 'start'
                if state == 'escaped end':
                    if letter is None:
                        continue
                    state = 'field'
                ends = letter is None or letter in '\r\n'
                if state == 'start':
                    if ends:
                        save()
                        state = 'row' if letter is None else 'crnl'
                    elif letter == quotechar and quoting:
                        state = 'quoted'
                    elif letter == escapechar:
                        state = 'escape'
                    elif letter == ' ' and d.skipinitialspace:
                        pass
                    elif letter == delimiter:
                        save()
                    else:
                        numeric = d.quoting == QUOTE_NONNUMERIC
                        field.append(letter)
                        state = 'field'
                elif state == 'field':
                    if ends:
                        save()
                        state = 'row' if letter is None else 'crnl'
                    elif letter == escapechar:
                        state = 'escape'
                    elif letter == delimiter:
                        save()
                        state = 'start'
                    else:
                        field.append(letter)
                elif state == 'escape':
                    field.append('\n' if letter is None else letter)
                    state = 'escaped end' if letter is not None and letter in '\r\n' else 'field'
                elif state == 'quoted':
                    if letter is None:
                        pass
                    elif letter == escapechar:
                        state = 'quoted escape'
                    elif letter == quotechar and quoting:
                        state = 'quote' if d.doublequote else 'field'
                    else:
                        field.append(letter)
                elif state == 'quoted escape':
                    field.append('\n' if letter is None else letter)
                    state = 'quoted'
                elif letter == quotechar and quoting:
                    field.append(letter)
                    state = 'quoted'
                elif letter == delimiter:
                    save()
                    state = 'start'
                elif ends:
                    save()
                    state = 'row' if letter is None else 'crnl'
                elif not d.strict:
                    field.append(letter)
                    state = 'field'
                else:
                    raise Error(f"'{delimiter}' expected after '{quotechar}'")
                if len(field) > _field_limit:
                    raise Error(f'field larger than field limit ({_field_limit})')
            if state == 'row':
                return fields
            try:
                line = self._line()
            except StopIteration:
                if field or state == 'quoted':
                    if d.strict:
                        raise Error('unexpected end of data') from None
                    save()
                    return fields
                raise


def reader(csvfile, dialect=None, **fmtparams):
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
            row = iter(row)
        except TypeError:
            raise Error(f'iterable expected, not {type(row).__name__}') from None
        d = self.dialect
        parts = []
        null = False
        for value in row:
            null = value is None
            parts.append(self._part(value))
        if len(parts) == 1 and not parts[0]:
            if d.quoting == QUOTE_NONE or null and d.quoting in (QUOTE_STRINGS, QUOTE_NOTNULL):
                raise Error('single empty field record must be quoted')
            parts = [d.quotechar * 2]
        return self._write(d.delimiter.join(parts) + d.lineterminator)

    def writerows(self, rows, /):
        for row in rows:
            self.writerow(row)

    def _part(self, value):
        d = self.dialect
        quoting = d.quoting
        if quoting == QUOTE_NONNUMERIC:
            quoted = not isinstance(value, (int, float, complex)) and not hasattr(type(value), '__float__')
        elif quoting == QUOTE_STRINGS:
            quoted = isinstance(value, str)
        elif quoting == QUOTE_NOTNULL:
            quoted = value is not None
        else:
            quoted = quoting == QUOTE_ALL
        text = value if isinstance(value, str) else '' if value is None else str(value)
        out = []
        for letter in text:
            if (letter == d.delimiter or letter == d.escapechar or letter == d.quotechar or letter in '\r\n'
                    or letter in d.lineterminator):
                escape = False
                if quoting == QUOTE_NONE:
                    escape = True
                else:
                    if letter == d.quotechar:
                        if d.doublequote:
                            out.append(d.quotechar)
                        else:
                            escape = True
                    elif letter == d.escapechar:
                        escape = True
                    if not escape:
                        quoted = True
                if escape:
                    if d.escapechar is None:
                        raise Error('need to escape, but no escapechar set')
                    out.append(d.escapechar)
            out.append(letter)
        body = ''.join(out)
        if not body and quoting == QUOTE_MINIMAL and d.delimiter == ' ' and d.skipinitialspace:
            if d.quotechar is None:
                raise Error('empty field must be quoted')
            quoted = True
        return d.quotechar + body + d.quotechar if quoted else body


def writer(csvfile, dialect=None, **fmtparams):
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


class Sniffer:
    """Guesses how a table is written."""

    def __init__(self):
        self.preferred = [',', '\t', ';', ' ', ':']

    def sniff(self, sample, delimiters=None):
        quotechar, doublequote, delimiter, skips = self._by_quotes(sample, delimiters)
        if not delimiter:
            delimiter, skips = self._by_counts(sample, delimiters)
        if not delimiter:
            raise Error('Could not determine delimiter')

        class dialect(Dialect):
            _name = 'sniffed'
            lineterminator = '\r\n'
            quoting = QUOTE_MINIMAL

        dialect.doublequote = doublequote
        dialect.delimiter = delimiter
        dialect.quotechar = quotechar or '"'
        dialect.skipinitialspace = skips
        return dialect

    def _by_quotes(self, data, delimiters):
        """By what stands beside quoted fields."""
        patterns = (r'(?P<delim>[^\w\n"\'])(?P<space> ?)(?P<quote>["\']).*?(?P=quote)(?P=delim)',
                    r'(?:^|\n)(?P<quote>["\']).*?(?P=quote)(?P<delim>[^\w\n"\'])(?P<space> ?)',
                    r'(?P<delim>[^\w\n"\'])(?P<space> ?)(?P<quote>["\']).*?(?P=quote)(?:$|\n)',
                    r'(?:^|\n)(?P<quote>["\']).*?(?P=quote)(?:$|\n)')
        for pattern in patterns:
            found = list(_re.compile(pattern, _re.DOTALL | _re.MULTILINE).finditer(data))
            if found:
                break
        else:
            return '', False, None, 0
        quotes, delims, spaces = {}, {}, 0
        for match in found:
            parts = match.groupdict()
            if parts['quote']:
                quotes[parts['quote']] = quotes.get(parts['quote'], 0) + 1
            if 'delim' not in parts:
                continue
            if parts['delim'] and (delimiters is None or parts['delim'] in delimiters):
                delims[parts['delim']] = delims.get(parts['delim'], 0) + 1
            if parts['space']:
                spaces += 1
        quotechar = max(quotes, key=quotes.get)
        if delims:
            delim = max(delims, key=delims.get)
            skips = delims[delim] == spaces
            if delim == '\n':
                delim = ''
        else:
            delim, skips = '', 0
        double = _re.compile(rf'(({_re.escape(delim)})|^)\W*{quotechar}[^{_re.escape(delim)}\n]*{quotechar}'
                             rf'[^{_re.escape(delim)}\n]*{quotechar}\W*(({_re.escape(delim)})|$)', _re.MULTILINE)
        return quotechar, bool(double.search(data)), delim, skips

    def _by_counts(self, data, delimiters):
        """By which letter stands in each line as often as in others."""
        lines = list(filter(None, data.split('\n')))
        letters = [chr(code) for code in range(127)]
        size = min(10, len(lines))
        tables = {letter: {} for letter in letters}
        modes, delims = {}, {}
        start, end = 0, size
        loops = 0
        while start < len(lines):
            loops += 1
            for line in lines[start:end]:
                for letter in letters:
                    count = line.count(letter)
                    tables[letter][count] = tables[letter].get(count, 0) + 1
            for letter, counts in tables.items():
                items = list(counts.items())
                if len(items) == 1 and items[0][0] == 0:
                    continue
                if len(items) > 1:
                    mode = max(items, key=lambda item: item[1])
                    items.remove(mode)
                    modes[letter] = mode[0], mode[1] - sum([item[1] for item in items])
                else:
                    modes[letter] = items[0]
            total = float(min(size * loops, len(lines)))
            consistency = 1.0
            while not delims and consistency >= 0.9:
                for letter, (count, lines_with) in modes.items():
                    if count > 0 and lines_with > 0 and lines_with / total >= consistency:
                        if delimiters is None or letter in delimiters:
                            delims[letter] = count, lines_with
                consistency -= 0.01
            if len(delims) == 1:
                delim = list(delims)[0]
                return delim, lines[0].count(delim) == lines[0].count(f'{delim} ')
            start = end
            end += size
        if not delims:
            return '', 0
        for delim in self.preferred:
            if delim in delims:
                return delim, lines[0].count(delim) == lines[0].count(f'{delim} ')
        best = max([(value, letter) for letter, value in delims.items()])[1]
        return best, lines[0].count(best) == lines[0].count(f'{best} ')

    def has_header(self, sample):
        import io
        rows = reader(io.StringIO(sample), self.sniff(sample))
        header = next(rows)
        kinds = dict.fromkeys(range(len(header)))
        for checked, row in enumerate(rows):
            if checked > 20:
                break
            if len(row) != len(header):
                continue
            for column in list(kinds):
                kind = complex
                try:
                    kind(row[column])
                except (ValueError, OverflowError):
                    kind = len(row[column])
                if kind != kinds[column]:
                    if kinds[column] is None:
                        kinds[column] = kind
                    else:
                        del kinds[column]
        votes = 0
        for column, kind in kinds.items():
            if isinstance(kind, int):
                votes += 1 if len(header[column]) != kind else -1
            else:
                try:
                    kind(header[column])
                except (ValueError, TypeError):
                    votes += 1
                else:
                    votes -= 1
        return votes > 0
