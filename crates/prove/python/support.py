"""What CPython's own tests expect of `test.support`, for a machine without files, processes and threads.

A decorator or helper for something that is not here skips its test and says what it needs.
"""

import contextlib
import io
import sys
import unittest

verbose = 0
failfast = False
max_memuse = 0
use_resources = ()
PGO = PGO_EXTENDED = False
LOOPBACK_TIMEOUT, INTERNET_TIMEOUT, SHORT_TIMEOUT, LONG_TIMEOUT = 10.0, 60.0, 30.0, 300.0
MS_WINDOWS = is_jython = is_android = is_emscripten = is_wasi = False
has_fork_support = has_subprocess_support = has_socket_support = has_strftime_extensions = False
Py_DEBUG = False
MISSING_C_DOCSTRINGS = True
HAVE_DOCSTRINGS = True
MAX_Py_ssize_t = sys.maxsize
NHASHBITS = sys.hash_info.width
EXCEEDS_RECURSION_LIMIT = 5000
C_RECURSION_LIMIT = 1500
_1M, _1G, _2G, _4G = 1 << 20, 1 << 30, 2 << 30, 4 << 30
REPO_ROOT = STDLIB_DIR = TEST_HOME_DIR = TEST_SUPPORT_DIR = TEST_DATA_DIR = '/nowhere'

# A test that is made for huge sizes runs with this one, as it does where memory is small.
SMALL_SIZE = 5147


class Error(Exception):
    pass


class TestFailed(Error):
    pass


class TestDidNotRun(Error):
    pass


class ResourceDenied(unittest.SkipTest):
    pass


def needs(what):
    """A decorator that skips, whether it is used bare or called first."""
    def decorate(*args, **kwargs):
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return unittest.skip(f'needs {what}')(args[0])
        return unittest.skip(f'needs {what}')
    return decorate


def stopper(what):
    """A function that skips the test that calls it."""
    def stop(*args, **kwargs):
        raise unittest.SkipTest(f'needs {what}')
    return stop


def _same(item):
    return item


# Decorators that change nothing here.
def requires_IEEE_754(item):
    return item


no_tracing = skip_if_pgo_task = requires_docstrings = _same
skip_if_buggy_ucrt_strfptime = suppress_msvcrt_asserts = requires_zlib_plain = _same


def requires_zlib(reason=''):
    return _same


def skip_if_sanitizer(*args, **kwargs):
    return _same


def skip_if_buildbot(reason=None):
    return _same


def check_sanitizer(*, address=False, memory=False, ub=False, thread=False):
    return False


def darwin_malloc_err_warning(test_name):
    return None


def requires_mac_ver(*version):
    return _same


# Decorators and helpers for what is not here.
cpython_only = needs('details of CPython')
refcount_test = needs('reference counts')
bigaddrspacetest = needs('more memory than the limit')
requires_subprocess = needs('a process')
requires_fork = needs('a process')
requires_working_socket = needs('a socket')
requires_specialization = needs('details of CPython')
requires_limited_api = needs('the C API')
requires_gzip = needs('the module gzip')
requires_bz2 = needs('the module bz2')
requires_lzma = needs('the module lzma')
requires_debug_ranges = needs('positions of bytecode')
requires_legacy_unicode_capi = needs('the C API')
run_with_locale = needs('a locale')
run_with_tz = needs('a time zone of the process')
check_sizeof = stopper('sizes of C structures')
calcobjsize = calcvobjsize = lambda fmt: 0
run_in_subinterp = run_in_subinterp_with_config = stopper('a sub-interpreter')
check_free_after_iterating = stopper('reference counts')
findfile = open_urlresource = stopper('a file')
wait_process = reap_children = stopper('a process')
get_recursion_depth = stopper('details of CPython')
collision_stats = stopper('details of CPython')


def get_attribute(obj, name):
    try:
        return getattr(obj, name)
    except AttributeError:
        raise unittest.SkipTest(f'needs the attribute {name!r} of {obj!r}') from None


def is_resource_enabled(resource):
    return False


def requires(resource, msg=None):
    raise ResourceDenied(msg or f'needs the resource {resource}')


def requires_resource(resource):
    return unittest.skip(f'needs the resource {resource}')


def check_impl_detail(**guards):
    """This is no implementation that anybody guards for by name."""
    if not guards:
        return False
    default = not list(guards.values())[0]
    return guards.get(sys.implementation.name, default)


def impl_detail(msg=None, **guards):
    if check_impl_detail(**guards):
        return _same
    return unittest.skip(msg or 'needs details of CPython')


def bigmemtest(size, memuse, dry_run=True):
    def decorate(test):
        if not dry_run:
            return unittest.skip('needs more memory than the limit')(test)

        def wrapper(self):
            return test(self, SMALL_SIZE)
        wrapper.__name__ = test.__name__
        return wrapper
    return decorate


def gc_collect():
    try:
        import gc
    except ImportError:
        return
    try:
        gc.collect()
    except NotImplementedError:
        return


@contextlib.contextmanager
def disable_gc():
    yield


@contextlib.contextmanager
def infinite_recursion(max_depth=100):
    yield


@contextlib.contextmanager
def set_recursion_limit(limit):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextlib.contextmanager
def adjust_int_max_str_digits(max_digits):
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(max_digits)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)


