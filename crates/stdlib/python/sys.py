"""What a program may know about its interpreter. Natives are in this module's namespace already."""


class _Record(tuple):
    def __getattr__(self, name):
        try:
            return self[self._names.index(name)]
        except ValueError:
            raise AttributeError(f'{type(self).__qualname__!r} object has no attribute {name!r}') from None

    def __repr__(self):
        parts = ', '.join([f'{name}={value!r}' for name, value in zip(self._names, self)])
        return f'{self._title}({parts})'


class version_info(_Record):
    _title = 'sys.version_info'
    _names = ('major', 'minor', 'micro', 'releaselevel', 'serial')


class float_info(_Record):
    _title = 'sys.float_info'
    _names = ('max', 'max_exp', 'max_10_exp', 'min', 'min_exp', 'min_10_exp', 'dig', 'mant_dig', 'epsilon', 'radix',
              'rounds')


class int_info(_Record):
    _title = 'sys.int_info'
    _names = ('bits_per_digit', 'sizeof_digit', 'default_max_str_digits', 'str_digits_check_threshold')


class flags(_Record):
    _title = 'sys.flags'
    _names = ('debug', 'inspect', 'interactive', 'optimize', 'dont_write_bytecode', 'no_user_site', 'no_site',
              'ignore_environment', 'verbose', 'bytes_warning', 'quiet', 'hash_randomization', 'isolated', 'dev_mode',
              'utf8_mode', 'warn_default_encoding', 'safe_path', 'int_max_str_digits')


class hash_info(_Record):
    _title = 'sys.hash_info'
    _names = ('width', 'modulus', 'inf', 'nan', 'imag', 'algorithm', 'hash_bits', 'seed_bits', 'cutoff')


version_info = version_info((3, 12, 1, 'final', 0))
float_info = float_info((1.7976931348623157e+308, 1024, 308, 2.2250738585072014e-308, -1021, -307, 15, 53,
                         2.220446049250313e-16, 2, 1))
int_info = int_info((30, 4, 4300, 640))
hash_info = hash_info((64, 2305843009213693951, 314159, 0, 1000003, 'siphash13', 64, 128, 0))
version = '3.12.1 (Emulant)'
hexversion = 0x030c01f0
maxsize = 9223372036854775807
maxunicode = 1114111
byteorder = 'little'
platform = 'linux'
executable = ''
path = []
flags = flags((0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, False, 1, 0, True, 4300))
warnoptions = []
# What `atexit` registered; the machine looks whether there is something.
_exits = []
dont_write_bytecode = True
builtin_module_names = ()
ps1 = '>>> '
ps2 = '... '


class implementation:
    name = 'emulant'
    version = version_info
    hexversion = hexversion
    cache_tag = None


class _Output:
    encoding = 'utf-8'
    errors = 'strict'
    closed = False
    newlines = None

    def __init__(self, number, name):
        self._number = number
        self.name = name
        self.mode = 'w'

    def write(self, text):
        return _write(self._number, text)

    def writelines(self, lines):
        for line in lines:
            _write(self._number, line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def fileno(self):
        return self._number

    def readable(self):
        return False

    def writable(self):
        return True

    def seekable(self):
        return False

    def reconfigure(self, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None

    def __repr__(self):
        return f"<_io.TextIOWrapper name={self.name!r} mode='w' encoding='utf-8'>"


class _Input:
    encoding = 'utf-8'
    errors = 'strict'
    closed = False
    name = '<stdin>'
    mode = 'r'

    def readline(self, size=-1):
        try:
            line = _readline()
        except EOFError:
            return ''
        return line if line.endswith('\n') else line + '\n'

    def readlines(self, hint=-1):
        return list(self)

    def read(self, size=-1):
        return ''.join(self)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def isatty(self):
        return False

    def fileno(self):
        return 0

    def readable(self):
        return True

    def writable(self):
        return False

    def __repr__(self):
        return "<_io.TextIOWrapper name='<stdin>' mode='r' encoding='utf-8'>"


stdin = __stdin__ = _Input()
stdout = __stdout__ = _Output(1, '<stdout>')
stderr = __stderr__ = _Output(2, '<stderr>')


def exception():
    return exc_info()[1]


def getdefaultencoding():
    return 'utf-8'


def getfilesystemencoding():
    return 'utf-8'


def getrefcount(object):
    raise NotImplementedError('not supported: sys.getrefcount (objects are not counted here)')


def excepthook(exctype, value, traceback, /):
    """Show an exception as one that nobody caught."""
    from traceback import print_exception
    print_exception(exctype, value, traceback)


__excepthook__ = excepthook


class UnraisableHookArgs(tuple):
    """What `unraisablehook` hears."""

    exc_type = property(lambda self: self[0])
    exc_value = property(lambda self: self[1])
    exc_traceback = property(lambda self: self[2])
    err_msg = property(lambda self: self[3])
    object = property(lambda self: self[4])


def unraisablehook(unraisable, /):
    from traceback import format_exception
    what = unraisable.err_msg or 'Exception ignored in'
    if unraisable.object is not None:
        stderr.write(f'{what}: {unraisable.object!r}\n')
    stderr.write(''.join(format_exception(unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback)))


__unraisablehook__ = unraisablehook


def is_finalizing():
    return False


def gettrace():
    return None


def settrace(function):
    raise NotImplementedError('not supported: sys.settrace')


def _getframe(depth=0, /):
    import _frames
    frames = _frames.live()
    if depth >= len(frames):
        raise ValueError('call stack is not deep enough')
    return frames[max(depth, 0)]


def _getframemodulename(depth=0, /):
    from _emulant import calling_module
    return calling_module(max(depth, 0))


_asyncgen_hooks = (None, None)


class asyncgen_hooks(_Record):
    _title = 'sys.asyncgen_hooks'
    _names = ('firstiter', 'finalizer')


def get_asyncgen_hooks():
    return asyncgen_hooks(_asyncgen_hooks)


def set_asyncgen_hooks(firstiter=Ellipsis, finalizer=Ellipsis):
    global _asyncgen_hooks
    first, last = _asyncgen_hooks
    for hook in (firstiter, finalizer):
        if hook not in (None, Ellipsis) and not callable(hook):
            raise TypeError(f'callable firstiter expected, got {type(hook).__name__}')
    _asyncgen_hooks = (first if firstiter is Ellipsis else firstiter, last if finalizer is Ellipsis else finalizer)


_int_digits_max = 4300


def get_int_max_str_digits():
    return _int_digits_max


def set_int_max_str_digits(maxdigits):
    global _int_digits_max
    if not isinstance(maxdigits, int):
        raise TypeError(f'{type(maxdigits).__name__!r} object cannot be interpreted as an integer')
    if maxdigits and maxdigits < 640:
        raise ValueError('maxdigits must be 0 or larger than 640')
    _int_digits_max = int(maxdigits)
