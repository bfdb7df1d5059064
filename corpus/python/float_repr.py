"""Floats: shortest repr, special values, rounding half to even, conversions."""

print(0.1, 0.1 + 0.2, 1 / 3, 1e16, 1e15, 123456789012345680.0, 1e22, 1e23, 1e-4, 1e-5, 0.00012345, 5e-324, 1.7976931348623157e308)
print(-0.0, 0.0 == -0.0, float("inf"), float("-inf"), float("nan"), float("1e400"), 2.0, 100.0, 1e2, 12345678.9)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1.005, 2), round(0.5), round(1e20), round(1234.5678, -2), round(1.25, 1))
print(round(2.5, 0), type(round(2.5)).__name__, type(round(2.5, 0)).__name__, round(-0.4), round(float("1e300"), 5))
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 1e308 * 10, -1e308 * 10, 1e-320 / 1e10)
print(2**0.5, 2.0**-1, (-8) ** (1 / 3), 0.0**0, float("inf") * 0, float("inf") - float("inf"), 10.0**-5)
print((0.5).as_integer_ratio(), (1e23).as_integer_ratio(), (0.1).hex(), float.fromhex("0x1.8p1"), (3.0).is_integer())
print(int(2.9), int(-2.9), int(1e20), float("  1.5  "), float("1_000.5"), float("1e5"), float(".5"), float("5."), float("-inf"), float("INFINITY"))
print(0.1 + 0.2 == 0.3, 0.1 + 0.2 - 0.3, 1.1 * 3, 1e16 + 1, 9007199254740993.0, 4.35 * 100, 1.1 + 2.2)
print(hash(1.0), hash(0.5), hash(1e300), hash(float("inf")), hash(-0.0), hash(1.5) == hash(1.5))
print(f"{0.1:.20f}", f"{1e100:.0f}", f"{2.5:.0f}", f"{3.5:.0f}", f"{1e-7:g}", f"{123456789.0:g}", f"{0.00001234:.2e}", f"{1/3:.3}")
print("%.15g" % 0.1, "%.17g" % 0.1, "%r" % 1e-7, str(1.0), repr(1e5), [1.0, 1e-10], min(0.0, -0.0), max(-0.0, 0.0))
print(sum([0.1] * 10), sum([0.1] * 3), sum([1e16, 1.0, -1e16]), 0.1 * 3, float(2**53), float("1.7976931348623159e308"))
nan = float("nan")
print(nan == nan, nan != nan, nan < 1, nan in [nan], [nan] == [nan], 1 < 1.5 < 2, 3 == 3.0, 2**53 == 2.0**53, 2**53 + 1 == 2.0**53)


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: float("1,5")) == "ValueError: could not convert string to float: '1,5'"
assert message(lambda: float("")) == "ValueError: could not convert string to float: ''"
assert message(lambda: round(float("inf"))) == "OverflowError: cannot convert float infinity to integer"
assert message(lambda: round(nan)) == "ValueError: cannot convert float NaN to integer"
assert message(lambda: 1.5 & 1) == "TypeError: unsupported operand type(s) for &: 'float' and 'int'"
assert message(lambda: "a" * 1.5) == "TypeError: can't multiply sequence by non-int of type 'float'"
assert message(lambda: (1.5).foo) == "AttributeError: 'float' object has no attribute 'foo'"
