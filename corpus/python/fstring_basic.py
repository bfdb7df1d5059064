"""f-strings: expressions, conversions, nesting, braces, debugging form."""

name, n, ratio = "Ada", 42, 2 / 3
assert f"{name} is {n}" == "Ada is 42" and f"{{{n}}}" == "{42}" and f"{n!r:>5}" == "   42" and f"{name!r}" == "'Ada'"
assert f"{'ä'!a}" == "'\\xe4'" and f"{name!s:^7}" == "  Ada  " and f"{n:{n//6}d}" == "     42"
width, precision = 10, 3
assert f"{ratio:{width}.{precision}f}" == "     0.667" and f"{ratio:>{width}}" == "0.6666666666666666"
assert f"{n=}" == "n=42" and f"{n = }" == "n = 42" and f"{name=!s}" == "name=Ada" and f"{n+1=:>5}" == "n+1=   43"
assert f"{[x * 2 for x in range(3)]}" == "[0, 2, 4]" and f"{ {'k': 1}['k'] }" == "1" and f"{(lambda x: x + 1)(2)}" == "3"
assert f"{'nested ' + f'{n}'}" == "nested 42" and f"{"same quotes"}" == "same quotes"
assert f"{n if n > 1 else 'few'}" == "42" and f"a{''}b" == "ab" and "x" f"{n}" "y" == "x42y"
assert rf"\d{n}" == "\\d42" and f"\x41{n}\n" == "A42\n" and f"{n:,}" == "42" and f"{1234567:,}|{1234567:_}" == "1,234,567|1_234_567"
text = f"""line {n}
  {name
   .upper()}"""
assert text == "line 42\n  ADA"
assert f"{'\n'.join(['a', 'b'])}" == "a\nb"
assert f"{n!r}" f"{n:05}" == "4200042" and f"{True}{None}" == "TrueNone"


class Money:
    def __format__(self, spec):
        return f"[{spec}]"


assert f"{Money():%d.%m}" == "[%d.%m]" and f"{Money()}" == "[]" and f"{Money():{name}:x}" == "[Ada:x]"


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: f"{n:zz}") == "ValueError: Unknown format code 'z' for object of type 'int'"
assert message(lambda: f"{name:d}") == "ValueError: Unknown format code 'd' for object of type 'str'"
assert message(lambda: f"{n:.2d}") == "ValueError: Precision not allowed in integer format specifier"
assert message(lambda: f"{[]:>5}") == "TypeError: unsupported format string passed to list.__format__"
assert message(lambda: f"{None:>5}") == "TypeError: unsupported format string passed to NoneType.__format__"
print(f"{name=} {n:#x} {ratio:.2%} {text!r}")
