"""Values as bytes, and back. What is unpickled runs in the machine like any other code of the program, and can name
only what the library and the program have.

Bytes are those of CPython for built-in values and for instances of the program's own classes; of objects of the
library's classes they can be other ones. Missing: persistent ids in protocol 0, out-of-band buffers.
"""

import io as _io
import struct as _struct
import sys as _sys
from copyreg import dispatch_table as _dispatch_table

__all__ = ['PickleError', 'PicklingError', 'UnpicklingError', 'Pickler', 'Unpickler', 'dump', 'dumps', 'load', 'loads',
           'HIGHEST_PROTOCOL', 'DEFAULT_PROTOCOL']

format_version = '4.0'
compatible_formats = ['1.0', '1.1', '1.2', '1.3', '2.0', '3.0', '4.0', '5.0']
HIGHEST_PROTOCOL = 5
DEFAULT_PROTOCOL = 4
_FRAME_MIN, _FRAME_TARGET = 4, 64 * 1024
_BATCH = 1000


class PickleError(Exception):
    __module__ = '_pickle'


class PicklingError(PickleError):
    __module__ = '_pickle'


class UnpicklingError(PickleError):
    __module__ = '_pickle'


class _Writer:
    """Bytes in frames, as protocol 4 has them."""

    def __init__(self, write):
        self.write_out = write
        self.framed = False
        self.parts = []
        self.size = 0

    def write(self, data):
        self.parts.append(data)
        self.size += len(data)

    def between(self):
        if self.framed and self.size >= _FRAME_TARGET:
            self.flush()

    def flush(self):
        data = b''.join(self.parts)
        self.parts, self.size = [], 0
        if self.framed and len(data) >= _FRAME_MIN:
            self.write_out(b'\x95' + len(data).to_bytes(8, 'little'))
        if data:
            self.write_out(data)

    def large(self, header, payload):
        """A payload that stands outside of frames."""
        if not self.framed or len(payload) < _FRAME_TARGET:
            self.write(header)
            self.write(payload)
            return
        self.flush()
        self.write_out(header)
        self.write_out(payload)


