"""Examples in docstrings, run and compared. Missing: files of examples, debugging, and `DocFileSuite`."""

import sys as _sys
import re as _re
from collections import namedtuple as _namedtuple

__all__ = ['register_optionflag', 'DONT_ACCEPT_TRUE_FOR_1', 'DONT_ACCEPT_BLANKLINE', 'NORMALIZE_WHITESPACE', 'ELLIPSIS',
           'SKIP', 'IGNORE_EXCEPTION_DETAIL', 'COMPARISON_FLAGS', 'REPORT_UDIFF', 'REPORT_CDIFF', 'REPORT_NDIFF',
           'REPORT_ONLY_FIRST_FAILURE', 'REPORTING_FLAGS', 'FAIL_FAST', 'Example', 'DocTest', 'DocTestParser',
           'DocTestFinder', 'DocTestRunner', 'OutputChecker', 'DocTestFailure', 'UnexpectedException', 'testmod',
           'run_docstring_examples', 'DocTestSuite']

TestResults = _namedtuple('TestResults', 'failed attempted')
OPTIONFLAGS_BY_NAME = {}


def register_optionflag(name):
    return OPTIONFLAGS_BY_NAME.setdefault(name, 1 << len(OPTIONFLAGS_BY_NAME))


DONT_ACCEPT_TRUE_FOR_1 = register_optionflag('DONT_ACCEPT_TRUE_FOR_1')
DONT_ACCEPT_BLANKLINE = register_optionflag('DONT_ACCEPT_BLANKLINE')
NORMALIZE_WHITESPACE = register_optionflag('NORMALIZE_WHITESPACE')
ELLIPSIS = register_optionflag('ELLIPSIS')
SKIP = register_optionflag('SKIP')
IGNORE_EXCEPTION_DETAIL = register_optionflag('IGNORE_EXCEPTION_DETAIL')
COMPARISON_FLAGS = (DONT_ACCEPT_TRUE_FOR_1 | DONT_ACCEPT_BLANKLINE | NORMALIZE_WHITESPACE | ELLIPSIS | SKIP
                    | IGNORE_EXCEPTION_DETAIL)
REPORT_UDIFF = register_optionflag('REPORT_UDIFF')
REPORT_CDIFF = register_optionflag('REPORT_CDIFF')
REPORT_NDIFF = register_optionflag('REPORT_NDIFF')
REPORT_ONLY_FIRST_FAILURE = register_optionflag('REPORT_ONLY_FIRST_FAILURE')
FAIL_FAST = register_optionflag('FAIL_FAST')
REPORTING_FLAGS = REPORT_UDIFF | REPORT_CDIFF | REPORT_NDIFF | REPORT_ONLY_FIRST_FAILURE | FAIL_FAST
BLANKLINE_MARKER = '<BLANKLINE>'
ELLIPSIS_MARKER = '...'


class Example:
    """One statement, and what it is to print."""

    def __init__(self, source, want, exc_msg=None, lineno=0, indent=0, options=None):
        self.source = source if source.endswith('\n') else source + '\n'
        self.want = want if not want or want.endswith('\n') else want + '\n'
        self.exc_msg = exc_msg if exc_msg is None or exc_msg.endswith('\n') else exc_msg + '\n'
        self.lineno, self.indent = lineno, indent
        self.options = options or {}

    def __eq__(self, other):
        return self.__dict__ == other.__dict__ if type(self) is type(other) else NotImplemented

    def __hash__(self):
        return hash((self.source, self.want, self.lineno, self.indent, self.exc_msg))


class DocTest:
    """The examples of one docstring, which share their names."""

    def __init__(self, examples, globs, name, filename, lineno, docstring):
        self.examples, self.globs = examples, globs.copy()
        self.name, self.filename, self.lineno, self.docstring = name, filename, lineno, docstring

    def __repr__(self):
        count = len(self.examples)
        shown = 'no examples' if not count else '1 example' if count == 1 else f'{count} examples'
        return f'<{type(self).__name__} {self.name} from {self.filename}:{self.lineno} ({shown})>'

    def __lt__(self, other):
        if not isinstance(other, DocTest):
            return NotImplemented
        return (self.name, self.filename, self.lineno or -1) < (other.name, other.filename, other.lineno or -1)


