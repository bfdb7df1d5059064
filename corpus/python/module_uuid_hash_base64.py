"""hashlib, base64, binascii, struct, zlib.crc32, uuid from names."""

import base64
import binascii
import hashlib
import struct
import uuid

print(hashlib.sha256(b"abc").hexdigest(), hashlib.md5(b"").hexdigest(), hashlib.sha1(b"a").hexdigest()[:8], len(hashlib.sha512(b"").digest()))
h = hashlib.sha256()
h.update(b"a")
h.update(b"bc")
assert h.hexdigest() == hashlib.sha256(b"abc").hexdigest() and hashlib.new("md5", b"x").name == "md5"
print(base64.b64encode(b"hello\xff"), base64.b64decode("aGk="), base64.urlsafe_b64encode(b"\xfb\xff"), base64.b32encode(b"hi"), base64.b16encode(b"\xab"))
print(binascii.hexlify(b"\x01\xff"), binascii.unhexlify("01ff"), binascii.crc32(b"abc"), struct.pack("<HiB", 1, -2, 3), struct.unpack(">I", b"\x00\x00\x01\x00"), struct.calcsize("<dq"))
print(uuid.uuid5(uuid.NAMESPACE_DNS, "example.org"), uuid.UUID("12345678123456781234567812345678").hex[:4])
for call, kind, text in [
    (lambda: base64.b64decode("abc"), binascii.Error, "Incorrect padding"),
    (lambda: hashlib.sha256("text"), TypeError, "Strings must be encoded before hashing"),
    (lambda: struct.unpack("<I", b"\x00"), struct.error, "unpack requires a buffer of 4 bytes"),
    (lambda: binascii.unhexlify("0"), binascii.Error, "Odd-length string"),
]:
    try:
        call()
    except kind as error:
        assert str(error) == text, str(error)
    else:
        raise AssertionError("no exception")