class Pickler:
    """Writes values to a stream of bytes."""

    def __init__(self, file, protocol=None, *, fix_imports=True, buffer_callback=None):
        protocol = DEFAULT_PROTOCOL if protocol is None else protocol
        if protocol < 0:
            protocol = HIGHEST_PROTOCOL
        elif protocol > HIGHEST_PROTOCOL:
            raise ValueError(f'pickle protocol must be <= {HIGHEST_PROTOCOL}')
        if buffer_callback is not None:
            raise NotImplementedError('not supported: pickle with buffers out of band')
        try:
            self._write_file = file.write
        except AttributeError:
            raise TypeError("file must have a 'write' attribute") from None
        self.proto = protocol
        self.bin = protocol >= 1
        self.fast = 0
        self.memo = {}

    def clear_memo(self):
        self.memo.clear()

    def persistent_id(self, obj):
        return None

    def dump(self, obj):
        if not hasattr(self, 'memo'):
            raise PicklingError(f'Pickler.__init__() was not called by {type(self).__name__}.__init__()')
        self._out = _Writer(self._write_file)
        if self.proto >= 2:
            self._out.write(b'\x80' + bytes([self.proto]))
            self._out.flush()
        self._out.framed = self.proto >= 4
        self._write = self._out.write
        self.save(obj)
        self._write(b'.')
        self._out.flush()

    def memoize(self, obj):
        if self.fast:
            return
        number = len(self.memo)
        if self.proto >= 4:
            self._write(b'\x94')
        elif not self.bin:
            self._write(b'p%d\n' % number)
        else:
            self._write(b'q' + bytes([number]) if number < 256 else b'r' + number.to_bytes(4, 'little'))
        # The object lives as long as its number means it.
        self.memo[id(obj)] = number, obj

    def _get(self, number):
        if not self.bin:
            return b'g%d\n' % number
        return b'h' + bytes([number]) if number < 256 else b'j' + number.to_bytes(4, 'little')

    def save(self, obj, save_persistent_id=True):
        self._out.between()
        if save_persistent_id:
            pid = self.persistent_id(obj)
            if pid is not None:
                if not self.bin:
                    self._write(b'P' + str(pid).encode('ascii') + b'\n')
                else:
                    self.save(pid, False)
                    self._write(b'Q')
                return
        known = self.memo.get(id(obj))
        if known is not None:
            self._write(self._get(known[0]))
            return
        cls = type(obj)
        reduce = getattr(self, 'reducer_override', None)
        if reduce is not None:
            made = reduce(obj)
            if made is not NotImplemented:
                self._save_reduced(obj, made)
                return
        save = _SAVE.get(cls)
        if save is not None:
            save(self, obj)
            return
        table = getattr(self, 'dispatch_table', _dispatch_table)
        if cls in table:
            made = table[cls](obj)
        elif issubclass(cls, type):
            self._save_global(obj)
            return
        else:
            made = _reduced(obj, cls, self.proto)
        self._save_reduced(obj, made)

    def _save_reduced(self, obj, made):
        if isinstance(made, str):
            self._save_global(obj, made)
            return
        if not isinstance(made, tuple):
            raise PicklingError('__reduce__ must return a string or tuple')
        if not 2 <= len(made) <= 6:
            raise PicklingError('tuple returned by __reduce__ must contain 2 through 6 elements')
        self._save_reduce(obj, *made)

    def _save_reduce(self, obj, func, args, state=None, items=None, pairs=None, state_setter=None):
        if not isinstance(args, tuple):
            raise PicklingError('second item of the tuple returned by __reduce__ must be a tuple')
        if not callable(func):
            raise PicklingError('first item of the tuple returned by __reduce__ must be callable')
        name = getattr(func, '__name__', '')
        if self.proto >= 2 and name == '__newobj_ex__':
            cls, args, kwargs = args
            if self.proto >= 4:
                self.save(cls)
                self.save(args)
                self.save(kwargs)
                self._write(b'\x92')
            else:
                from functools import partial
                self.save(partial(cls.__new__, cls, *args, **kwargs))
                self.save(())
                self._write(b'R')
        elif self.proto >= 2 and name == '__newobj__':
            cls = args[0]
            if obj is not None and cls is not obj.__class__:
                raise PicklingError('args[0] from __newobj__ args has the wrong class')
            self.save(cls)
            self.save(args[1:])
            self._write(b'\x81')
        else:
            self.save(func)
            self.save(args)
            self._write(b'R')
        if obj is not None:
            if id(obj) in self.memo:
                self._write((b'0') + self._get(self.memo[id(obj)][0]))
            else:
                self.memoize(obj)
        if items is not None:
            self._append_all(items)
        if pairs is not None:
            self._set_all(pairs)
        if state is not None:
            if state_setter is None:
                self.save(state)
                self._write(b'b')
            else:
                self.save(state_setter)
                self.save(obj)
                self.save(state)
                self._write(b'\x86R0')

    # ---- plain values

    def _save_none(self, obj):
        self._write(b'N')

    def _save_bool(self, obj):
        if self.proto >= 2:
            self._write(b'\x88' if obj else b'\x89')
        else:
            self._write(b'I01\n' if obj else b'I00\n')

    def _save_int(self, obj):
        if self.bin:
            if 0 <= obj < 256:
                self._write(b'K' + bytes([obj]))
                return
            if 0 <= obj < 65536:
                self._write(b'M' + obj.to_bytes(2, 'little'))
                return
            if -0x80000000 <= obj <= 0x7fffffff:
                self._write(b'J' + (obj & 0xffffffff).to_bytes(4, 'little'))
                return
        if self.proto >= 2:
            data = encode_long(obj)
            size = len(data)
            self._write((b'\x8a' + bytes([size]) if size < 256 else b'\x8b' + size.to_bytes(4, 'little')) + data)
        elif -0x80000000 <= obj <= 0x7fffffff:
            self._write(b'I%d\n' % obj)
        else:
            self._write(b'L%dL\n' % obj)

    def _save_float(self, obj):
        if self.bin:
            self._write(b'G' + _struct.pack('>d', obj))
        else:
            self._write(b'F' + repr(obj).encode('ascii') + b'\n')

    def _save_bytes(self, obj):
        if self.proto < 3:
            if not obj:
                self._save_reduce(obj, bytes, ())
            else:
                import _codecs
                self._save_reduce(obj, _codecs.encode, (obj.decode('latin-1'), 'latin1'))
            return
        size = len(obj)
        if size < 256:
            self._write(b'C' + bytes([size]) + obj)
        elif size > 0xffffffff and self.proto >= 4:
            self._out.large(b'\x8e' + size.to_bytes(8, 'little'), obj)
        else:
            self._out.large(b'B' + size.to_bytes(4, 'little'), obj)
        self.memoize(obj)

    def _save_bytearray(self, obj):
        if self.proto < 5:
            self._save_reduce(obj, bytearray, (bytes(obj),) if obj else ())
            return
        self._out.large(b'\x96' + len(obj).to_bytes(8, 'little'), bytes(obj))
        self.memoize(obj)

    def _save_str(self, obj):
        if self.bin:
            data = obj.encode('utf-8')
            size = len(data)
            if size < 256 and self.proto >= 4:
                self._write(b'\x8c' + bytes([size]) + data)
            else:
                self._out.large(b'X' + size.to_bytes(4, 'little'), data)
        else:
            text = obj.replace('\\', '\\u005c').replace('\0', '\\u0000').replace('\n', '\\u000a')
            text = text.replace('\r', '\\u000d').replace('\x1a', '\\u001a')
            self._write(b'V' + ''.join([letter if ord(letter) < 256 else f'\\u{ord(letter):04x}'
                                        if ord(letter) < 65536 else f'\\U{ord(letter):08x}'
                                        for letter in text]).encode('latin-1') + b'\n')
        self.memoize(obj)

    def _save_tuple(self, obj):
        if not obj:
            self._write(b')' if self.bin else b'(t')
            return
        size = len(obj)
        short = size <= 3 and self.proto >= 2
        if not short:
            self._write(b'(')
        for item in obj:
            self.save(item)
        if id(obj) in self.memo:
            # It holds itself, and is known by now.
            get = self._get(self.memo[id(obj)][0])
            self._write(b'0' * size + get if short else (b'1' if self.bin else b'0' * (size + 1)) + get)
            return
        self._write((b'', b'\x85', b'\x86', b'\x87')[size] if short else b't')
        self.memoize(obj)

    def _save_list(self, obj):
        self._write(b']' if self.bin else b'(l')
        self.memoize(obj)
        self._append_all(obj)

    def _append_all(self, items):
        if not self.bin:
            for item in items:
                self.save(item)
                self._write(b'a')
            return
        for batch in _batches(items):
            if len(batch) > 1:
                self._write(b'(')
            for item in batch:
                self.save(item)
            self._write(b'e' if len(batch) > 1 else b'a')

    def _save_dict(self, obj):
        self._write(b'}' if self.bin else b'(d')
        self.memoize(obj)
        self._set_all(obj.items())

    def _set_all(self, pairs):
        if not self.bin:
            for key, value in pairs:
                self.save(key)
                self.save(value)
                self._write(b's')
            return
        for batch in _batches(pairs):
            if len(batch) > 1:
                self._write(b'(')
            for key, value in batch:
                self.save(key)
                self.save(value)
            self._write(b'u' if len(batch) > 1 else b's')

    def _save_set(self, obj):
        if self.proto < 4:
            self._save_reduce(obj, set, (list(obj),))
            return
        self._write(b'\x8f')
        self.memoize(obj)
        for batch in _batches(obj):
            self._write(b'(')
            for item in batch:
                self.save(item)
            self._write(b'\x90')

    def _save_frozenset(self, obj):
        if self.proto < 4:
            self._save_reduce(obj, frozenset, (list(obj),))
            return
        self._write(b'(')
        for item in obj:
            self.save(item)
        if id(obj) in self.memo:
            self._write(b'1' + self._get(self.memo[id(obj)][0]))
            return
        self._write(b'\x91')
        self.memoize(obj)

    def _save_function(self, obj):
        self._save_global(obj)

    def _save_method(self, obj):
        self._save_reduce(obj, getattr, (obj.__self__, obj.__func__.__name__))

    def _save_type(self, obj):
        for special, value in ((type(None), None), (type(NotImplemented), NotImplemented), (type(...), ...)):
            if obj is special:
                self._save_reduce(obj, type, (value,))
                return
        self._save_global(obj)

    def _save_global(self, obj, name=None):
        if name is None:
            name = getattr(obj, '__qualname__', None) or obj.__name__
        module_name = _module_of(obj, name)
        try:
            __import__(module_name)
            found = _walk(_sys.modules[module_name], name)
        except (ImportError, KeyError, AttributeError):
            raise PicklingError(f"Can't pickle {obj!r}: attribute lookup {name} on {module_name} failed"
                                if module_name in _sys.modules and '<locals>' not in name else
                                f"Can't pickle {obj!r}: it's not found as {module_name}.{name}"
                                if '<locals>' not in name else _local(obj, name)) from None
        if found is not obj and found != obj:
            raise PicklingError(f"Can't pickle {obj!r}: it's not the same object as {module_name}.{name}")
        if self.proto >= 4:
            self.save(module_name)
            self.save(name)
            self._write(b'\x93')
        elif '.' in name:
            parent, _, last = name.rpartition('.')
            self._save_reduce(obj, getattr, (_walk(_sys.modules[module_name], parent), last))
            return
        else:
            if self.proto < 3:
                module_name, name = _OLD_NAMES.get((module_name, name), (_OLD_MODULES.get(module_name, module_name), name))
            self._write(b'c' + module_name.encode('utf-8') + b'\n' + name.encode('utf-8') + b'\n')
        self.memoize(obj)