@contextlib.contextmanager
def captured_output(stream_name):
    before = getattr(sys, stream_name)
    setattr(sys, stream_name, io.StringIO())
    try:
        yield getattr(sys, stream_name)
    finally:
        setattr(sys, stream_name, before)


def captured_stdout():
    return captured_output('stdout')


def captured_stderr():
    return captured_output('stderr')


def captured_stdin():
    return captured_output('stdin')


_MISSING = object()


@contextlib.contextmanager
def swap_attr(obj, attr, new_val):
    before = getattr(obj, attr, _MISSING)
    setattr(obj, attr, new_val)
    try:
        yield None if before is _MISSING else before
    finally:
        if before is not _MISSING:
            setattr(obj, attr, before)
        elif hasattr(obj, attr):
            delattr(obj, attr)


@contextlib.contextmanager
def swap_item(obj, item, new_val):
    before = obj[item] if item in obj else _MISSING
    obj[item] = new_val
    try:
        yield None if before is _MISSING else before
    finally:
        if before is not _MISSING:
            obj[item] = before
        elif item in obj:
            del obj[item]


def patch(test_instance, object_to_patch, attr_name, new_value):
    before = getattr(object_to_patch, attr_name)
    local = attr_name in vars(object_to_patch)

    def restore():
        if local:
            setattr(object_to_patch, attr_name, before)
        else:
            delattr(object_to_patch, attr_name)
    test_instance.addCleanup(restore)
    setattr(object_to_patch, attr_name, new_value)


def sortdict(mapping):
    return '{' + ', '.join(['%r: %r' % pair for pair in sorted(mapping.items())]) + '}'


def run_code(code):
    namespace = {}
    exec(code, namespace)
    return namespace


def check_syntax_error(testcase, statement, errtext='', *, lineno=None, offset=None):
    with testcase.assertRaisesRegex(SyntaxError, errtext) as caught:
        compile(statement, '<test string>', 'exec')
    error = caught.exception
    testcase.assertIsNotNone(error.lineno)
    if lineno is not None:
        testcase.assertEqual(error.lineno, lineno)
    testcase.assertIsNotNone(error.offset)
    if offset is not None:
        testcase.assertEqual(error.offset, offset)


def check_disallow_instantiation(testcase, tp, *args, **kwds):
    module, name = tp.__module__, tp.__name__
    qualname = name if module == 'builtins' else f'{module}.{name}'
    testcase.assertRaisesRegex(TypeError, f"cannot create '{qualname}' instances", tp, *args, **kwds)


def check__all__(test_case, module, name_of_module=None, extra=(), not_exported=()):
    name_of_module = name_of_module or (module.__name__,)
    if isinstance(name_of_module, str):
        name_of_module = (name_of_module,)
    expected = set(extra)
    for name in dir(module):
        if name.startswith('_') or name in not_exported:
            continue
        value = getattr(module, name)
        inside = getattr(value, '__module__', None) in name_of_module
        if inside or (not hasattr(value, '__module__') and not isinstance(value, type(sys))):
            expected.add(name)
    test_case.assertCountEqual(module.__all__, expected)


def load_package_tests(pkg_dir, loader, standard_tests, pattern):
    return standard_tests


class catch_unraisable_exception:
    """Keeps what `sys.unraisablehook` hears."""

    def __init__(self):
        self.unraisable = None

    def _hook(self, unraisable):
        self.unraisable = unraisable

    def __enter__(self):
        if not hasattr(sys, 'unraisablehook'):
            raise unittest.SkipTest('needs sys.unraisablehook')
        self._before = sys.unraisablehook
        sys.unraisablehook = self._hook
        return self

    def __exit__(self, *exc_info):
        sys.unraisablehook = self._before
        del self.unraisable


class Matcher:
    """Compares dicts by parts."""

    def matches(self, given, **wanted):
        return all([given.get(key) == value for key, value in wanted.items()])


class SuppressCrashReport:
    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return None


class _AlwaysEqual:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False


class _NeverEqual:
    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    def __hash__(self):
        return 1


class _Largest:
    """Greater than everything but itself."""

    def __eq__(self, other):
        return isinstance(other, _Largest)

    def __lt__(self, other):
        return False

    def __le__(self, other):
        return self == other

    def __gt__(self, other):
        return not self == other

    def __ge__(self, other):
        return True


class _Smallest:
    """Less than everything but itself."""

    def __eq__(self, other):
        return isinstance(other, _Smallest)

    def __lt__(self, other):
        return not self == other

    def __le__(self, other):
        return True

    def __gt__(self, other):
        return False

    def __ge__(self, other):
        return self == other


ALWAYS_EQ, NEVER_EQ, LARGEST, SMALLEST = _AlwaysEqual(), _NeverEqual(), _Largest(), _Smallest()


def maybe_get_event_loop_policy():
    return None


def setswitchinterval(interval):
    return None


def flush_std_streams():
    return None


def print_warning(msg):
    sys.stderr.write(f'Warning -- {msg}\n')


def optim_args_from_interpreter_flags():
    return []


def late_deletion(obj):
    return None


def python_is_optimized():
    return True


def with_pymalloc():
    return False
