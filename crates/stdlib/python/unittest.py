"""Tests as classes: cases with assertions, suites, a loader and a runner that
writes what happened to sys.stderr.

Reading tests from files is not here: `discover` is refused.
"""

import sys

__all__ = ['TestResult', 'TestCase', 'IsolatedAsyncioTestCase', 'TestSuite',
           'TextTestRunner', 'TestLoader', 'FunctionTestCase', 'main', 'defaultTestLoader',
           'SkipTest', 'skip', 'skipIf', 'skipUnless', 'expectedFailure', 'TextTestResult',
           'addModuleCleanup', 'doModuleCleanups', 'enterModuleContext']

# Marks the frames of this module, which tracebacks of failures leave out.
__unittest = True


class SkipTest(Exception):
    """Raised to skip the test that runs."""


class _ShouldStop(Exception):
    # Ends a test early after a subtest of it failed.
    pass


_MAX_LENGTH = 80
_PLACEHOLDER = 12
_MIN_PART = 5
_MIN_DIFF = _MAX_LENGTH - 3 * _MIN_PART - 2 * _PLACEHOLDER


def safe_repr(obj, short=False):
    """The repr of an object, even if its own fails."""
    try:
        result = repr(obj)
    except Exception:
        result = object.__repr__(obj)
    if not short or len(result) < _MAX_LENGTH:
        return result
    return result[:_MAX_LENGTH] + ' [truncated]...'


def _shorten(text, before, after):
    skipped = len(text) - before - after
    if skipped > _PLACEHOLDER:
        return f'{text[:before]}[{skipped} chars]{text[len(text) - after:]}'
    return text


def _common_prefix(texts):
    low, high = min(texts), max(texts)
    for place, char in enumerate(low):
        if char != high[place]:
            return low[:place]
    return low


def _common_shorten_repr(*args):
    # Long reprs lose what they share, so that what differs can be seen.
    args = tuple([safe_repr(arg) for arg in args])
    longest = max([len(arg) for arg in args])
    if longest <= _MAX_LENGTH:
        return args
    prefix = _common_prefix(args)
    size = len(prefix)
    common = _MAX_LENGTH - (longest - size + _MIN_PART + _PLACEHOLDER)
    if common > _MIN_PART:
        prefix = _shorten(prefix, _MIN_PART, common)
        return tuple([prefix + arg[size:] for arg in args])
    prefix = _shorten(prefix, _MIN_PART, _MIN_PART)
    return tuple([prefix + _shorten(arg[size:], _MIN_DIFF, _MIN_PART) for arg in args])


def strclass(cls):
    return f'{cls.__module__}.{cls.__qualname__}'


def skip(reason):
    """Decorates a test or a class of tests: it is not run."""
    def decorate(item):
        if not isinstance(item, type):
            inner = item

            def item(*args, **kwargs):
                raise SkipTest(reason)
            for name in ('__module__', '__name__', '__qualname__', '__doc__'):
                setattr(item, name, getattr(inner, name))
            item.__wrapped__ = inner
        item.__unittest_skip__ = True
        item.__unittest_skip_why__ = reason
        return item
    if isinstance(reason, type(skip)):
        item, reason = reason, ''
        return decorate(item)
    return decorate


def skipIf(condition, reason):
    """Skip when something holds."""
    return skip(reason) if condition else lambda item: item


def skipUnless(condition, reason):
    """Skip unless something holds."""
    return (lambda item: item) if condition else skip(reason)


def expectedFailure(item):
    """Say that a test is known to fail."""
    item.__unittest_expecting_failure__ = True
    return item


def _enter_context(cm, add_cleanup):
    cls = type(cm)
    try:
        enter = cls.__enter__
        leave = cls.__exit__
    except AttributeError:
        raise TypeError(f"'{cls.__module__}.{cls.__qualname__}' object does not support "
                        'the context manager protocol') from None
    result = enter(cm)
    add_cleanup(leave, cm, None, None, None)
    return result


_module_cleanups = []


def addModuleCleanup(function, /, *args, **kwargs):
    """Have a function called after all tests of the module."""
    _module_cleanups.append((function, args, kwargs))


def enterModuleContext(cm):
    return _enter_context(cm, addModuleCleanup)


def doModuleCleanups():
    errors = []
    while _module_cleanups:
        function, args, kwargs = _module_cleanups.pop()
        try:
            function(*args, **kwargs)
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]


class _Outcome:
    # How the parts of one test went so far.

    def __init__(self, result):
        self.result = result
        self.success = True
        self.expecting_failure = False
        self.expected_failure = None

    def run_part(self, case, function, *args):
        """Call one part of a test; what it raises is noted in the result."""
        old = self.success
        self.success = True
        try:
            function(*args)
        except KeyboardInterrupt:
            raise
        except SkipTest as error:
            self.success = False
            self.result.addSkip(case, str(error))
        except _ShouldStop:
            pass
        except BaseException as error:
            self.note(case, error)
        self.success = self.success and old

    def note(self, case, error):
        exc_info = type(error), error, error.__traceback__
        if self.expecting_failure:
            self.expected_failure = exc_info
            return
        self.success = False
        if isinstance(case, _SubTest):
            self.result.addSubTest(case.test_case, case, exc_info)
        elif isinstance(error, case.failureException):
            self.result.addFailure(case, exc_info)
        else:
            self.result.addError(case, exc_info)


class _AssertRaisesContext:
    # `with self.assertRaises(...)`, and the same with a pattern for the text.

    def __init__(self, expected, test_case, expected_regex=None):
        self.expected = expected
        self.test_case = test_case
        self.obj_name = None
        self.msg = None
        if expected_regex is not None and isinstance(expected_regex, (str, bytes)):
            import re
            expected_regex = re.compile(expected_regex)
        self.expected_regex = expected_regex

    def _fail(self, message):
        message = self.test_case._formatMessage(self.msg, message)
        raise self.test_case.failureException(message)

    def _check_expected(self, base, text):
        kinds = self.expected if isinstance(self.expected, tuple) else (self.expected,)
        if not all([isinstance(kind, type) and issubclass(kind, base) for kind in kinds]):
            raise TypeError(text)

    def handle(self, name, args, kwargs):
        """The manager itself, or the call of the function that was given."""
        self._check_base(name)
        if not args:
            self.msg = kwargs.pop('msg', None)
            if kwargs:
                raise TypeError(f'{next(iter(kwargs))!r} is an invalid keyword argument for '
                                'this function')
            return self
        function, *args = args
        self.obj_name = getattr(function, '__name__', None) or str(function)
        with self:
            function(*args, **kwargs)
        return None

    def _check_base(self, name):
        self._check_expected(
            BaseException, f'{name}() arg 1 must be an exception type or tuple of exception types')

    def _expected_name(self):
        return getattr(self.expected, '__name__', None) or str(self.expected)

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, tb):
        if exc_type is None:
            if self.obj_name:
                self._fail(f'{self._expected_name()} not raised by {self.obj_name}')
            self._fail(f'{self._expected_name()} not raised')
        if not issubclass(exc_type, self.expected):
            return False
        self.exception = exc_value.with_traceback(None)
        pattern = self.expected_regex
        if pattern is not None and not pattern.search(str(exc_value)):
            self._fail(f'"{pattern.pattern}" does not match "{exc_value}"')
        return True

    __class_getitem__ = classmethod(type(list[int]))