# Protocols below 3 name things as Python 2 did.
_OLD_MODULES = {'builtins': '__builtin__', 'copyreg': 'copy_reg', 'queue': 'Queue'}
_OLD_NAMES = {('builtins', 'range'): ('__builtin__', 'xrange'), ('functools', 'reduce'): ('__builtin__', 'reduce'),
              ('builtins', 'str'): ('__builtin__', 'unicode'), ('builtins', 'int'): ('__builtin__', 'long'),
              ('builtins', 'chr'): ('__builtin__', 'unichr'), ('itertools', 'zip'): ('itertools', 'izip')}
_NEW_MODULES = {old: new for new, old in _OLD_MODULES.items()}
_NEW_NAMES = {old: new for new, old in _OLD_NAMES.items()}


def _local(obj, name):
    return f"Can't pickle local object {name!r}" if not isinstance(obj, type) else f"Can't pickle local object {name!r}"


def _batches(items):
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _module_of(obj, name):
    module = getattr(obj, '__module__', None)
    if module is not None:
        return module if isinstance(module, str) else 'builtins'
    for module_name, module in list(_sys.modules.items()):
        if module_name == '__main__' or module is None:
            continue
        try:
            if _walk(module, name) is obj:
                return module_name
        except AttributeError:
            pass
    return '__main__'


