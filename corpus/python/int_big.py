"""Integers of any size: arithmetic, bases, division signs, methods, limits."""

a, b = 10**30 + 7, 3**50
print(a * b, a // b, a % b, -a // b, -a % b, a // -b, a % -b)
print(2**200, (-3) ** 41, 7**-2, (-2) ** -3, 0**0, 2**0.5)
print(a & b, a | b, a ^ b, ~a, a << 5, a >> 20, -a >> 70, -1 >> 100, 1 << 100)
print(divmod(-(10**20), 7), divmod(10**20, -7), -7 // 2, -7 % 2, 7 // -2, 7 % -2)
print(pow(3, 10**18, 10**9 + 7), pow(3, -1, 11), pow(2, 100, 1), pow(-2, 3, 5), pow(10**20, 2, 10**15 + 37))
print(hex(2**70), bin(-10), oct(8**25), int("ff" * 10, 16), int("0b101", 0), int("-0x1F", 16), int("zz", 36), int(" 1_000 "))
print((2**100).bit_length(), (255).bit_count(), (-5).bit_length(), (0).bit_length(), (2**64 - 1).to_bytes(8, "little"))
print(int.from_bytes(b"\x01\x00", "big"), int.from_bytes(b"\xff\xfe", "big", signed=True), (-2).to_bytes(2, "big", signed=True))
print((10).as_integer_ratio(), (5).conjugate(), (7).real, (7).imag, (3).numerator, (3).denominator, (4.0).is_integer(), (4).is_integer())
print(float(2**80), int(1e25), int(-3.99), round(12345, -2), round(15, -1), round(25, -1), round(-15, -1), abs(-(10**25)))
print(10**18 == 1e18, 2**53 + 1 == float(2**53 + 1), 10**400 > 1e308, 2**64 < 1.9e19, (1 << 63) - 1, -(1 << 63) - 1)
print(9223372036854775807 + 1, -9223372036854775808 - 1, 4611686018427387904 * 2, -9223372036854775808 // -1, 3037000500**2)
print(sum(range(10**6)), hash(10**30), hash(-(2**61)), hash(2**61 - 2), str(10**50)[:10], f"{10**24:,}", f"{2**70:x}")
print(1_000_000, 0xFF, 0o17, 0b11, 0xDEAD_BEEF, 1e3, 1_0.5_0, 1j * 1j, 0xFFFFFFFFFFFFFFFFFF)


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: 10**30 // 0) == "ZeroDivisionError: integer division or modulo by zero"
assert message(lambda: 10**30 / 0) == "ZeroDivisionError: division by zero"
assert message(lambda: 10**400 / 3) == "OverflowError: integer division result too large for a float"
assert message(lambda: float(10**400)) == "OverflowError: int too large to convert to float"
assert message(lambda: (256).to_bytes(1, "big")) == "OverflowError: int too big to convert"
assert message(lambda: (-1).to_bytes(1, "big")) == "OverflowError: can't convert negative int to unsigned"
assert message(lambda: int("1__0")) == "ValueError: invalid literal for int() with base 10: '1__0'"
assert message(lambda: int("")) == "ValueError: invalid literal for int() with base 10: ''"
assert message(lambda: int("0x10")) == "ValueError: invalid literal for int() with base 10: '0x10'"
assert message(lambda: int(None)) == (
    "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"
)
assert message(lambda: str(10**5000)) == (
    "ValueError: Exceeds the limit (4300 digits) for integer string conversion; "
    "use sys.set_int_max_str_digits() to increase the limit"
)
assert message(lambda: int("1" * 5000)) == (
    "ValueError: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; "
    "use sys.set_int_max_str_digits() to increase the limit"
)
assert message(lambda: [1] * 2**70) == "OverflowError: cannot fit 'int' into an index-sized integer"
assert message(lambda: [1][2**70]) == "IndexError: cannot fit 'int' into an index-sized integer"
assert message(lambda: 5 .x) == "AttributeError: 'int' object has no attribute 'x'"