class _AssertWarnsContext(_AssertRaisesContext):
    def _check_base(self, name):
        self._check_expected(
            Warning, f'{name}() arg 1 must be a warning type or tuple of warning types')

    def __enter__(self):
        import warnings
        self.recorder = warnings.catch_warnings(record=True)
        self.warnings = self.recorder.__enter__()
        warnings.simplefilter('always', self.expected)
        return self

    def __exit__(self, exc_type, exc_value, tb):
        self.recorder.__exit__(exc_type, exc_value, tb)
        if exc_type is not None:
            return
        first = None
        for seen in self.warnings:
            warning = seen.message
            if not isinstance(warning, self.expected):
                continue
            if first is None:
                first = warning
            if self.expected_regex is not None and not self.expected_regex.search(str(warning)):
                continue
            self.warning = warning
            self.filename = seen.filename
            self.lineno = seen.lineno
            return
        if first is not None:
            self._fail(f'"{self.expected_regex.pattern}" does not match "{first}"')
        if self.obj_name:
            self._fail(f'{self._expected_name()} not triggered by {self.obj_name}')
        self._fail(f'{self._expected_name()} not triggered')


class _AssertLogsContext:
    # Collects what a logger is told while the body runs.

    def __init__(self, test_case, logger, level, no_logs):
        import logging
        self.test_case = test_case
        self.logger = (logging.getLogger(logger) if logger is None or isinstance(logger, str)
                       else logger)
        self.level = logging.INFO if not level else logging._nameToLevel.get(level, level)
        self.no_logs = no_logs
        self.msg = None

    def __enter__(self):
        import logging
        formatter = logging.Formatter('%(levelname)s:%(name)s:%(message)s')
        self.records = records = []
        self.output = output = []

        class Handler(logging.Handler):
            def emit(self, record):
                records.append(record)
                output.append(formatter.format(record))
        logger = self.logger
        self.saved = logger.handlers, logger.level, logger.propagate
        handler = Handler()
        handler.setLevel(self.level)
        logger.handlers = [handler]
        logger.setLevel(self.level)
        logger.propagate = False
        return None if self.no_logs else self

    def __exit__(self, exc_type, exc_value, tb):
        import logging
        self.logger.handlers, level, self.logger.propagate = self.saved
        self.logger.setLevel(level)
        if exc_type is not None:
            return False
        if self.no_logs:
            if self.records:
                self.test_case.fail(f'Unexpected logs found: {self.output!r}')
        elif not self.records:
            self.test_case.fail(f'no logs of level {logging.getLevelName(self.level)} or higher '
                                f'triggered on {self.logger.name}')
        return None