def _walk(obj, name):
    for part in name.split('.'):
        if part == '<locals>':
            raise AttributeError(f"Can't get local attribute {name!r} on {obj!r}")
        obj = getattr(obj, part)
    return obj


def whichmodule(obj, name):
    return _module_of(obj, name)


_PLAIN = (int, float, complex, str, bytes, tuple, frozenset, set, bytearray)


def _reduced(obj, cls, proto):
    """What `__reduce_ex__` says, or what `object` would say."""
    method = getattr(cls, '__reduce_ex__', None)
    if method is not None and method is not getattr(object, '__reduce_ex__', None):
        return method(obj, proto)
    method = getattr(cls, '__reduce__', None)
    if method is not None and method is not getattr(object, '__reduce__', None):
        return method(obj)
    return _reduced_by_object(obj, cls, proto)


def _reduced_by_object(obj, cls, proto):
    """What `object.__reduce_ex__` says."""
    special = _REDUCE.get(cls)
    if special is not None:
        return special(obj)
    if cls.__name__ in _CANNOT or type(obj) is type(_sys):
        raise TypeError(f"cannot pickle {cls.__name__!r} object")
    if isinstance(obj, BaseException):
        import copyreg
        state, args = _state(obj, cls), copyreg._exception_args(obj)
        return (cls, args) if state is None else (cls, args, state)
    if _deque is not None and isinstance(obj, _deque):
        arguments = ((), obj.maxlen) if obj.maxlen is not None else ()
        return cls, arguments, _state(obj, cls), iter(obj)
    if isinstance(obj, (set, frozenset)) and not hasattr(cls, '__getnewargs_ex__'):
        return cls, (list(obj),), _state(obj, cls)
    if isinstance(obj, bytearray):
        return cls, (bytes(obj),), _state(obj, cls)
    import copyreg
    if hasattr(cls, '__getnewargs_ex__'):
        args, kwargs = obj.__getnewargs_ex__()
        if kwargs:
            return copyreg.__newobj_ex__, (cls, args, kwargs), _state(obj, cls), _items(obj), _pairs(obj)
    elif hasattr(cls, '__getnewargs__'):
        args = obj.__getnewargs__()
        if not isinstance(args, tuple):
            raise TypeError(f"__getnewargs__ should return a tuple, not {type(args).__name__!r}")
    else:
        args = ()
        for base in _PLAIN:
            if isinstance(obj, base):
                args = (base(obj),) if base is not tuple else (tuple(obj),)
                break
    if proto < 2:
        if cls.__getstate__ is object.__getstate__ and getattr(obj, '__slots__', None):
            raise TypeError('a class that defines __slots__ without defining __getstate__ cannot be pickled')
        state = _state(obj, cls)
        made = (cls, object, None)
        for base in (*_PLAIN, list, dict):
            if isinstance(obj, base):
                made = (cls, base, base(obj))
                break
        return (copyreg._reconstructor, made, state) if state else (copyreg._reconstructor, made)
    return copyreg.__newobj__, (cls, *args), _state(obj, cls), _items(obj), _pairs(obj)


