"""io.StringIO, sys and friends: the parts programs lean on."""

import io
import sys

s = io.StringIO("line one\nline two\n\nlast")
assert s.readline() == "line one\n" and s.read(4) == "line" and s.readlines() == [" two\n", "\n", "last"] and s.read() == ""
s.seek(0)
assert [line.strip() for line in s] == ["line one", "line two", "", "last"] and s.tell() == 23
w = io.StringIO()
assert w.write("abc") == 3 and print("x", file=w) is None and w.getvalue() == "abcx\n"
b = io.BytesIO(b"\x01\x02")
assert b.read(1) == b"\x01" and b.getvalue() == b"\x01\x02"
with io.StringIO("z") as f:
    assert f.read() == "z"
try:
    f.read()
except ValueError as error:
    assert str(error) == "I/O operation on closed file"
else:
    raise AssertionError("no exception")
assert sys.maxsize == 2**63 - 1 and sys.version_info[:2] >= (3, 12) and sys.version_info.major == 3 and sys.byteorder == "little"
assert sys.getrecursionlimit() == 1000 and sys.float_info.max == 1.7976931348623157e308 and sys.float_info.epsilon == 2.0**-52
assert len(sys.argv) == 1 and isinstance(sys.path, list) and sys.getsizeof([]) > 0 and sys.intern("a") == "a"
sys.stdout.write("out\n")
sys.stderr.write("")
try:
    sys.exit("text")
except SystemExit as error:
    assert error.code == "text"
else:
    raise AssertionError("no exception")
try:
    sys.exit()
except SystemExit as error:
    assert error.code is None
else:
    raise AssertionError("no exception")
print(sys.maxsize, sys.float_info.dig, sys.maxunicode)