class TestCase:
    """One test, or with several test methods the class of several tests."""

    failureException = AssertionError
    longMessage = True
    maxDiff = 80 * 8
    _diffThreshold = 2 ** 16

    def __init_subclass__(cls, *args, **kwargs):
        cls._classSetupFailed = False
        cls._class_cleanups = []
        super().__init_subclass__(*args, **kwargs)

    def __init__(self, methodName='runTest'):
        self._testMethodName = methodName
        self._outcome = None
        self._testMethodDoc = 'No test'
        try:
            method = getattr(self, methodName)
        except AttributeError:
            if methodName != 'runTest':
                raise ValueError(f'no such test method in {self.__class__}: {methodName}')
        else:
            self._testMethodDoc = method.__doc__
        self._cleanups = []
        self._subtest = None
        self._type_equality_funcs = {
            dict: 'assertDictEqual', list: 'assertListEqual', tuple: 'assertTupleEqual',
            set: 'assertSetEqual', frozenset: 'assertSetEqual', str: 'assertMultiLineEqual'}

    def addTypeEqualityFunc(self, typeobj, function):
        """Compare two objects of exactly this type with a function of one's own."""
        self._type_equality_funcs[typeobj] = function

    def addCleanup(self, function, /, *args, **kwargs):
        """Have a function called after tearDown, even when setUp fails."""
        self._cleanups.append((function, args, kwargs))

    def enterContext(self, cm):
        return _enter_context(cm, self.addCleanup)

    @classmethod
    def addClassCleanup(cls, function, /, *args, **kwargs):
        cls._class_cleanups.append((function, args, kwargs))

    @classmethod
    def enterClassContext(cls, cm):
        return _enter_context(cm, cls.addClassCleanup)

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def countTestCases(self):
        return 1

    def defaultTestResult(self):
        return TestResult()

    def shortDescription(self):
        doc = self._testMethodDoc
        return doc.strip().split('\n')[0].strip() if doc else None

    def id(self):
        return f'{strclass(self.__class__)}.{self._testMethodName}'

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return self._testMethodName == other._testMethodName

    def __hash__(self):
        return hash((type(self), self._testMethodName))

    def __str__(self):
        return (f'{self._testMethodName} '
                f'({strclass(self.__class__)}.{self._testMethodName})')

    def __repr__(self):
        return f'<{strclass(self.__class__)} testMethod={self._testMethodName}>'

    def subTest(self, msg=None, **params):
        """A part of the test that may fail alone; the rest goes on."""
        return _SubTestContext(self, msg, params)

    def _callSetUp(self):
        self.setUp()

    def _callTestMethod(self, method):
        if method() is not None:
            from warnings import warn
            warn('It is deprecated to return a value that is not None from a '
                 f'test case ({method})', DeprecationWarning, stacklevel=3)

    def _callTearDown(self):
        self.tearDown()

    def _callCleanup(self, function, /, *args, **kwargs):
        function(*args, **kwargs)

    def run(self, result=None):
        """Run the test and note in the result how it went."""
        own_result = result is None
        if own_result:
            result = self.defaultTestResult()
            result.startTestRun()
        result.startTest(self)
        try:
            method = getattr(self, self._testMethodName)
            reason = self._skip_reason(method)
            if reason is not None:
                result.addSkip(self, reason)
                return result
            self._run_parts(method, result)
            return result
        finally:
            result.stopTest(self)
            if own_result:
                result.stopTestRun()

    def _skip_reason(self, method):
        # Why the test is skipped, None when it is not. What decorators note is
        # noted on the function behind the method.
        reason = None
        for item in (getattr(method, '__func__', method), self.__class__):
            if getattr(item, '__unittest_skip__', False):
                reason = getattr(item, '__unittest_skip_why__', '') or reason or ''
        return reason

    def _run_parts(self, method, result):
        function = getattr(method, '__func__', method)
        expecting = (getattr(self, '__unittest_expecting_failure__', False)
                     or getattr(function, '__unittest_expecting_failure__', False))
        outcome = self._outcome = _Outcome(result)
        try:
            outcome.run_part(self, self._callSetUp)
            if outcome.success:
                outcome.expecting_failure = expecting
                outcome.run_part(self, self._callTestMethod, method)
                outcome.expecting_failure = False
                outcome.run_part(self, self._callTearDown)
            self.doCleanups()
            if outcome.success:
                if not expecting:
                    result.addSuccess(self)
                elif outcome.expected_failure:
                    result.addExpectedFailure(self, outcome.expected_failure)
                else:
                    result.addUnexpectedSuccess(self)
        finally:
            self._outcome = None

    def doCleanups(self):
        """Call what was added with addCleanup, the last first."""
        outcome = self._outcome or _Outcome(TestResult())
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            outcome.run_part(self, lambda: self._callCleanup(function, *args, **kwargs))
        return outcome.success

    @classmethod
    def doClassCleanups(cls):
        cls.tearDown_exceptions = []
        while cls._class_cleanups:
            function, args, kwargs = cls._class_cleanups.pop()
            try:
                function(*args, **kwargs)
            except Exception:
                cls.tearDown_exceptions.append(sys.exc_info())

    def __call__(self, *args, **kwds):
        return self.run(*args, **kwds)

    def debug(self):
        """Run the test and let its exceptions through."""
        method = getattr(self, self._testMethodName)
        reason = self._skip_reason(method)
        if reason is not None:
            raise SkipTest(reason)
        self._callSetUp()
        self._callTestMethod(method)
        self._callTearDown()
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            self._callCleanup(function, *args, **kwargs)

    def skipTest(self, reason):
        raise SkipTest(reason)

    def fail(self, msg=None):
        raise self.failureException(msg)

    def _formatMessage(self, msg, standardMsg):
        if not self.longMessage:
            return msg or standardMsg
        if msg is None:
            return standardMsg
        try:
            return f'{standardMsg} : {msg}'
        except UnicodeDecodeError:
            return f'{safe_repr(standardMsg)} : {safe_repr(msg)}'

    def _fail_with(self, msg, standard):
        raise self.failureException(self._formatMessage(msg, standard))

    def assertFalse(self, expr, msg=None):
        if expr:
            self._fail_with(msg, f'{safe_repr(expr)} is not false')

    def assertTrue(self, expr, msg=None):
        if not expr:
            self._fail_with(msg, f'{safe_repr(expr)} is not true')

    def assertRaises(self, expected_exception, *args, **kwargs):
        return _AssertRaisesContext(expected_exception, self).handle(
            'assertRaises', args, kwargs)

    def assertRaisesRegex(self, expected_exception, expected_regex, *args, **kwargs):
        return _AssertRaisesContext(expected_exception, self, expected_regex).handle(
            'assertRaisesRegex', args, kwargs)

    def assertWarns(self, expected_warning, *args, **kwargs):
        return _AssertWarnsContext(expected_warning, self).handle('assertWarns', args, kwargs)

    def assertWarnsRegex(self, expected_warning, expected_regex, *args, **kwargs):
        return _AssertWarnsContext(expected_warning, self, expected_regex).handle(
            'assertWarnsRegex', args, kwargs)

    def assertLogs(self, logger=None, level=None):
        return _AssertLogsContext(self, logger, level, False)

    def assertNoLogs(self, logger=None, level=None):
        return _AssertLogsContext(self, logger, level, True)

    def assertEqual(self, first, second, msg=None):
        if type(first) is type(second):
            special = self._type_equality_funcs.get(type(first))
            if special is not None:
                if isinstance(special, str):
                    special = getattr(self, special)
                special(first, second, msg=msg)
                return
        self._baseAssertEqual(first, second, msg)

    def _baseAssertEqual(self, first, second, msg=None):
        if not first == second:
            first, second = _common_shorten_repr(first, second)
            self._fail_with(msg, f'{first} != {second}')

    def assertNotEqual(self, first, second, msg=None):
        if not first != second:
            self._fail_with(msg, f'{safe_repr(first)} == {safe_repr(second)}')

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if first == second:
            return
        if delta is not None and places is not None:
            raise TypeError('specify delta or places not both')
        difference = abs(first - second)
        if delta is not None:
            if difference <= delta:
                return
            limit = f'{safe_repr(delta)} delta'
        else:
            if places is None:
                places = 7
            if round(difference, places) == 0:
                return
            limit = f'{places!r} places'
        self._fail_with(msg, f'{safe_repr(first)} != {safe_repr(second)} within {limit} '
                             f'({safe_repr(difference)} difference)')

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if delta is not None and places is not None:
            raise TypeError('specify delta or places not both')
        difference = abs(first - second)
        if delta is not None:
            if not first == second and difference > delta:
                return
            limit = f'{safe_repr(delta)} delta ({safe_repr(difference)} difference)'
        else:
            if places is None:
                places = 7
            if not first == second and round(difference, places) != 0:
                return
            limit = f'{places!r} places'
        self._fail_with(msg, f'{safe_repr(first)} == {safe_repr(second)} within {limit}')

    def _truncateMessage(self, message, diff):
        if self.maxDiff is None or len(diff) <= self.maxDiff:
            return message + diff
        return (f'{message}\nDiff is {len(diff)} characters long. '
                'Set self.maxDiff to None to see it.')

    def assertSequenceEqual(self, seq1, seq2, msg=None, seq_type=None):
        if seq_type is not None:
            kind = seq_type.__name__
            for which, seq in (('First', seq1), ('Second', seq2)):
                if not isinstance(seq, seq_type):
                    raise self.failureException(
                        f'{which} sequence is not a {kind}: {safe_repr(seq)}')
        else:
            kind = 'sequence'
        differing = None
        try:
            len1 = len(seq1)
        except (TypeError, NotImplementedError):
            differing = f'First {kind} has no length.    Non-sequence?'
        if differing is None:
            try:
                len2 = len(seq2)
            except (TypeError, NotImplementedError):
                differing = f'Second {kind} has no length.    Non-sequence?'
        if differing is None:
            if seq1 == seq2:
                return
            differing = self._where_sequences_differ(kind, seq1, seq2, len1, len2)
            if differing is None:
                return
        import difflib
        import pprint
        diff = '\n'.join(difflib.ndiff(pprint.pformat(seq1).splitlines(),
                                       pprint.pformat(seq2).splitlines()))
        self.fail(self._formatMessage(msg, self._truncateMessage(differing, '\n' + diff)))

    def _where_sequences_differ(self, kind, seq1, seq2, len1, len2):
        first, second = _common_shorten_repr(seq1, seq2)
        text = f'{kind.capitalize()}s differ: {first} != {second}\n'
        for place in range(min(len1, len2)):
            try:
                item1 = seq1[place]
            except (TypeError, IndexError, NotImplementedError):
                text += f'\nUnable to index element {place} of first {kind}\n'
                break
            try:
                item2 = seq2[place]
            except (TypeError, IndexError, NotImplementedError):
                text += f'\nUnable to index element {place} of second {kind}\n'
                break
            if item1 != item2:
                item1, item2 = _common_shorten_repr(item1, item2)
                text += f'\nFirst differing element {place}:\n{item1}\n{item2}\n'
                break
        else:
            if len1 == len2 and type(seq1) is not type(seq2) and kind == 'sequence':
                return None
        for which, longer, size, other in (('First', seq1, len1, len2),
                                           ('Second', seq2, len2, len1)):
            if size > other:
                text += f'\n{which} {kind} contains {size - other} additional elements.\n'
                try:
                    text += (f'First extra element {other}:\n'
                             f'{_common_shorten_repr(longer[other])[0]}\n')
                except (TypeError, IndexError, NotImplementedError):
                    text += f'Unable to index element {other} of {which.lower()} {kind}\n'
        return text

    def assertListEqual(self, list1, list2, msg=None):
        self.assertSequenceEqual(list1, list2, msg, seq_type=list)

    def assertTupleEqual(self, tuple1, tuple2, msg=None):
        self.assertSequenceEqual(tuple1, tuple2, msg, seq_type=tuple)

    def assertSetEqual(self, set1, set2, msg=None):
        only = []
        for which, left, right in (('first', set1, set2), ('second', set2, set1)):
            try:
                only.append(left.difference(right))
            except TypeError as error:
                self.fail(f'invalid type when attempting set difference: {error}')
            except AttributeError as error:
                self.fail(f'{which} argument does not support set difference: {error}')
        if not only[0] and not only[1]:
            return
        lines = []
        for items, text in zip(only, ('first set but not the second',
                                      'second set but not the first')):
            if items:
                lines.append(f'Items in the {text}:')
                lines += [repr(item) for item in items]
        self._fail_with(msg, '\n'.join(lines))

    def assertIn(self, member, container, msg=None):
        if member not in container:
            self._fail_with(msg, f'{safe_repr(member)} not found in {safe_repr(container)}')

    def assertNotIn(self, member, container, msg=None):
        if member in container:
            self._fail_with(
                msg, f'{safe_repr(member)} unexpectedly found in {safe_repr(container)}')

    def assertIs(self, expr1, expr2, msg=None):
        if expr1 is not expr2:
            self._fail_with(msg, f'{safe_repr(expr1)} is not {safe_repr(expr2)}')

    def assertIsNot(self, expr1, expr2, msg=None):
        if expr1 is expr2:
            self._fail_with(msg, f'unexpectedly identical: {safe_repr(expr1)}')

    def assertDictEqual(self, d1, d2, msg=None):
        self.assertIsInstance(d1, dict, 'First argument is not a dictionary')
        self.assertIsInstance(d2, dict, 'Second argument is not a dictionary')
        if d1 != d2:
            import difflib
            import pprint
            first, second = _common_shorten_repr(d1, d2)
            diff = '\n' + '\n'.join(difflib.ndiff(pprint.pformat(d1).splitlines(),
                                                  pprint.pformat(d2).splitlines()))
            self._fail_with(msg, self._truncateMessage(f'{first} != {second}', diff))

    def assertCountEqual(self, first, second, msg=None):
        first, second = list(first), list(second)
        try:
            differences = _count_differences(first, second)
        except TypeError:
            differences = _count_unhashable(first, second)
        if differences:
            lines = [f'First has {count1}, Second has {count2}:  {item!r}'
                     for count1, count2, item in differences]
            text = self._truncateMessage('Element counts were not equal:\n', '\n'.join(lines))
            self._fail_with(msg, text)

    def assertMultiLineEqual(self, first, second, msg=None):
        self.assertIsInstance(first, str, 'First argument is not a string')
        self.assertIsInstance(second, str, 'Second argument is not a string')
        if first == second:
            return
        if len(first) > self._diffThreshold or len(second) > self._diffThreshold:
            self._baseAssertEqual(first, second, msg)
        import difflib
        lines1 = first.splitlines(keepends=True)
        lines2 = second.splitlines(keepends=True)
        if len(lines1) == 1 and first.strip('\r\n') == first:
            lines1 = [first + '\n']
            lines2 = [second + '\n']
        short1, short2 = _common_shorten_repr(first, second)
        diff = '\n' + ''.join(difflib.ndiff(lines1, lines2))
        self._fail_with(msg, self._truncateMessage(f'{short1} != {short2}', diff))

    def assertLess(self, a, b, msg=None):
        if not a < b:
            self._fail_with(msg, f'{safe_repr(a)} not less than {safe_repr(b)}')

    def assertLessEqual(self, a, b, msg=None):
        if not a <= b:
            self._fail_with(msg, f'{safe_repr(a)} not less than or equal to {safe_repr(b)}')

    def assertGreater(self, a, b, msg=None):
        if not a > b:
            self._fail_with(msg, f'{safe_repr(a)} not greater than {safe_repr(b)}')

    def assertGreaterEqual(self, a, b, msg=None):
        if not a >= b:
            self._fail_with(msg, f'{safe_repr(a)} not greater than or equal to {safe_repr(b)}')

    def assertIsNone(self, obj, msg=None):
        if obj is not None:
            self._fail_with(msg, f'{safe_repr(obj)} is not None')

    def assertIsNotNone(self, obj, msg=None):
        if obj is None:
            self._fail_with(msg, 'unexpectedly None')

    def assertIsInstance(self, obj, cls, msg=None):
        if not isinstance(obj, cls):
            self._fail_with(msg, f'{safe_repr(obj)} is not an instance of {cls!r}')

    def assertNotIsInstance(self, obj, cls, msg=None):
        if isinstance(obj, cls):
            self._fail_with(msg, f'{safe_repr(obj)} is an instance of {cls!r}')

    def assertRegex(self, text, expected_regex, msg=None):
        if isinstance(expected_regex, (str, bytes)):
            assert expected_regex, 'expected_regex must not be empty.'
            import re
            expected_regex = re.compile(expected_regex)
        if not expected_regex.search(text):
            self._fail_with(
                msg, f"Regex didn't match: {expected_regex.pattern!r} not found in {text!r}")

    def assertNotRegex(self, text, unexpected_regex, msg=None):
        if isinstance(unexpected_regex, (str, bytes)):
            import re
            unexpected_regex = re.compile(unexpected_regex)
        match = unexpected_regex.search(text)
        if match:
            self._fail_with(msg, f'Regex matched: {text[match.start():match.end()]!r} matches '
                                 f'{unexpected_regex.pattern!r} in {text!r}')