_CANNOT = {'generator', 'coroutine', 'async_generator', 'module', 'lock', 'RLock', 'TextIOWrapper', 'BufferedReader',
           'BufferedWriter', 'BufferedRandom', 'FileIO', 'Connection', 'Cursor', 'traceback', 'frame', 'dict_keys',
           'dict_values', 'dict_items', 'cell', 'memoryview'}
try:
    from _collections import deque as _deque
except ImportError:
    _deque = None


def _state(obj, cls):
    method = getattr(cls, '__getstate__', None)
    if method is not None and method is not getattr(object, '__getstate__', None):
        return method(obj)
    return _own_state(obj, cls)


def _own_state(obj, cls):
    """What `object.__getstate__` says."""
    state = getattr(obj, '__dict__', None) or None
    slots = {}
    for base in cls.__mro__:
        names = base.__dict__.get('__slots__', ())
        for name in (names,) if isinstance(names, str) else names:
            if name in ('__dict__', '__weakref__'):
                continue
            if name.startswith('__') and not name.endswith('__'):
                name = f'_{base.__name__.lstrip("_")}{name}'
            if hasattr(obj, name):
                slots[name] = getattr(obj, name)
    return (state, slots) if slots else state


def _items(obj):
    return iter(obj) if isinstance(obj, list) else None


def _pairs(obj):
    return iter(obj.items()) if isinstance(obj, dict) else None


class _Holder:
    def method(self):
        pass


