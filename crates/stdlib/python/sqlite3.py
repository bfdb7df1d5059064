"""Databases: in memory, and in files below the mounted root. Every statement is an ask.

Missing: functions, aggregates, collations and hooks of the program's own, which SQL would call back; blobs that are
opened, backups, `iterdump`, `serialize`, and the attribute `autocommit`.
"""

import _files

__all__ = ['connect', 'Connection', 'Cursor', 'Row', 'Binary', 'register_adapter', 'register_converter', 'Error',
           'Warning', 'InterfaceError', 'DatabaseError', 'DataError', 'OperationalError', 'IntegrityError',
           'InternalError', 'ProgrammingError', 'NotSupportedError']

paramstyle = 'qmark'
apilevel = '2.0'
threadsafety = 3
version = '2.6.0'
version_info = (2, 6, 0)
PARSE_DECLTYPES, PARSE_COLNAMES = 1, 2
LEGACY_TRANSACTION_CONTROL = -1
SQLITE_OK, SQLITE_DENY, SQLITE_IGNORE = 0, 1, 2
_NAMES = {1: 'SQLITE_ERROR', 2: 'SQLITE_INTERNAL', 3: 'SQLITE_PERM', 4: 'SQLITE_ABORT', 5: 'SQLITE_BUSY',
          6: 'SQLITE_LOCKED', 7: 'SQLITE_NOMEM', 8: 'SQLITE_READONLY', 9: 'SQLITE_INTERRUPT', 10: 'SQLITE_IOERR',
          11: 'SQLITE_CORRUPT', 13: 'SQLITE_FULL', 14: 'SQLITE_CANTOPEN', 18: 'SQLITE_TOOBIG',
          19: 'SQLITE_CONSTRAINT', 20: 'SQLITE_MISMATCH', 21: 'SQLITE_MISUSE', 23: 'SQLITE_AUTH',
          25: 'SQLITE_RANGE', 26: 'SQLITE_NOTADB', 275: 'SQLITE_CONSTRAINT_CHECK',
          787: 'SQLITE_CONSTRAINT_FOREIGNKEY', 1299: 'SQLITE_CONSTRAINT_NOTNULL',
          1555: 'SQLITE_CONSTRAINT_PRIMARYKEY', 1811: 'SQLITE_CONSTRAINT_TRIGGER', 2067: 'SQLITE_CONSTRAINT_UNIQUE',
          2579: 'SQLITE_CONSTRAINT_ROWID', 3091: 'SQLITE_CONSTRAINT_DATATYPE'}


class Warning(Exception):
    __module__ = 'sqlite3'


class Error(Exception):
    __module__ = 'sqlite3'


class InterfaceError(Error):
    __module__ = 'sqlite3'


class DatabaseError(Error):
    __module__ = 'sqlite3'


class DataError(DatabaseError):
    __module__ = 'sqlite3'


class OperationalError(DatabaseError):
    __module__ = 'sqlite3'


class IntegrityError(DatabaseError):
    __module__ = 'sqlite3'


class InternalError(DatabaseError):
    __module__ = 'sqlite3'


class ProgrammingError(DatabaseError):
    __module__ = 'sqlite3'


class NotSupportedError(DatabaseError):
    __module__ = 'sqlite3'


_CLASSES = {cls.__name__: cls for cls in (InterfaceError, DatabaseError, DataError, OperationalError, IntegrityError,
                                          InternalError, ProgrammingError, OverflowError, MemoryError, ValueError)}


def _value(result):
    if 'value' in result:
        return result['value']
    if 'errno' in result:
        raise PermissionError(result['errno'], result['strerror'])
    error = _CLASSES[result['error']](result['message'])
    if 'code' in result:
        error.sqlite_errorcode = result['code']
        error.sqlite_errorname = _NAMES.get(result['code'], _NAMES.get(result['code'] & 255, 'unknown'))
    raise error


# ---- values on their way

_adapters = {}
_converters = {}


class PrepareProtocol:
    pass


def register_adapter(type, adapter, /):
    _adapters[type] = adapter


def register_converter(typename, converter, /):
    _converters[typename.upper()] = converter


