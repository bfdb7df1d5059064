"""math: exact functions, special values, domains and their messages."""

import math

print(math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5), math.sqrt(2), math.pi, math.e, math.tau, math.inf, math.nan)
print(math.gcd(12, 18, 27), math.gcd(), math.lcm(4, 6), math.lcm(0, 5), math.factorial(25), math.comb(10, 3), math.perm(5, 2), math.perm(4), math.isqrt(10**20 + 1))
print(math.fmod(-7, 3), math.modf(-3.25), math.frexp(8.0), math.ldexp(0.5, 4), math.copysign(1, -0.0), math.fabs(-2), math.hypot(3, 4), math.hypot(1, 2, 2))
print(math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1, rel_tol=0.2), math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1e308))
print(math.log(8, 2), math.log2(8), math.log10(1000), math.log(1), math.log1p(0), math.exp(0), math.expm1(0), math.pow(2, 10), math.cbrt(8.0), math.exp2(3))
print(math.sin(0), math.cos(0), math.tan(0), math.atan2(0, -1) == math.pi, math.degrees(math.pi), math.radians(180) == math.pi, math.asin(1) == math.pi / 2)
print(math.fsum([0.1] * 10), math.prod([1, 2, 3.0]), math.prod([]), math.prod([2, 3], start=5), math.dist((0, 0), (3, 4)), math.sumprod([1, 2], [3, 4]))
print(math.nextafter(1.0, 2.0), math.ulp(1.0), math.remainder(7, 4), math.log2(2**100), math.log10(10**30), math.floor(1e20), math.ceil(10**30), math.erf(0), math.gamma(5), math.lgamma(1))


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: math.sqrt(-1)) == "ValueError: math domain error" and message(lambda: math.log(0)) == "ValueError: math domain error"
assert message(lambda: math.exp(1000)) == "OverflowError: math range error" and message(lambda: math.acos(2)) == "ValueError: math domain error"
assert message(lambda: math.factorial(-1)) == "ValueError: factorial() not defined for negative values"
assert message(lambda: math.factorial(1.0)) == "TypeError: 'float' object cannot be interpreted as an integer"
assert message(lambda: math.gcd(1.5)) == "TypeError: 'float' object cannot be interpreted as an integer"
assert message(lambda: math.sqrt("a")) == "TypeError: must be real number, not str"
assert message(lambda: math.floor("a")) == "TypeError: must be real number, not str"
assert message(lambda: math.isqrt(-1)) == "ValueError: isqrt() argument must be nonnegative"
assert message(lambda: math.comb(-1, 2)) == "ValueError: n must be a non-negative integer"
assert message(lambda: math.floor(math.inf)) == "OverflowError: cannot convert float infinity to integer"
assert message(lambda: math.fmod(1, 0)) == "ValueError: math domain error" and message(lambda: math.pow(0, -1)) == "ValueError: math domain error"
