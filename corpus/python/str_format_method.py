"""str.format and the percent operator: fields, indexing, messages."""


class P:
    x = 3
    items = {"k": [1, 2]}


assert "{} {}".format(1, 2) == "1 2" and "{1} {0} {1}".format("a", "b") == "b a b"
assert "{n} {p.x} {p.items[k][1]}".format(n=1, p=P()) == "1 3 2" and "{0[0]}".format([7]) == "7"
assert "{:>{w}.{p}f}|{!r:^5}".format(3.14159, "a", w=8, p=2) == "    3.14| 'a' " and "{{}}{}".format(1) == "{}1"
assert "{a} {b}".format_map({"a": 1, "b": 2}) == "1 2"
assert "%d %s %r %5.2f %x %o %e %c %%" % (42, "s", "r", 3.14159, 255, 8, 1234.5, "c") == "42 s 'r'  3.14 ff 10 1.234500e+03 c %"
assert "%(a)s-%(b)03d" % {"a": 1, "b": 2} == "1-002" and "%s" % (1,) == "1" and "%s" % [1, 2] == "[1, 2]"
assert "%-5d|%+d|% d|%05d|%#x|%*d" % (1, 2, 3, 4, 255, 5, 6) == "1    |+2| 3|00004|0xff|    6"
assert "%.3s|%10s|%-4s|" % ("abcdef", "r", "l") == "abc|         r|l   |" and "%g %G" % (1e-5, 1e20) == "1e-05 1E+20"
assert "%c%c" % (65, "B") == "AB" and "%i" % 3.9 == "3" and "%a" % "ä" == "'\\xe4'"


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: "{} {}".format(1)) == "IndexError: Replacement index 1 out of range for positional args tuple"
assert message(lambda: "{a}".format(b=1)) == "KeyError: 'a'"
assert message(lambda: "{} {0}".format(1)) == (
    "ValueError: cannot switch from automatic field numbering to manual field specification"
)
assert message(lambda: "{".format(1)) == "ValueError: Single '{' encountered in format string"
assert message(lambda: "}".format(1)) == "ValueError: Single '}' encountered in format string"
assert message(lambda: "{!z}".format(1)) == "ValueError: Unknown conversion specifier z"
assert message(lambda: "{.y}".format(P())) == "AttributeError: 'P' object has no attribute 'y'"
assert message(lambda: "%d" % "a") == "TypeError: %d format: a real number is required, not str"
assert message(lambda: "%s %s" % 1) == "TypeError: not enough arguments for format string"
assert message(lambda: "%s" % (1, 2)) == "TypeError: not all arguments converted during string formatting"
assert message(lambda: "%(a)s" % 1) == "TypeError: format requires a mapping"
assert message(lambda: "%q" % 1) == "ValueError: unsupported format character 'q' (0x71) at index 1"
assert message(lambda: "%c" % "ab") == "TypeError: %c requires int or char"
assert message(lambda: "%x" % 1.5) == "TypeError: %x format: an integer is required, not float"
assert message(lambda: "%" % 1) == "ValueError: incomplete format"
print("{:,} {:+d} {!s:>4}".format(1234567, 5, "x"), "%08.3f" % -3.14159)