def adapt(obj, proto=PrepareProtocol, alt=None, /):
    adapted = _adapted(obj)
    return adapted


def _adapted(value):
    kind = type(value)
    if kind in (int, float, str, bytes, type(None)):
        return value
    if kind in _adapters:
        return _adapters[kind](value)
    conform = getattr(kind, '__conform__', None)
    if conform is not None:
        made = conform(value, PrepareProtocol)
        if made is not None:
            return made
    for plain in (int, float, str):
        if isinstance(value, plain):
            return plain(value) if plain is not str else str.__str__(value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    return value


def _plain(value, place):
    value = _adapted(value)
    if not isinstance(value, (int, float, str, bytes, type(None))):
        raise ProgrammingError(f"Error binding parameter {place}: type '{type(value).__name__}' is not supported")
    if isinstance(value, int) and not -1 << 63 <= value < 1 << 63:
        raise OverflowError('Python int too large to convert to SQLite INTEGER')
    return value




def _parameters(parameters, sql):
    if isinstance(parameters, dict):
        return {name: _plain(value, f"':{name}'") for name, value in parameters.items()}
    if isinstance(parameters, (list, tuple)):
        return [_plain(value, index + 1) for index, value in enumerate(parameters)]
    if hasattr(type(parameters), '__missing__') or hasattr(type(parameters), 'keys'):
        import re
        return {name: _plain(parameters[name], f"':{name}'") for name in re.findall(r'[:@$](\w+)', sql)
                if name in parameters}
    if hasattr(type(parameters), '__getitem__') and hasattr(type(parameters), '__len__'):
        return [_plain(parameters[index], index + 1) for index in range(len(parameters))]
    raise ProgrammingError('parameters are of unsupported type')


def Binary(value):
    return bytes(value)


def _register_dates():
    import datetime
    register_adapter(datetime.date, lambda value: value.isoformat())
    register_adapter(datetime.datetime, lambda value: value.isoformat(' '))

    def date(text):
        return datetime.date(*map(int, text.split(b'-')))

    def timestamp(text):
        day, clock = text.split(b' ')
        clock, _, micros = clock.partition(b'.')
        micros = int('{:0<6.6}'.format(micros.decode())) if micros else 0
        return datetime.datetime(*map(int, day.split(b'-')), *map(int, clock.split(b':')), micros)
    register_converter('date', date)
    register_converter('timestamp', timestamp)


_register_dates()


class Row:
    """A row whose cells have names."""

    __module__ = 'sqlite3'

    def __init__(self, cursor, data, /):
        if not isinstance(cursor, Cursor):
            raise TypeError(f'Row() argument 1 must be sqlite3.Cursor, not {type(cursor).__name__}')
        self._names = [column[0] for column in cursor.description or ()]
        self._data = tuple(data)

    def keys(self):
        return list(self._names)

    def __getitem__(self, key):
        if isinstance(key, str):
            folded = key.lower()
            for index, name in enumerate(self._names):
                if name.lower() == folded:
                    return self._data[index]
            raise IndexError('No item with that key')
        if isinstance(key, slice):
            return self._data[key]
        if isinstance(key, int):
            if not -len(self._data) <= key < len(self._data):
                raise IndexError('tuple index out of range')
            return self._data[key]
        raise IndexError('Index must be int or string')

    def __len__(self):
        return len(self._data)

    def __iter__(self):
        return iter(self._data)

    def __eq__(self, other):
        if not isinstance(other, Row):
            return NotImplemented
        return self._names == other._names and self._data == other._data

    def __hash__(self):
        return hash(tuple(self._names)) ^ hash(self._data)


def connect(database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, factory=None,
            cached_statements=128, uri=False, *, autocommit=LEGACY_TRANSACTION_CONTROL):
    """A connection to a database."""
    return (factory or Connection)(database, timeout, detect_types, isolation_level, check_same_thread, factory,
                                   cached_statements, uri, autocommit=autocommit)


class Connection:
    __module__ = 'sqlite3'
    Warning, Error, InterfaceError, DatabaseError, DataError = Warning, Error, InterfaceError, DatabaseError, DataError
    OperationalError, IntegrityError, InternalError = OperationalError, IntegrityError, InternalError
    ProgrammingError, NotSupportedError = ProgrammingError, NotSupportedError

    def __init__(self, database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, factory=None,
                 cached_statements=128, uri=False, *, autocommit=LEGACY_TRANSACTION_CONTROL):
        if autocommit != LEGACY_TRANSACTION_CONTROL:
            raise NotImplementedError('not supported: sqlite3.connect with autocommit')
        name = _files.text_of(database)
        if uri and name.startswith('file:'):
            name, in_memory = _from_uri(name)
        else:
            in_memory = name in (':memory:', '')
        self._tools = 'memory' if in_memory else 'sql'
        arguments = {} if in_memory else {'path': _files.absolute(name)}
        self._number = _value(_files.answer(f'{self._tools}.open', arguments))
        self.isolation_level = isolation_level
        self.row_factory = None
        self.text_factory = str
        self.total_changes = 0
        self._in_transaction = False
        self._detect_types = detect_types

    @property
    def isolation_level(self):
        return self._isolation_level

    @isolation_level.setter
    def isolation_level(self, level):
        if level is not None and not isinstance(level, str):
            raise TypeError('isolation_level must be str or None')
        if level is not None and level.upper() not in ('', 'DEFERRED', 'IMMEDIATE', 'EXCLUSIVE'):
            raise ValueError("isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")
        self._isolation_level = level
        if level is None and getattr(self, '_in_transaction', False):
            self.commit()

    @property
    def in_transaction(self):
        self._check()
        return self._in_transaction

    def _check(self):
        if self._number is None:
            raise ProgrammingError('Cannot operate on a closed database.')

    def _run(self, sql, **arguments):
        self._check()
        if not isinstance(sql, str):
            raise TypeError(f'execute() argument 1 must be str, not {type(sql).__name__}')
        if '\0' in sql:
            raise ProgrammingError('the query contains a null character')
        result = _value(_files.answer(f'{self._tools}.execute', {'connection': self._number, 'sql': sql, **arguments}))
        self._in_transaction = result['in_transaction']
        self.total_changes += result['changes']
        return result

    def cursor(self, factory=None):
        self._check()
        cursor = (factory or Cursor)(self)
        if not isinstance(cursor, Cursor):
            raise TypeError(f'factory must return a cursor, not {type(cursor).__name__}')
        if self.row_factory is not None:
            cursor.row_factory = self.row_factory
        return cursor

    def execute(self, sql, parameters=(), /):
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql, parameters, /):
        return self.cursor().executemany(sql, parameters)

    def executescript(self, sql_script, /):
        return self.cursor().executescript(sql_script)

    def commit(self):
        self._check()
        if self._in_transaction:
            self._run('COMMIT')

    def rollback(self):
        self._check()
        if self._in_transaction:
            self._run('ROLLBACK')

    def close(self):
        if self._number is not None:
            _value(_files.answer(f'{self._tools}.close', {'connection': self._number}))
            self._number = None

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, error, trace):
        if kind is None and error is None and trace is None:
            self.commit()
        else:
            self.rollback()
        return False

    def __call__(self, sql, /):
        raise NotImplementedError('not supported: calling a sqlite3.Connection')

    def interrupt(self):
        self._check()

    def set_progress_handler(self, progress_handler, n):
        raise NotImplementedError('not supported: sqlite3.Connection.set_progress_handler')

    def __getattr__(self, name):
        if name in ('create_function', 'create_aggregate', 'create_window_function', 'create_collation', 'backup',
                    'set_authorizer', 'set_trace_callback', 'enable_load_extension', 'load_extension', 'iterdump',
                    'blobopen', 'serialize', 'deserialize', 'getlimit', 'setlimit', 'getconfig', 'setconfig',
                    'autocommit'):
            raise NotImplementedError(f'not supported: sqlite3.Connection.{name}')
        raise AttributeError(f"'sqlite3.Connection' object has no attribute {name!r}")