class DocTestParser:
    """Finds examples in a text."""

    _EXCEPTION = _re.compile(r'Traceback\ \(\s*(?:most\ recent\ call\ last|innermost\ last)\s*\):\s*\n'
                             r'(?:[ \t][^\n]*\n?|\s*\n)*(?P<message>\w.*)', _re.DOTALL)
    _OPTION = _re.compile(r'#\s*doctest:\s*([^\n\'"]*)$', _re.MULTILINE)

    def parse(self, string, name='<string>'):
        string = string.expandtabs()
        lines = string.split('\n')
        filled = [len(line) - len(line.lstrip(' ')) for line in lines if line.strip()]
        margin = min(filled, default=0)
        lines = [line[margin:] for line in lines]
        out, text, at = [], [], 0
        while at < len(lines):
            stripped = lines[at].lstrip(' ')
            if not (stripped.startswith('>>> ') or stripped == '>>>' or stripped.startswith('>>>')):
                text.append(lines[at])
                at += 1
                continue
            out.append('\n'.join(text))
            text = []
            at, example = self._example(lines, at, name)
            if example is not None:
                out.append(example)
        out.append('\n'.join(text))
        return out

    def _example(self, lines, at, name):
        first = at
        indent = len(lines[at]) - len(lines[at].lstrip(' '))
        blanks = ' ' * indent
        source = []
        while at < len(lines):
            line = lines[at]
            prompt = '>>>' if at == first else '...'
            if not line.startswith(blanks + prompt):
                break
            rest = line[indent + 3:]
            if rest and not rest.startswith(' '):
                raise ValueError(f'line {at + 1} of the docstring for {name} lacks blank after {prompt}: {line!r}')
            source.append(rest[1:])
            at += 1
        want = []
        while at < len(lines) and lines[at].strip() and not lines[at].lstrip(' ').startswith('>>>'):
            if not lines[at].startswith(blanks):
                raise ValueError(f'line {at + 1} of the docstring for {name} has inconsistent leading whitespace: '
                                 f'{lines[at]!r}')
            want.append(lines[at][indent:])
            at += 1
        source, want = '\n'.join(source), '\n'.join(want)
        match = self._EXCEPTION.match(want)
        message = match['message'] if match else None
        options = self._options(source, name, first)
        if not source.strip() or source.lstrip().startswith('#') and '\n' not in source:
            return at, None
        return at, Example(source, want, message, first, indent, options)

    def _options(self, source, name, line):
        options = {}
        for match in self._OPTION.finditer(source):
            for option in match[1].replace(',', ' ').split():
                if option[0] not in '+-' or option[1:] not in OPTIONFLAGS_BY_NAME:
                    raise ValueError(f'line {line + 1} of the doctest for {name} has an invalid option: {option!r}')
                options[OPTIONFLAGS_BY_NAME[option[1:]]] = option[0] == '+'
        return options

    def get_examples(self, string, name='<string>'):
        return [part for part in self.parse(string, name) if isinstance(part, Example)]

    def get_doctest(self, string, globs, name, filename, lineno):
        return DocTest(self.get_examples(string, name), globs, name, filename, lineno, string)