_REDUCE = {
    complex: lambda obj: (complex, (obj.real, obj.imag)),
    range: lambda obj: (range, (obj.start, obj.stop, obj.step)),
    slice: lambda obj: (slice, (obj.start, obj.stop, obj.step)),
    type(...): lambda obj: 'Ellipsis',
    type(NotImplemented): lambda obj: 'NotImplemented',
    property: lambda obj: (property, (obj.fget, obj.fset, obj.fdel, obj.__doc__)),
}
_SAVE = {
    type(None): Pickler._save_none, bool: Pickler._save_bool, int: Pickler._save_int, float: Pickler._save_float,
    bytes: Pickler._save_bytes, bytearray: Pickler._save_bytearray, str: Pickler._save_str,
    tuple: Pickler._save_tuple, list: Pickler._save_list, dict: Pickler._save_dict, set: Pickler._save_set,
    frozenset: Pickler._save_frozenset, type: Pickler._save_type, type(lambda: None): Pickler._save_function,
    type(len): Pickler._save_function, type(_Holder().method): Pickler._save_method,
}


def encode_long(x):
    if x == 0:
        return b''
    size = (x.bit_length() >> 3) + 1
    data = x.to_bytes(size, 'little', signed=True)
    if x < 0 and size > 1 and data[-1] == 0xff and data[-2] & 0x80:
        data = data[:-1]
    return data


def decode_long(data):
    return int.from_bytes(data, 'little', signed=True)


# ---- reading

class _Stop(Exception):
    pass


