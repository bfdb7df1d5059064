"""traceback: the text of exceptions as a program can format it."""

import traceback


def inner():
    return 1 / 0


def outer():
    try:
        inner()
    except ZeroDivisionError as error:
        raise ValueError("wrapped") from error


try:
    outer()
except ValueError as error:
    lines = traceback.format_exception(error)
    text = "".join(lines)
    frames = traceback.extract_tb(error.__traceback__)
    assert [f.name for f in frames] == ["<module>", "outer"] and frames[1].lineno == 14 and frames[0].line == "outer()"
    assert traceback.format_exception_only(error) == ["ValueError: wrapped\n"]
    assert error.__traceback__.tb_lineno == 18 and error.__traceback__.tb_next.tb_frame.f_code.co_name == "outer"
else:
    raise AssertionError("no exception")
for line in text.splitlines():
    print(line.replace(__file__, "FILE") if "File" in line else line)
try:
    {}["k"]
except KeyError:
    formatted = traceback.format_exc()
assert formatted.endswith("KeyError: 'k'\n") and formatted.startswith("Traceback (most recent call last):\n")