class DocTestFinder:
    """Finds the docstrings of a module or class and of what is in it."""

    def __init__(self, verbose=False, parser=None, recurse=True, exclude_empty=True):
        self._parser = parser or DocTestParser()
        self._recurse, self._exclude_empty = recurse, exclude_empty

    def find(self, obj, name=None, module=None, globs=None, extraglobs=None):
        if name is None:
            name = getattr(obj, '__name__', None)
            if name is None:
                raise ValueError(f"DocTestFinder.find: name must be given when obj.__name__ doesn't exist: {type(obj)!r}")
        if module is None or module is False:
            module = _sys.modules.get(getattr(obj, '__module__', None)) if not hasattr(obj, '__file__') else obj
        if globs is None:
            globs = dict(vars(module)) if module is not None else {}
        else:
            globs = dict(globs)
        globs.update(extraglobs or {})
        globs.setdefault('__name__', '__main__')
        tests = []
        self._find(tests, obj, name, module, globs, set())
        tests.sort()
        return tests

    def _from(self, module, obj):
        if module is None:
            return True
        if type(obj) is type(_sys):
            return False
        if hasattr(obj, '__module__'):
            return obj.__module__ == module.__name__
        return isinstance(obj, property)

    def _find(self, tests, obj, name, module, globs, seen):
        if id(obj) in seen:
            return
        seen.add(id(obj))
        test = self._test(obj, name, module, globs)
        if test is not None:
            tests.append(test)
        if not self._recurse:
            return
        if type(obj) is type(_sys):
            for inner, value in list(vars(obj).items()):
                plain = getattr(value, '__wrapped__', value) if callable(value) and not isinstance(value, type) else value
                if (isinstance(plain, type) or _is_routine(plain)) and self._from(module, plain):
                    self._find(tests, value, f'{name}.{inner}', module, globs, seen)
            for inner, value in getattr(obj, '__test__', {}).items():
                if isinstance(value, str) or isinstance(value, type) or _is_routine(value):
                    self._find(tests, value, f'{name}.__test__.{inner}', module, globs, seen)
        elif isinstance(obj, type):
            for inner, value in list(vars(obj).items()):
                if isinstance(value, (staticmethod, classmethod)):
                    value = value.__func__
                if (isinstance(value, (type, property)) or _is_routine(value)) and self._from(module, value):
                    self._find(tests, value, f'{name}.{inner}', module, globs, seen)

    def _test(self, obj, name, module, globs):
        doc = obj if isinstance(obj, str) else getattr(obj, '__doc__', None)
        doc = '' if doc is None else doc if isinstance(doc, str) else str(doc)
        if self._exclude_empty and not doc:
            return None
        if self._exclude_empty and not self._parser.get_examples(doc, name):
            return None
        file = getattr(module, '__file__', None) or getattr(module, '__name__', None)
        return self._parser.get_doctest(doc, globs, name, file, None)


def _is_routine(value):
    return callable(value) and not isinstance(value, type) and hasattr(value, '__name__')


class OutputChecker:
    """Is what was printed what was wanted?"""

    def check_output(self, want, got, optionflags):
        if got == want:
            return True
        if not optionflags & DONT_ACCEPT_TRUE_FOR_1 and (got, want) in (('True\n', '1\n'), ('False\n', '0\n')):
            return True
        if not optionflags & DONT_ACCEPT_BLANKLINE:
            want = _re.sub(rf'(?m)^{_re.escape(BLANKLINE_MARKER)}\s*?$', '', want)
            got = _re.sub(r'(?m)^[^\S\n]+$', '', got)
            if got == want:
                return True
        if optionflags & NORMALIZE_WHITESPACE:
            got, want = ' '.join(got.split()), ' '.join(want.split())
            if got == want:
                return True
        return bool(optionflags & ELLIPSIS) and _fits(want, got)

    def output_difference(self, example, got, optionflags):
        want = example.want
        if not optionflags & DONT_ACCEPT_BLANKLINE:
            got = _re.sub(r'(?m)^[ ]*(?=\n)', BLANKLINE_MARKER, got)
        kind = optionflags & (REPORT_UDIFF | REPORT_CDIFF | REPORT_NDIFF)
        if kind and (kind & REPORT_NDIFF or want.count('\n') > 2 and got.count('\n') > 2):
            import difflib
            a, b = want.splitlines(keepends=True), got.splitlines(keepends=True)
            if kind & REPORT_UDIFF:
                name, diff = 'unified diff with -expected +actual', list(difflib.unified_diff(a, b, n=2))[2:]
            elif kind & REPORT_CDIFF:
                name, diff = 'context diff with expected followed by actual', list(difflib.context_diff(a, b, n=2))[2:]
            else:
                name, diff = 'ndiff with -expected +actual', list(difflib.ndiff(a, b))
            return f'Differences ({name}):\n' + _indented(''.join(diff))
        if want and got:
            return f'Expected:\n{_indented(want)}Got:\n{_indented(got)}'
        if want:
            return f'Expected:\n{_indented(want)}Got nothing\n'
        if got:
            return f'Expected nothing\nGot:\n{_indented(got)}'
        return 'Expected nothing\nGot nothing\n'


def _indented(text):
    return _re.sub(r'(?m)^(?!$)', '    ', text)


def _fits(want, got):
    """Whether texts are equal when `...` stands for anything."""
    if ELLIPSIS_MARKER not in want:
        return want == got
    pieces = want.split(ELLIPSIS_MARKER)
    start, end = 0, len(got)
    if pieces[0]:
        if not got.startswith(pieces[0]):
            return False
        start = len(pieces[0])
        pieces = pieces[1:]
    else:
        pieces = pieces[1:]
    if pieces[-1]:
        if not got.endswith(pieces[-1]):
            return False
        end -= len(pieces[-1])
    pieces = pieces[:-1]
    if start > end:
        return False
    for piece in pieces:
        start = got.find(piece, start, end)
        if start < 0:
            return False
        start += len(piece)
    return True


