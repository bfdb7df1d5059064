"""bytes and bytearray: literals, methods, encoding, hex, mutation, messages."""

b = b"ab\x00\xff\n'"
print(b, b[0], b[1:3], list(b"hi"), b"x" + b"y", b"ab" * 2, len(b), b'it"s' , bytes([65, 66]), bytes(3), bytes("é", "utf-8"))
assert b"abc".decode() == "abc" and "é".encode("latin-1") == b"\xe9" and b"\xc3\xa9".decode("utf-8") == "é" and b"a\xffb".decode("utf-8", "replace") == "a\ufffdb"
assert b"a\xff".decode("ascii", "ignore") == "a" and "é€".encode("ascii", "replace") == b"??" and "é".encode("ascii", "xmlcharrefreplace") == b"&#233;"
assert b"abc".hex() == "616263" and bytes.fromhex("61 62ff") == b"ab\xff" and b"abc".hex("-") == "61-62-63" and "€".encode("utf-16-le") == b"\xac "
assert b"a,b".split(b",") == [b"a", b"b"] and b",".join([b"x", b"y"]) == b"x,y" and b"abc".find(b"c") == 2 and b"abc".replace(b"b", b"") == b"ac"
assert b"Abc".upper() == b"ABC" and b" x ".strip() == b"x" and b"ab".startswith(b"a") and 97 in b"abc" and b"bc" in b"abc" and b"abc".count(b"b") == 1
assert b"a" < b"b" and b"a" == bytearray(b"a") and hash(b"a") == hash(b"a") and b"a" != "a" and sorted(b"cab") == [97, 98, 99] and b"%d %s" % (5, b"x") == b"5 x"
m = bytearray(b"abc")
m[0] = 120
m.append(33)
m += b"zz"
m[1:2] = b"--"
del m[-1]
m.extend([1, 2])
assert m == b"x--c!z\x01\x02" and m.pop() == 2 and m.reverse() is None
print(m, bytes(m), m.hex(), bytearray(2), memoryview(b"abc")[1], bytes(memoryview(b"abcd")[1:3]))


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def assign():
    b[0] = 1


assert message(assign) == "TypeError: 'bytes' object does not support item assignment"
assert message(lambda: bytes([256])) == "ValueError: bytes must be in range(0, 256)"
assert message(lambda: m.append(300)) == "ValueError: byte must be in range(0, 256)"
assert message(lambda: b"a" + "b") == "TypeError: can't concat str to bytes"
assert message(lambda: "a" + b"b") == 'TypeError: can only concatenate str (not "bytes") to str'
assert message(lambda: b"abc".find("a")) == "TypeError: argument should be integer or bytes-like object, not 'str'"
assert message(lambda: "a" in b"abc") == "TypeError: a bytes-like object is required, not 'str'"
assert message(lambda: bytes("a")) == "TypeError: string argument without an encoding"
assert message(lambda: bytes.fromhex("6z")) == "ValueError: non-hexadecimal number found in fromhex() arg at position 1"
assert message(lambda: b"\x80".decode()) == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x80 in position 0: invalid start byte"
assert message(lambda: b"\xe2\x82".decode()) == (
    "UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 0-1: unexpected end of data"
)
assert message(lambda: "x".encode("nope")) == "LookupError: unknown encoding: nope"
assert message(lambda: {bytearray(b"a")}) == "TypeError: unhashable type: 'bytearray'"
assert message(lambda: b"abc"[5]) == "IndexError: index out of range"
