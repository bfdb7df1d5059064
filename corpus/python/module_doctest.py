"""doctest: examples that pass, fail, raise and are skipped."""
import doctest


def good(x):
    """Squares.

    >>> good(2)
    4
    >>> good('a')
    Traceback (most recent call last):
        ...
    TypeError: can't multiply sequence by non-int of type 'str'
    >>> for n in range(2):
    ...     print(good(n))
    0
    1
    >>> [1, 2, 3]  # doctest: +ELLIPSIS
    [1, ...]
    >>> print('a\\n\\nb')
    a
    <BLANKLINE>
    b
    >>> 1 / 0  # doctest: +SKIP
    """
    return x * x


print(doctest.testmod())
test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n>>> print('x')\n>>> undefined\n1\n", {}, "text", None, 0)
runner = doctest.DocTestRunner(verbose=False)
out = []
print(runner.run(test, out=out.append))
print("".join(out).split("Exception raised")[0])
checker = doctest.OutputChecker()
print(checker.check_output("1 2\n", "1   2\n", doctest.NORMALIZE_WHITESPACE), checker.check_output("a...z\n", "abcz\n", doctest.ELLIPSIS), checker.check_output("True\n", "1\n", 0), checker.check_output("1\n", "True\n", 0))