def _count_differences(first, second):
    # (count in the first, count in the second, item) where the counts differ.
    counts = {}
    for item in first:
        counts.setdefault(item, [0, 0])[0] += 1
    for item in second:
        counts.setdefault(item, [0, 0])[1] += 1
    return [(count1, count2, item) for item, (count1, count2) in counts.items()
            if count1 != count2]


def _count_unhashable(first, second):
    found = []
    taken = object()
    second = second[:]
    for place, item in enumerate(first):
        if item is taken:
            continue
        counts = [0, 0]
        for which, items in enumerate((first, second)):
            for other, value in enumerate(items):
                if value is not taken and value == item:
                    counts[which] += 1
                    items[other] = taken
        if counts[0] != counts[1]:
            found.append((*counts, item))
    for item in second:
        if item is taken:
            continue
        count = 0
        for other, value in enumerate(second):
            if value is not taken and value == item:
                count += 1
                second[other] = taken
        found.append((0, count, item))
    return found


class FunctionTestCase(TestCase):
    """A test made of plain functions."""

    def __init__(self, testFunc, setUp=None, tearDown=None, description=None):
        super().__init__()
        self._setUpFunc = setUp
        self._tearDownFunc = tearDown
        self._testFunc = testFunc
        self._description = description

    def setUp(self):
        if self._setUpFunc is not None:
            self._setUpFunc()

    def tearDown(self):
        if self._tearDownFunc is not None:
            self._tearDownFunc()

    def runTest(self):
        self._testFunc()

    def id(self):
        return self._testFunc.__name__

    def __str__(self):
        return f'{strclass(self.__class__)} ({self._testFunc.__name__})'

    def shortDescription(self):
        if self._description is not None:
            return self._description
        doc = self._testFunc.__doc__
        return doc and doc.split('\n')[0].strip() or None


