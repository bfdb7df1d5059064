"""struct, base64 and binascii take arrays as well as bytes, and name what is wrong with an offset or a format."""

import base64
import binascii
import struct
from array import array

items = array("b", b" " * 10)
struct.pack_into(">h", items, 2, 0x4142)
struct.pack_into(">h", items, -2, 0x4344)
print(items.tobytes(), struct.unpack_from("2s", items, 2))
for call in (
    lambda: struct.unpack_from("<I", b"abcd", -2),
    lambda: struct.calcsize("i\0"),
    lambda: struct.pack_into("b", b"x", 0, 1),
    lambda: base64.b64encode("text"),
    lambda: base64.b32encode([1]),
    lambda: base64.encodebytes(1),
    lambda: binascii.hexlify(1.5),
    lambda: binascii.unhexlify([]),
):
    try:
        print(call())
    except (struct.error, TypeError) as error:
        print(error)
print(base64.b64encode(b"\xff\xfe\xfd", array("B", b"*$")), base64.b64encode(items), base64.b85encode(array("B", b"abcd")), base64.decodebytes(array("B", b"YWJj\n")), binascii.hexlify(array("B", b"az")))
for text in (f"{2**63}b", f"{2**62}h", f"{2**62}b{2**62}H"):
    try:
        print(struct.calcsize(text))
    except struct.error as error:
        print(error)
print(struct.pack("b3xh", 1, 2), struct.unpack("b3xh", b"\1\0\0\0\2\0"), struct.calcsize("0i"), struct.calcsize("b0i"), struct.calcsize("5x"))