class DocTestFailure(Exception):
    def __init__(self, test, example, got):
        self.test, self.example, self.got = test, example, got

    def __str__(self):
        return str(self.test)


class UnexpectedException(Exception):
    def __init__(self, test, example, exc_info):
        self.test, self.example, self.exc_info = test, example, exc_info

    def __str__(self):
        return str(self.test)


class DocTestRunner:
    """Runs examples and says which fail."""

    DIVIDER = '*' * 70

    def __init__(self, checker=None, verbose=None, optionflags=0):
        self._checker = checker or OutputChecker()
        self._verbose = '-v' in _sys.argv if verbose is None else verbose
        self.optionflags = self.original_optionflags = optionflags
        self.tries = self.failures = 0
        self._stats = {}

    def report_start(self, out, test, example):
        if self._verbose:
            if example.want:
                out(f'Trying:\n{_indented(example.source)}Expecting:\n{_indented(example.want)}')
            else:
                out(f'Trying:\n{_indented(example.source)}Expecting nothing\n')

    def report_success(self, out, test, example, got):
        if self._verbose:
            out('ok\n')

    def report_failure(self, out, test, example, got):
        out(self._header(test, example) + self._checker.output_difference(example, got, self.optionflags))

    def report_unexpected_exception(self, out, test, example, exc_info):
        out(self._header(test, example) + 'Exception raised:\n' + _indented(_trace(exc_info)))

    def _header(self, test, example):
        if test.filename:
            line = test.lineno + example.lineno + 1 if test.lineno is not None else '?'
            where = f'File "{test.filename}", line {line}, in {test.name}'
        else:
            where = f'Line {example.lineno + 1}, in {test.name}'
        return f'{self.DIVIDER}\n{where}\nFailed example:\n{_indented(example.source)}'

    def run(self, test, compileflags=None, out=None, clear_globs=True):
        saved = _sys.stdout
        out = saved.write if out is None else out
        import io
        fake = io.StringIO()
        _sys.stdout = fake
        try:
            return self._run(test, out, fake)
        finally:
            _sys.stdout = saved
            if clear_globs:
                test.globs.clear()

    def _run(self, test, out, fake):
        failures = tries = 0
        original = self.optionflags
        for number, example in enumerate(test.examples):
            quiet = self.optionflags & REPORT_ONLY_FIRST_FAILURE and failures > 0
            self.optionflags = original
            for flag, on in example.options.items():
                self.optionflags = self.optionflags | flag if on else self.optionflags & ~flag
            if self.optionflags & SKIP:
                continue
            tries += 1
            if not quiet:
                self.report_start(out, test, example)
            error = None
            try:
                exec(compile(example.source, f'<doctest {test.name}[{number}]>', 'single'), test.globs)
            except KeyboardInterrupt:
                raise
            except BaseException:
                error = _sys.exc_info()
            got = fake.getvalue()
            fake.seek(0)
            fake.truncate()
            outcome = self._outcome(example, got, error)
            if outcome == 'success':
                if not quiet:
                    self.report_success(out, test, example, got)
                continue
            failures += 1
            if not quiet:
                if outcome == 'failure':
                    self.report_failure(out, test, example, got if error is None else got + _trace(error))
                else:
                    self.report_unexpected_exception(out, test, example, error)
            if self.optionflags & FAIL_FAST:
                break
        self.optionflags = original
        failed, tried = self._stats.get(test.name, (0, 0))
        self._stats[test.name] = failed + failures, tried + tries
        self.failures += failures
        self.tries += tries
        return TestResults(failures, tries)

    def _outcome(self, example, got, error):
        check = self._checker.check_output
        if error is None:
            return 'success' if check(example.want, got, self.optionflags) else 'failure'
        if example.exc_msg is None:
            return 'boom'
        message = _only(error)
        if check(example.exc_msg, message, self.optionflags):
            return 'success'
        if self.optionflags & IGNORE_EXCEPTION_DETAIL:
            kinds = [_re.match(r'[\w.]*', text.strip().split('\n')[0])[0].rpartition('.')[2]
                     for text in (example.exc_msg, message)]
            if kinds[0] == kinds[1]:
                return 'success'
        return 'failure'

    def summarize(self, verbose=None):
        verbose = self._verbose if verbose is None else verbose
        empty, passed, failed = [], [], []
        for name, (failures, tries) in sorted(self._stats.items()):
            (empty if not tries else failed if failures else passed).append((name, failures, tries))
        if verbose:
            if empty:
                print(len(empty), 'items had no tests:')
                for name, _, _ in empty:
                    print('   ', name)
            if passed:
                print(len(passed), 'items passed all tests:')
                for name, _, tries in passed:
                    print(f' {tries:3d} tests in {name}')
        if failed:
            print(self.DIVIDER)
            print(len(failed), 'items had failures:')
            for name, failures, tries in failed:
                print(f' {failures:3d} of {tries:3d} in {name}')
        if verbose:
            print(self.tries, 'tests in', len(self._stats), 'items.')
            print(self.tries - self.failures, 'passed and', self.failures, 'failed.')
        if self.failures:
            print(f'***Test Failed*** {self.failures} failures.')
        elif verbose:
            print('Test passed.')
        return TestResults(self.failures, self.tries)