class IsolatedAsyncioTestCase(TestCase):
    """A test whose methods may be coroutines; each test has an event loop of its own."""

    async def asyncSetUp(self):
        pass

    async def asyncTearDown(self):
        pass

    def addAsyncCleanup(self, func, /, *args, **kwargs):
        self.addCleanup(func, *args, **kwargs)

    async def enterAsyncContext(self, cm):
        cls = type(cm)
        result = await cls.__aenter__(cm)
        self.addAsyncCleanup(cls.__aexit__, cm, None, None, None)
        return result

    def _await(self, value):
        return self._runner.run(value) if hasattr(value, '__await__') else value

    def _callSetUp(self):
        self.setUp()
        self._await(self.asyncSetUp())

    def _callTestMethod(self, method):
        self._await(method())

    def _callTearDown(self):
        self._await(self.asyncTearDown())
        self.tearDown()

    def _callCleanup(self, function, /, *args, **kwargs):
        self._await(function(*args, **kwargs))

    def _run_parts(self, method, result):
        import asyncio
        with asyncio.Runner(debug=True) as self._runner:
            super()._run_parts(method, result)


class _SubTest(TestCase):
    # Stands in a result for one part of a test.

    def __init__(self, test_case, message, params):
        super().__init__()
        self.test_case = test_case
        self._message = message
        self.params = params
        self.failureException = test_case.failureException

    def runTest(self):
        raise NotImplementedError('subtests cannot be run directly')

    def _subDescription(self):
        parts = []
        if self._message is not None:
            parts.append(f'[{self._message}]')
        if self.params:
            shown = ', '.join([f'{key}={value!r}' for key, value in self.params.items()])
            parts.append(f'({shown})')
        return ' '.join(parts) or '(<subtest>)'

    def id(self):
        return f'{self.test_case.id()} {self._subDescription()}'

    def shortDescription(self):
        return self.test_case.shortDescription()

    def __str__(self):
        return f'{self.test_case} {self._subDescription()}'


class _SubTestContext:
    def __init__(self, case, message, params):
        self.case = case
        self.message = message
        self.params = params

    def __enter__(self):
        case = self.case
        self.parent = case._subtest
        if self.parent is not None:
            # The inner parameters come first, and win.
            self.params = {**self.params, **self.parent.params, **self.params}
        case._subtest = _SubTest(case, self.message, self.params)

    def __exit__(self, exc_type, error, tb):
        case = self.case
        subtest = case._subtest
        case._subtest = self.parent
        outcome = case._outcome
        if outcome is None or exc_type is not None and issubclass(exc_type, KeyboardInterrupt):
            return False
        result = outcome.result
        if error is None:
            if outcome.success:
                result.addSubTest(case, subtest, None)
            return False
        if isinstance(error, _ShouldStop):
            return False
        if isinstance(error, SkipTest):
            outcome.success = False
            result.addSkip(subtest, str(error))
            return True
        outcome.note(subtest, error)
        if result.failfast or outcome.expected_failure:
            raise _ShouldStop
        return True