def _from_uri(text):
    from urllib.parse import unquote
    path, _, query = text[5:].partition('?')
    options = dict([part.split('=', 1) for part in query.split('&') if '=' in part])
    if options.get('mode') == 'memory' or path == ':memory:':
        if options.get('cache') == 'shared':
            raise NotImplementedError('not supported: shared databases in memory')
        return '', True
    return unquote(path), False


class Cursor:
    __module__ = 'sqlite3'

    def __init__(self, connection, /):
        if not isinstance(connection, Connection):
            raise TypeError(f'Cursor() argument 1 must be sqlite3.Connection, not {type(connection).__name__}')
        self.connection = connection
        self.description = None
        self.rowcount = -1
        self.lastrowid = None
        self.arraysize = 1
        self.row_factory = None
        self._rows = iter(())
        self._closed = False

    def _check(self):
        if self._closed:
            raise ProgrammingError('Cannot operate on a closed cursor.')
        self.connection._check()

    def _begin(self):
        level = self.connection._isolation_level
        return None if level is None else f'BEGIN {level}'.strip()

    def execute(self, sql, parameters=(), /):
        self._check()
        self._rows = iter(())
        begin = self._begin()
        arguments = {'begin': begin} if begin is not None else {}
        given = _parameters(parameters, sql)
        result = self.connection._run(sql, parameters=given, **arguments)
        self.lastrowid = result['lastrowid']
        self._take(result)
        return self

    def executemany(self, sql, seq_of_parameters, /):
        self._check()
        begin = self._begin()
        arguments = {'begin': begin} if begin is not None else {}
        many = [_parameters(parameters, sql) for parameters in seq_of_parameters]
        result = self.connection._run(sql, many=many, **arguments)
        self._take(result)
        self._rows = iter(())
        self.description = None
        return self

    def executescript(self, sql_script, /):
        self._check()
        self.connection._run(sql_script, script=True)
        return self

    def _take(self, result):
        self.rowcount = result.get('rowcount', -1)
        columns = result.get('columns')
        if columns is None:
            self.description = None
            self._rows = iter(())
            return
        detect = self.connection._detect_types
        names = [name.split('[')[0].rstrip() if detect & PARSE_COLNAMES else name for name, _ in columns]
        self.description = tuple([(name, None, None, None, None, None, None) for name in names])
        self._converters = [self._converter(name, declared, detect) for name, declared in columns]
        self._rows = iter(result['rows'])

    def _converter(self, name, declared, detect):
        if detect & PARSE_COLNAMES and '[' in name:
            found = _converters.get(name.split('[', 1)[1].split(']')[0].upper())
            if found:
                return found
        if detect & PARSE_DECLTYPES and declared:
            return _converters.get(declared.split('(')[0].split(' ')[0].upper())
        return None

    def _cell(self, cell, converter):
        if converter is not None and cell is not None:
            return converter(cell if isinstance(cell, bytes) else str(cell).encode('utf-8'))
        if isinstance(cell, str) and self.connection.text_factory is not str:
            return self.connection.text_factory(cell.encode('utf-8'))
        return cell

    def __iter__(self):
        return self

    def __next__(self):
        self._check()
        row = next(self._rows)
        row = tuple([self._cell(cell, converter) for cell, converter in zip(row, self._converters)])
        return row if self.row_factory is None else self.row_factory(self, row)

    def fetchone(self):
        self._check()
        return next(self, None)

    def fetchmany(self, size=None):
        self._check()
        rows = []
        for _ in range(self.arraysize if size is None else size):
            row = next(self, self)
            if row is self:
                break
            rows.append(row)
        return rows

    def fetchall(self):
        self._check()
        return list(self)

    def close(self):
        self._closed = True
        self._rows = iter(())

    def setinputsizes(self, sizes, /):
        pass

    def setoutputsize(self, size, column=None, /):
        pass


def complete_statement(statement):
    return statement.rstrip().endswith(';')


def enable_callback_tracebacks(enable, /):
    pass


def __getattr__(name):
    if name == 'sqlite_version':
        return connect(':memory:').execute('select sqlite_version()').fetchone()[0]
    if name == 'sqlite_version_info':
        return tuple([int(part) for part in __getattr__('sqlite_version').split('.')])
    if name == 'Blob':
        raise NotImplementedError('not supported: sqlite3.Blob')
    raise AttributeError(f"module 'sqlite3' has no attribute {name!r}")
