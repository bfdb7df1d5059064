"""Lists the tests of a module, or runs one of them, and says on one line each what happened.

The predefined names: `module_name`; `class_name` and `method_name`, empty to list.
"""

import sys
import unittest

MARK = '\x1e'
out = sys.stdout


def say(*fields):
    out.write(MARK + '\t'.join([str(field).replace('\\', '\\\\').replace('\t', '\\t').replace('\n', '\\n') for field in fields]) + '\n')


def loaded():
    module = __import__(module_name)
    for part in module_name.split('.')[1:]:
        module = getattr(module, part)
    return module


def show_tests():
    bases = (unittest.TestCase, unittest.FunctionTestCase, unittest.IsolatedAsyncioTestCase)
    module = loaded()
    for name in dir(module):
        value = getattr(module, name)
        if not isinstance(value, type) or not issubclass(value, unittest.TestCase) or value in bases:
            continue
        for method in sorted(dir(value)):
            if method.startswith('test') and callable(getattr(value, method)):
                say('test', name, method)


class Result(unittest.TestResult):
    """What the one test came to: the first thing that went wrong."""

    outcome = ('passed', '', '', '')

    def note(self, outcome, error):
        if self.outcome[0] != 'passed':
            return
        kind, value, trace = error
        line = 0
        while trace is not None:
            try:
                line = trace.tb_lineno
            except NotImplementedError:
                break
            trace = trace.tb_next
        try:
            text = str(value)
        except Exception:
            text = '<no text>'
        self.outcome = (outcome, kind.__name__, text, line)

    def addError(self, test, err):
        self.note('error', err)

    def addFailure(self, test, err):
        self.note('failure', err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.note('failure' if issubclass(err[0], test.failureException) else 'error', err)

    def addSkip(self, test, reason):
        if self.outcome[0] == 'passed':
            self.outcome = ('skipped', '', reason, 0)

    def addUnexpectedSuccess(self, test):
        self.outcome = ('failure', 'UnexpectedSuccess', 'a test that is expected to fail passes', 0)


def run_test():
    module = loaded()
    result = Result()
    unittest.TestSuite([getattr(module, class_name)(method_name)]).run(result)
    say(*result.outcome)


try:
    if class_name:
        run_test()
    else:
        show_tests()
except unittest.SkipTest as error:
    say('skipped', '', error, 0)