class TestResult:
    """What became of the tests that were run."""

    def __init__(self, stream=None, descriptions=None, verbosity=None):
        self.failfast = False
        self.failures = []
        self.errors = []
        self.testsRun = 0
        self.skipped = []
        self.expectedFailures = []
        self.unexpectedSuccesses = []
        self.collectedDurations = []
        self.shouldStop = False
        self.buffer = False
        self.tb_locals = False
        self._previousTestClass = None
        self._moduleSetUpFailed = False

    def startTest(self, test):
        self.testsRun += 1

    def stopTest(self, test):
        pass

    def startTestRun(self):
        pass

    def stopTestRun(self):
        pass

    def printErrors(self):
        pass

    def addError(self, test, err):
        self.errors.append((test, self._exc_info_to_string(err, test)))
        self._stop_if_fast()

    def addFailure(self, test, err):
        self.failures.append((test, self._exc_info_to_string(err, test)))
        self._stop_if_fast()

    def _stop_if_fast(self):
        if self.failfast:
            self.stop()

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._stop_if_fast()
            failed = issubclass(err[0], test.failureException)
            (self.failures if failed else self.errors).append(
                (subtest, self._exc_info_to_string(err, test)))

    def addSuccess(self, test):
        pass

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))

    def addExpectedFailure(self, test, err):
        self.expectedFailures.append((test, self._exc_info_to_string(err, test)))

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)
        self._stop_if_fast()

    def addDuration(self, test, elapsed):
        self.collectedDurations.append((str(test), elapsed))

    def wasSuccessful(self):
        return not self.failures and not self.errors and not self.unexpectedSuccesses

    def stop(self):
        self.shouldStop = True

    def _exc_info_to_string(self, err, test):
        # The traceback as text, without the frames of this module.
        import traceback
        kind, value, tb = err
        seen = {id(value)}
        pending = [value]
        while pending:
            error = pending.pop()
            cleaned = _clean_traceback(error.__traceback__,
                                       isinstance(error, test.failureException))
            error.__traceback__ = cleaned
            for other in (error.__cause__, error.__context__):
                if other is not None and id(other) not in seen:
                    seen.add(id(other))
                    pending.append(other)
        return ''.join(traceback.format_exception(kind, value, value.__traceback__))

    def __repr__(self):
        return (f'<{strclass(self.__class__)} run={self.testsRun} errors={len(self.errors)} '
                f'failures={len(self.failures)}>')


def _is_ours(tb):
    return '__unittest' in getattr(getattr(tb, 'tb_frame', None), 'f_globals', ())


def _clean_traceback(tb, is_failure):
    while tb is not None and _is_ours(tb):
        tb = tb.tb_next
    if is_failure and tb is not None:
        # A failed assertion ends where the test called it.
        last = None
        step = tb
        while step is not None and not _is_ours(step):
            last = step
            step = step.tb_next
        if step is not None:
            last.tb_next = None
    return tb


class _Writer:
    # A stream with `writeln`.

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, attr):
        if attr in ('stream', '__getstate__'):
            raise AttributeError(attr)
        return getattr(self.stream, attr)

    def writeln(self, arg=None):
        if arg:
            self.write(arg)
        self.write('\n')


class TextTestResult(TestResult):
    """A result that writes each outcome as it comes."""

    separator1 = '=' * 70
    separator2 = '-' * 70

    def __init__(self, stream, descriptions, verbosity, *, durations=None):
        super().__init__(stream, descriptions, verbosity)
        self.stream = stream
        self.showAll = verbosity > 1
        self.dots = verbosity == 1
        self.descriptions = descriptions
        self.durations = durations
        self._newline = True

    def getDescription(self, test):
        first_line = test.shortDescription()
        if self.descriptions and first_line:
            return f'{test}\n{first_line}'
        return str(test)

    def startTest(self, test):
        super().startTest(test)
        if self.showAll:
            self.stream.write(self.getDescription(test))
            self.stream.write(' ... ')
            self.stream.flush()
            self._newline = False

    def _write(self, test, word, dot):
        stream = self.stream
        if self.showAll:
            is_subtest = isinstance(test, _SubTest)
            if is_subtest or self._newline:
                if not self._newline:
                    stream.writeln()
                if is_subtest:
                    stream.write('  ')
                stream.write(self.getDescription(test))
                stream.write(' ... ')
            stream.writeln(word)
            stream.flush()
            self._newline = True
        elif self.dots:
            stream.write(dot)
            stream.flush()

    def _write_plain(self, word, dot):
        # As CPython does it here: `_newline` stays as it is.
        if self.showAll:
            self.stream.writeln(word)
            self.stream.flush()
        elif self.dots:
            self.stream.write(dot)
            self.stream.flush()

    def addSubTest(self, test, subtest, err):
        if err is not None:
            if issubclass(err[0], subtest.failureException):
                self._write(subtest, 'FAIL', 'F')
            else:
                self._write(subtest, 'ERROR', 'E')
        super().addSubTest(test, subtest, err)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._write(test, 'ok', '.')

    def addError(self, test, err):
        super().addError(test, err)
        self._write(test, 'ERROR', 'E')

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._write(test, 'FAIL', 'F')

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._write(test, f'skipped {reason!r}', 's')

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._write_plain('expected failure', 'x')

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._write_plain('unexpected success', 'u')

    def printErrors(self):
        if self.dots or self.showAll:
            self.stream.writeln()
            self.stream.flush()
        self.printErrorList('ERROR', self.errors)
        self.printErrorList('FAIL', self.failures)
        if self.unexpectedSuccesses:
            self.stream.writeln(self.separator1)
            for test in self.unexpectedSuccesses:
                self.stream.writeln(f'UNEXPECTED SUCCESS: {self.getDescription(test)}')
            self.stream.flush()

    def printErrorList(self, flavour, errors):
        for test, err in errors:
            self.stream.writeln(self.separator1)
            self.stream.writeln(f'{flavour}: {self.getDescription(test)}')
            self.stream.writeln(self.separator2)
            self.stream.writeln(str(err))
            self.stream.flush()