def _only(error):
    kind, value = error[:2]
    name = kind.__qualname__ if kind.__module__ in ('builtins', '__main__') else f'{kind.__module__}.{kind.__qualname__}'
    text = str(value)
    return f'{name}: {text}\n' if text else f'{name}\n'


def _trace(error):
    import traceback
    try:
        return ''.join(traceback.format_exception(*error))
    except NotImplementedError:
        return 'Traceback (most recent call last):\n' + _only(error)


master = None


def testmod(m=None, name=None, globs=None, verbose=None, report=True, optionflags=0, extraglobs=None,
            raise_on_error=False, exclude_empty=False):
    """Run the examples of a module, by default of the program."""
    global master
    m = _sys.modules.get('__main__') if m is None else m
    if type(m) is not type(_sys):
        raise TypeError(f'testmod: module required; {m!r}')
    if raise_on_error:
        raise NotImplementedError('not supported: doctest.testmod(raise_on_error=True)')
    runner = DocTestRunner(verbose=verbose, optionflags=optionflags)
    for test in DocTestFinder(exclude_empty=exclude_empty).find(m, name or m.__name__, globs=globs, extraglobs=extraglobs,
                                                               module=m):
        runner.run(test)
    if report:
        runner.summarize()
    master = runner
    return TestResults(runner.failures, runner.tries)


def run_docstring_examples(f, globs, verbose=False, name='NoName', compileflags=None, optionflags=0):
    runner = DocTestRunner(verbose=verbose, optionflags=optionflags)
    for test in DocTestFinder(verbose=verbose, recurse=False).find(f, name, globs=globs):
        runner.run(test)


def DocTestSuite(module=None, globs=None, extraglobs=None, test_finder=None, **options):
    """The examples of a module as tests of `unittest`."""
    import unittest
    flags = options.pop('optionflags', 0)
    if isinstance(module, str):
        __import__(module)
        module = _sys.modules[module]
    elif module is None:
        module = _sys.modules['__main__']

    class DocTestCase(unittest.TestCase):
        def __init__(self, test):
            unittest.TestCase.__init__(self)
            self._dt_test = test

        def id(self):
            return self._dt_test.name

        def runTest(self):
            lines = []
            runner = DocTestRunner(verbose=False, optionflags=flags)
            failures, _ = runner.run(self._dt_test, out=lines.append, clear_globs=False)
            if failures:
                raise self.failureException(f'Failed doctest test for {self._dt_test.name}\n\n' + ''.join(lines))

    suite = unittest.TestSuite()
    finder = test_finder or DocTestFinder()
    for test in finder.find(module, globs=globs, extraglobs=extraglobs, module=module):
        if test.examples:
            suite.addTest(DocTestCase(test))
    return suite


def DocFileSuite(*paths, **options):
    raise NotImplementedError('not supported: doctest.DocFileSuite')


def testfile(filename, *arguments, **options):
    raise NotImplementedError('not supported: doctest.testfile')


def __getattr__(name):
    if name in ('DebugRunner', 'debug', 'debug_src', 'script_from_examples', 'testsource',
                'DocFileTest', 'set_unittest_reportflags'):
        raise NotImplementedError(f'not supported: doctest.{name}')
    raise AttributeError(f"module 'doctest' has no attribute {name!r}")
