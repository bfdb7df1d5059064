"""decimal and fractions: exact arithmetic, rounding, repr, messages."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, getcontext
from fractions import Fraction

print(Decimal("0.1") + Decimal("0.2"), Decimal(1) / Decimal(3), Decimal("1.10") * 2, Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP), repr(Decimal("1E+3")), Decimal(0.1), Decimal("-0"))
print(Decimal("10") // 3, Decimal("10") % 3, -Decimal("1.5"), Decimal("1.5") > 1, Decimal("2").sqrt(), int(Decimal("3.9")), float(Decimal("0.5")), round(Decimal("2.5")), Decimal("1.00") == 1, f"{Decimal('1234.5'):,.2f}")
getcontext().prec = 6
print(Decimal(1) / Decimal(7), Decimal("1e10") + 1, sum([Decimal("0.1")] * 3), Decimal("Infinity"), Decimal("123.456").as_tuple())
print(Fraction(1, 3) + Fraction(1, 6), Fraction("0.75"), Fraction(0.5), repr(Fraction(6, -4)), Fraction(7, 2) // 1, Fraction(1, 3) < 0.34, float(Fraction(1, 4)), Fraction(3, 1), Fraction(22, 7).limit_denominator(5), Fraction(1, 2) ** 2, round(Fraction(7, 2)))
for call, kind, text in [
    (lambda: Decimal("x"), InvalidOperation, "[<class 'decimal.ConversionSyntax'>]"),
    (lambda: Decimal(1) / 0, ZeroDivisionError, "[<class 'decimal.DivisionByZero'>]"),
    (lambda: Decimal("1") + 1.5, TypeError, "unsupported operand type(s) for +: 'decimal.Decimal' and 'float'"),
    (lambda: Fraction(1, 0), ZeroDivisionError, "Fraction(1, 0)"),
    (lambda: Fraction("a"), ValueError, "Invalid literal for Fraction: 'a'"),
]:
    try:
        call()
    except kind as error:
        assert str(error) == text, str(error)
    else:
        raise AssertionError("no exception")