class TextTestRunner:
    """Runs tests and writes a report."""

    resultclass = TextTestResult

    def __init__(self, stream=None, descriptions=True, verbosity=1, failfast=False,
                 buffer=False, resultclass=None, warnings=None, *, tb_locals=False,
                 durations=None):
        self.stream = _Writer(sys.stderr if stream is None else stream)
        self.descriptions = descriptions
        self.verbosity = verbosity
        self.failfast = failfast
        self.buffer = buffer
        self.tb_locals = tb_locals
        self.durations = durations
        self.warnings = warnings
        if resultclass is not None:
            self.resultclass = resultclass

    def _makeResult(self):
        try:
            return self.resultclass(self.stream, self.descriptions, self.verbosity,
                                    durations=self.durations)
        except TypeError:
            return self.resultclass(self.stream, self.descriptions, self.verbosity)

    def run(self, test):
        """Run a test or a suite; gives the result."""
        from time import perf_counter
        result = self._makeResult()
        result.failfast = self.failfast
        result.buffer = self.buffer
        result.tb_locals = self.tb_locals
        started = perf_counter()
        result.startTestRun()
        try:
            test(result)
        finally:
            result.stopTestRun()
        taken = perf_counter() - started
        result.printErrors()
        stream = self.stream
        if hasattr(result, 'separator2'):
            stream.writeln(result.separator2)
        run = result.testsRun
        stream.writeln(f'Ran {run} test{"" if run == 1 else "s"} in {taken:.3f}s')
        stream.writeln()
        notes = []
        if not result.wasSuccessful():
            stream.write('FAILED')
            if result.failures:
                notes.append(f'failures={len(result.failures)}')
            if result.errors:
                notes.append(f'errors={len(result.errors)}')
        elif run == 0 and not result.skipped:
            stream.write('NO TESTS RAN')
        else:
            stream.write('OK')
        if result.skipped:
            notes.append(f'skipped={len(result.skipped)}')
        if result.expectedFailures:
            notes.append(f'expected failures={len(result.expectedFailures)}')
        if result.unexpectedSuccesses:
            notes.append(f'unexpected successes={len(result.unexpectedSuccesses)}')
        stream.writeln(f' ({", ".join(notes)})' if notes else None)
        stream.flush()
        return result


class TestSuite:
    """Several tests; class and module fixtures run where the class or module changes."""

    def __init__(self, tests=()):
        self._tests = []
        self.addTests(tests)

    def __repr__(self):
        return f'<{strclass(self.__class__)} tests={list(self)}>'

    def __eq__(self, other):
        if not isinstance(other, self.__class__):
            return NotImplemented
        return list(self) == list(other)

    def __iter__(self):
        return iter(self._tests)

    def countTestCases(self):
        return sum([test.countTestCases() for test in self])

    def addTest(self, test):
        if not callable(test):
            raise TypeError(f'{test!r} is not callable')
        if isinstance(test, type) and issubclass(test, (TestCase, TestSuite)):
            raise TypeError('TestCases and TestSuites must be instantiated '
                            'before passing them to addTest()')
        self._tests.append(test)

    def addTests(self, tests):
        if isinstance(tests, str):
            raise TypeError('tests must be an iterable of tests, not a string')
        for test in tests:
            self.addTest(test)

    def __call__(self, *args, **kwds):
        return self.run(*args, **kwds)

    def debug(self):
        for test in self:
            test.debug()

    def run(self, result, debug=False):
        """Run all tests in order."""
        outermost = not getattr(result, '_testRunEntered', False)
        result._testRunEntered = True
        for test in self:
            if result.shouldStop:
                break
            if not isinstance(test, TestSuite):
                self._leave_class(test, result)
                self._enter_module(test, result)
                self._enter_class(test, result)
                result._previousTestClass = test.__class__
                if (getattr(test.__class__, '_classSetupFailed', False)
                        or result._moduleSetUpFailed):
                    continue
            test(result)
        if outermost:
            self._leave_class(None, result)
            self._leave_module(result)
            result._testRunEntered = False
        return result

    def _enter_class(self, test, result):
        cls = test.__class__
        if (cls is result._previousTestClass or result._moduleSetUpFailed
                or getattr(cls, '__unittest_skip__', False)):
            return
        set_up = getattr(cls, 'setUpClass', None)
        if set_up is None:
            return
        cls._classSetupFailed = False
        try:
            set_up()
        except Exception as error:
            cls._classSetupFailed = True
            self._fixture_error(result, error, 'setUpClass', strclass(cls))
        if cls._classSetupFailed:
            self._class_cleanups(cls, result, 'setUpClass')

    def _leave_class(self, test, result):
        previous = result._previousTestClass
        if (previous is None or test is not None and test.__class__ is previous
                or result._moduleSetUpFailed or getattr(previous, '_classSetupFailed', False)
                or getattr(previous, '__unittest_skip__', False)):
            return
        tear_down = getattr(previous, 'tearDownClass', None)
        if tear_down is not None:
            try:
                tear_down()
            except Exception as error:
                self._fixture_error(result, error, 'tearDownClass', strclass(previous))
            self._class_cleanups(previous, result, 'tearDownClass')

    def _class_cleanups(self, cls, result, method):
        if hasattr(cls, 'doClassCleanups'):
            cls.doClassCleanups()
            for exc_info in cls.tearDown_exceptions:
                self._fixture_error(result, exc_info[1], method, strclass(cls))

    def _enter_module(self, test, result):
        previous = result._previousTestClass
        module = test.__class__.__module__
        if previous is not None and previous.__module__ == module:
            return
        self._leave_module(result)
        result._moduleSetUpFailed = False
        set_up = getattr(sys.modules.get(module), 'setUpModule', None)
        if set_up is None:
            return
        try:
            set_up()
        except Exception as error:
            result._moduleSetUpFailed = True
            self._fixture_error(result, error, 'setUpModule', module)
            self._module_cleanups(result, 'setUpModule', module)

    def _leave_module(self, result):
        previous = result._previousTestClass
        if previous is None or result._moduleSetUpFailed:
            return
        name = previous.__module__
        tear_down = getattr(sys.modules.get(name), 'tearDownModule', None)
        if tear_down is not None:
            try:
                tear_down()
            except Exception as error:
                self._fixture_error(result, error, 'tearDownModule', name)
        self._module_cleanups(result, 'tearDownModule', name)

    def _module_cleanups(self, result, method, name):
        try:
            doModuleCleanups()
        except Exception as error:
            self._fixture_error(result, error, method, name)

    def _fixture_error(self, result, error, method, name):
        holder = _ErrorHolder(f'{method} ({name})')
        if isinstance(error, SkipTest):
            result.addSkip(holder, str(error))
        else:
            result.addError(holder, (type(error), error, error.__traceback__))


