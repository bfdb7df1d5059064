"""tomllib: all kinds of values, and what is no TOML."""
import decimal
import io
import tomllib

text = '''
title = "TOML \\u00e9 \\"q\\""
'quoted key' = 1
a.b.c = true
numbers = [1, -2, 0x1F, 0o17, 0b101, 1_000, 1.5, -0.0, 1e3, inf, -inf]
multi = """
one
two \\
   three"""
literal = \'\'\'C:\\temp'\'\'\'
date = 2024-02-29
clock = 07:32:00.999
moment = 1979-05-27T07:32:00-07:00
zulu = 1979-05-27 07:32:00Z
mixed = [[1, 2], ["a", {x = 1, y.z = 2}],]  # comment

[owner]
name = "x"
[owner.deep.er]
k = []
[[items]]
n = 1
[[items.sub]]
z = 1
[[items]]
n = 2
'''
for key, value in tomllib.loads(text).items():
    print(key, repr(value))
print(tomllib.loads("x = 1.10", parse_float=decimal.Decimal), tomllib.load(io.BytesIO(b"a = 1\r\nb = 2")))
for bad in ("a = ", "a = 1 b = 2", "a = 1\na = 2", "[a]\n[a]", "a = [1", "a = \"x", "= 1", "a.b = 1\n[a]\n", "a = 01", "a = {x = 1, x = 2}", "a = 2024-13-01", "a = '\\n\n'", "[a]]", "a = tru", "[[a]]\n[a]", "a = \"\\q\"", "\x00"):
    try:
        print(tomllib.loads(bad))
    except tomllib.TOMLDecodeError as error:
        print(repr(bad), error)
try:
    tomllib.load(io.StringIO("a = 1"))
except TypeError as error:
    print(error)