class Unpickler:
    """Reads values from a stream of bytes."""

    def __init__(self, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=None):
        self._file_read = file.read
        self._file_readline = getattr(file, 'readline', None)
        if self._file_readline is None:
            raise TypeError("file must have 'read' and 'readline' attributes")
        self.encoding, self.errors, self.fix_imports = encoding, errors, fix_imports
        self.memo = {}
        self.proto = 0

    def persistent_load(self, pid):
        raise UnpicklingError('unsupported persistent id encountered')

    def find_class(self, module, name):
        if self.proto < 3 and self.fix_imports:
            module, name = _NEW_NAMES.get((module, name), (_NEW_MODULES.get(module, module), name))
        __import__(module)
        if self.proto >= 4:
            return _walk(_sys.modules[module], name)
        return getattr(_sys.modules[module], name)

    def _read(self, size):
        data = self._file_read(size)
        if len(data) < size:
            raise UnpicklingError('pickle data was truncated')
        return data

    def _line(self):
        line = self._file_readline()
        if not line.endswith(b'\n'):
            raise UnpicklingError('pickle data was truncated')
        return line[:-1]

    def _number(self, size):
        return int.from_bytes(self._read(size), 'little')

    def load(self):
        if not hasattr(self, '_file_read'):
            raise UnpicklingError(f'Unpickler.__init__() was not called by {type(self).__name__}.__init__()')
        self.stack, self.marks = [], []
        while True:
            code = self._file_read(1)
            if not code:
                raise EOFError('Ran out of input')
            operation = _LOAD.get(code)
            if operation is None:
                raise UnpicklingError(f"invalid load key, '{_shown_key(code)}'.")
            try:
                operation(self)
            except _Stop as stop:
                return stop.args[0]
            except IndexError:
                raise UnpicklingError('unpickling stack underflow') from None

    def _push(self, value):
        self.stack.append(value)

    def _pop_mark(self):
        items = self.stack
        if not self.marks:
            raise UnpicklingError('could not find MARK')
        self.stack = self.marks.pop()
        return items

    def _memo_get(self, number):
        try:
            self._push(self.memo[number])
        except KeyError:
            raise UnpicklingError(f'Memo value not found at index {number}') from None

    def _text(self, data):
        return data if self.encoding == 'bytes' else data.decode(self.encoding, self.errors)

    def _proto(self):
        self.proto = self._number(1)
        if self.proto > HIGHEST_PROTOCOL:
            raise ValueError(f'unsupported pickle protocol: {self.proto}')

    def _stop(self):
        raise _Stop(self.stack.pop())

    def _mark(self):
        self.marks.append(self.stack)
        self.stack = []

    def _int(self):
        line = self._line()
        self._push(line == b'01' if line in (b'00', b'01') else int(line, 0))

    def _long(self):
        self._push(int(self._line().removesuffix(b'L'), 0))

    def _float(self):
        self._push(float(self._line()))

    def _string(self):
        line = self._line()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b'"', b"'"):
            raise UnpicklingError('the STRING opcode argument must be quoted')
        import ast
        data = ast.literal_eval('b' + line.decode('latin-1'))
        self._push(self._text(data))

    def _unicode(self):
        import re
        text = self._line().decode('latin-1')
        self._push(re.sub(r'\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})', lambda m: chr(int(m[1] or m[2], 16)), text))

    def _global(self):
        module, name = self._line().decode('utf-8'), self._line().decode('utf-8')
        self._push(self.find_class(module, name))

    def _stack_global(self):
        name, module = self.stack.pop(), self.stack.pop()
        if type(name) is not str or type(module) is not str:
            raise UnpicklingError('STACK_GLOBAL requires str')
        self._push(self.find_class(module, name))

    def _reduce(self):
        args = self.stack.pop()
        self.stack[-1] = self.stack[-1](*args)

    def _newobj(self):
        args, cls = self.stack.pop(), self.stack.pop()
        self._push(cls.__new__(cls, *args))

    def _newobj_ex(self):
        kwargs, args, cls = self.stack.pop(), self.stack.pop(), self.stack.pop()
        self._push(cls.__new__(cls, *args, **kwargs))

    def _instance(self):
        module, name = self._line().decode('ascii'), self._line().decode('ascii')
        args = self._pop_mark()
        self._push(self.find_class(module, name)(*args))

    def _object(self):
        items = self._pop_mark()
        self._push(items[0](*items[1:]))

    def _build(self):
        state = self.stack.pop()
        obj = self.stack[-1]
        if hasattr(obj, '__setstate__'):
            obj.__setstate__(state)
            return
        slots = None
        if isinstance(state, tuple) and len(state) == 2:
            state, slots = state
        if state:
            obj.__dict__.update(state)
        if slots:
            for name, value in slots.items():
                setattr(obj, name, value)

    def _append(self):
        item = self.stack.pop()
        self.stack[-1].append(item)

    def _appends(self):
        items = self._pop_mark()
        target = self.stack[-1]
        if hasattr(target, 'extend'):
            target.extend(items)
        else:
            for item in items:
                target.append(item)

    def _setitem(self):
        value, key = self.stack.pop(), self.stack.pop()
        self.stack[-1][key] = value

    def _setitems(self):
        items = self._pop_mark()
        target = self.stack[-1]
        for at in range(0, len(items), 2):
            target[items[at]] = items[at + 1]

    def _additems(self):
        items = self._pop_mark()
        self.stack[-1].update(items) if isinstance(self.stack[-1], set) else [self.stack[-1].add(i) for i in items]

    def _tuple(self, size):
        items = tuple(self.stack[len(self.stack) - size:])
        if len(items) < size:
            raise IndexError
        del self.stack[len(self.stack) - size:]
        self._push(items)

    def _put(self, number):
        self.memo[number] = self.stack[-1]

    def _pop(self):
        if self.stack:
            self.stack.pop()
        else:
            self._pop_mark()

    def _pers_line(self):
        self._push(self.persistent_load(self._line().decode('ascii')))

    def _dict_of(self, items):
        self._push({items[at]: items[at + 1] for at in range(0, len(items), 2)})

    def _signed(self):
        number = self._number(4)
        self._push(number - (number >> 31 << 32))


def _shown_key(code):
    return code.decode('latin-1') if 32 <= code[0] < 127 else f'\\x{code[0]:02x}'


def _refuse_buffers(reader):
    raise UnpicklingError('pickle stream refers to out-of-band data but no *buffers* argument was given')