class _ErrorHolder:
    # Stands in a result for a fixture that failed outside any test.
    failureException = AssertionError

    def __init__(self, description):
        self.description = description

    def id(self):
        return self.description

    def shortDescription(self):
        return None

    def __repr__(self):
        return f'<ErrorHolder description={self.description!r}>'

    def __str__(self):
        return self.description

    def countTestCases(self):
        return 0


class TestLoader:
    """Finds the tests in classes and modules."""

    testMethodPrefix = 'test'
    sortTestMethodsUsing = staticmethod(lambda a, b: (a > b) - (a < b))
    testNamePatterns = None
    suiteClass = TestSuite

    def __init__(self):
        self.errors = []

    def loadTestsFromTestCase(self, testCaseClass):
        if issubclass(testCaseClass, TestSuite):
            raise TypeError('Test cases should not be derived from '
                            'TestSuite. Maybe you meant to derive from TestCase?')
        if testCaseClass in (TestCase, FunctionTestCase):
            names = []
        else:
            names = self.getTestCaseNames(testCaseClass)
            if not names and hasattr(testCaseClass, 'runTest'):
                names = ['runTest']
        return self.suiteClass([testCaseClass(name) for name in names])

    def loadTestsFromModule(self, module, *, pattern=None):
        tests = []
        for name in dir(module):
            obj = getattr(module, name)
            if (isinstance(obj, type) and issubclass(obj, TestCase)
                    and obj not in (TestCase, FunctionTestCase)):
                tests.append(self.loadTestsFromTestCase(obj))
        load_tests = getattr(module, 'load_tests', None)
        tests = self.suiteClass(tests)
        if load_tests is not None:
            return load_tests(self, tests, pattern)
        return tests

    def loadTestsFromName(self, name, module=None):
        """The tests that a dotted name leads to."""
        parts = name.split('.')
        if module is None:
            module = sys.modules.get(parts[0])
            if module is None:
                module = __import__(parts[0])
            parts = parts[1:]
        parent, obj = None, module
        for part in parts:
            parent, obj = obj, getattr(obj, part)
        if isinstance(obj, type(sys)):
            return self.loadTestsFromModule(obj)
        if isinstance(obj, type) and issubclass(obj, TestCase):
            return self.loadTestsFromTestCase(obj)
        if isinstance(parent, type) and issubclass(parent, TestCase):
            return self.suiteClass([parent(parts[-1])])
        if isinstance(obj, TestSuite):
            return obj
        if callable(obj):
            test = obj()
            if isinstance(test, TestSuite):
                return test
            if isinstance(test, TestCase):
                return self.suiteClass([test])
            raise TypeError(f'calling {obj} returned {test}, not a test')
        raise TypeError(f"don't know how to make test from: {obj}")

    def loadTestsFromNames(self, names, module=None):
        return self.suiteClass([self.loadTestsFromName(name, module) for name in names])

    def getTestCaseNames(self, testCaseClass):
        """The names of the test methods of a class, in order."""
        names = [name for name in dir(testCaseClass)
                 if name.startswith(self.testMethodPrefix)
                 and callable(getattr(testCaseClass, name))
                 and self._wanted(f'{strclass(testCaseClass)}.{name}')]
        if self.sortTestMethodsUsing:
            from functools import cmp_to_key
            names.sort(key=cmp_to_key(self.sortTestMethodsUsing))
        return names

    def _wanted(self, full_name):
        if self.testNamePatterns is None:
            return True
        from fnmatch import fnmatchcase
        return any([fnmatchcase(full_name, pattern) for pattern in self.testNamePatterns])

    def discover(self, start_dir, pattern='test*.py', top_level_dir=None):
        raise NotImplementedError('unittest: discovery of test files is not supported')


defaultTestLoader = TestLoader()


class TestProgram:
    """What `unittest.main()` does: read the arguments, run the tests, exit."""

    def __init__(self, module='__main__', defaultTest=None, argv=None, testRunner=None,
                 testLoader=defaultTestLoader, exit=True, verbosity=1, failfast=None,
                 catchbreak=None, buffer=None, warnings=None, *, tb_locals=False,
                 durations=None):
        if isinstance(module, str):
            name = module
            module = __import__(name)
            for part in name.split('.')[1:]:
                module = getattr(module, part)
        self.module = module
        self.verbosity = verbosity
        self.failfast = failfast
        self.buffer = buffer
        self.exit = exit
        self.testLoader = testLoader
        self.testRunner = testRunner
        self.tb_locals = tb_locals
        if argv is None:
            argv = sys.argv
        names = self._read_options(argv[1:])
        if names:
            self.test = testLoader.loadTestsFromNames(names, module)
        elif defaultTest is None:
            self.test = testLoader.loadTestsFromModule(module)
        else:
            names = [defaultTest] if isinstance(defaultTest, str) else list(defaultTest)
            self.test = testLoader.loadTestsFromNames(names, module)
        self.runTests()

    def _read_options(self, arguments):
        names = []
        arguments = list(arguments)
        while arguments:
            argument = arguments.pop(0)
            if argument in ('-v', '--verbose'):
                self.verbosity = 2
            elif argument in ('-q', '--quiet'):
                self.verbosity = 0
            elif argument in ('-f', '--failfast'):
                self.failfast = True
            elif argument in ('-b', '--buffer'):
                self.buffer = True
            elif argument == '-k' and arguments:
                pattern = arguments.pop(0)
                if '*' not in pattern:
                    pattern = f'*{pattern}*'
                self.testLoader.testNamePatterns = [
                    *(self.testLoader.testNamePatterns or ()), pattern]
            elif argument.startswith('-'):
                sys.stderr.write(f'error: unrecognized arguments: {argument}\n')
                sys.exit(2)
            else:
                names.append(argument)
        return names

    def runTests(self):
        runner = self.testRunner or TextTestRunner
        if isinstance(runner, type):
            try:
                runner = runner(verbosity=self.verbosity, failfast=bool(self.failfast),
                                buffer=bool(self.buffer), tb_locals=self.tb_locals)
            except TypeError:
                runner = runner()
        self.result = runner.run(self.test)
        if self.exit:
            if self.result.testsRun == 0 and not self.result.skipped:
                sys.exit(5)
            sys.exit(not self.result.wasSuccessful())


main = TestProgram