_LOAD = {
    b'\x80': Unpickler._proto, b'\x95': lambda u: u._read(8), b'.': Unpickler._stop, b'(': Unpickler._mark,
    b'N': lambda u: u._push(None), b'\x88': lambda u: u._push(True), b'\x89': lambda u: u._push(False),
    b'I': Unpickler._int, b'L': Unpickler._long, b'F': Unpickler._float, b'S': Unpickler._string,
    b'V': Unpickler._unicode, b'K': lambda u: u._push(u._number(1)), b'M': lambda u: u._push(u._number(2)),
    b'J': Unpickler._signed, b'\x8a': lambda u: u._push(decode_long(u._read(u._number(1)))),
    b'\x8b': lambda u: u._push(decode_long(u._read(u._number(4)))),
    b'G': lambda u: u._push(_struct.unpack('>d', u._read(8))[0]),
    b'T': lambda u: u._push(u._text(u._read(u._number(4)))), b'U': lambda u: u._push(u._text(u._read(u._number(1)))),
    b'X': lambda u: u._push(u._read(u._number(4)).decode('utf-8')),
    b'\x8c': lambda u: u._push(u._read(u._number(1)).decode('utf-8')),
    b'\x8d': lambda u: u._push(u._read(u._number(8)).decode('utf-8')),
    b'B': lambda u: u._push(u._read(u._number(4))), b'C': lambda u: u._push(u._read(u._number(1))),
    b'\x8e': lambda u: u._push(u._read(u._number(8))), b'\x96': lambda u: u._push(bytearray(u._read(u._number(8)))),
    b'c': Unpickler._global, b'\x93': Unpickler._stack_global, b'R': Unpickler._reduce, b'\x81': Unpickler._newobj,
    b'\x92': Unpickler._newobj_ex, b'i': Unpickler._instance, b'o': Unpickler._object, b'b': Unpickler._build,
    b']': lambda u: u._push([]), b'}': lambda u: u._push({}), b')': lambda u: u._push(()),
    b'\x8f': lambda u: u._push(set()), b'a': Unpickler._append, b'e': Unpickler._appends, b's': Unpickler._setitem,
    b'u': Unpickler._setitems, b'\x90': Unpickler._additems, b'l': lambda u: u._push(list(u._pop_mark())),
    b'd': lambda u: u._dict_of(u._pop_mark()), b't': lambda u: u._push(tuple(u._pop_mark())),
    b'\x91': lambda u: u._push(frozenset(u._pop_mark())), b'\x85': lambda u: u._tuple(1), b'\x86': lambda u: u._tuple(2),
    b'\x87': lambda u: u._tuple(3), b'p': lambda u: u._put(int(u._line())), b'q': lambda u: u._put(u._number(1)),
    b'r': lambda u: u._put(u._number(4)), b'\x94': lambda u: u._put(len(u.memo)),
    b'g': lambda u: u._memo_get(int(u._line())), b'h': lambda u: u._memo_get(u._number(1)),
    b'j': lambda u: u._memo_get(u._number(4)), b'0': Unpickler._pop, b'1': Unpickler._pop_mark,
    b'2': lambda u: u._push(u.stack[-1]), b'P': Unpickler._pers_line,
    b'Q': lambda u: u._push(u.persistent_load(u.stack.pop())), b'\x97': _refuse_buffers, b'\x98': lambda u: None,
}


def dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None):
    Pickler(file, protocol, fix_imports=fix_imports, buffer_callback=buffer_callback).dump(obj)


def dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None):
    file = _io.BytesIO()
    Pickler(file, protocol, fix_imports=fix_imports, buffer_callback=buffer_callback).dump(obj)
    return file.getvalue()


def load(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=None):
    return Unpickler(file, fix_imports=fix_imports, encoding=encoding, errors=errors).load()


def loads(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=None):
    if isinstance(data, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    return Unpickler(_io.BytesIO(data), fix_imports=fix_imports, encoding=encoding, errors=errors).load()


_Pickler, _Unpickler, _dump, _dumps, _load, _loads = Pickler, Unpickler, dump, dumps, load, loads
