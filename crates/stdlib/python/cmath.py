"""Mathematics of complex numbers.

Missing: trigonometric, hyperbolic and inverse functions and logarithms, and values that are not finite in
`sqrt`, `exp` and `rect`; asking for one says so.
"""

import math as _math
from math import e, inf, nan, pi, tau

__all__ = ['e', 'exp', 'inf', 'infj', 'isclose', 'isfinite', 'isinf', 'isnan', 'nan', 'nanj', 'phase', 'pi', 'polar',
           'rect', 'sqrt', 'tau']

infj = complex(0.0, inf)
nanj = complex(0.0, nan)


def _complex(z):
    if isinstance(z, (str, bytes)) or not isinstance(z, (complex, float, int)) \
            and not hasattr(type(z), '__complex__') and not hasattr(type(z), '__float__'):
        raise TypeError(f'must be real number, not {type(z).__name__}')
    return complex(z)


def _finite(z, name):
    if not (_math.isfinite(z.real) and _math.isfinite(z.imag)):
        raise NotImplementedError(f'not supported: cmath.{name} of values that are not finite')


def phase(z, /):
    z = _complex(z)
    return _math.atan2(z.imag, z.real)


def polar(z, /):
    z = _complex(z)
    return abs(z), _math.atan2(z.imag, z.real)


def rect(r, phi, /):
    _finite(complex(r, phi), 'rect')
    if not phi:
        return complex(r, r * phi)
    return complex(r * _math.cos(phi), r * _math.sin(phi))


def sqrt(z, /):
    """The root with a real part that is not negative."""
    z = _complex(z)
    _finite(z, 'sqrt')
    if not z.real and not z.imag:
        return complex(0.0, z.imag)
    a, b = abs(z.real), abs(z.imag)
    if a < 2.2250738585072014e-308 and b < 2.2250738585072014e-308 and (a > 0.0 or b > 0.0):
        # Very small parts are made larger, lest their digits get lost; the odd power takes the half along.
        a = _math.ldexp(a, 53)
        root = _math.ldexp(_math.sqrt(a + _math.hypot(a, _math.ldexp(b, 53))), -27)
    else:
        a /= 8.0
        root = 2.0 * _math.sqrt(a + _math.hypot(a, b / 8.0))
    other = b / (2.0 * root)
    if z.real >= 0.0:
        return complex(root, _math.copysign(other, z.imag))
    return complex(other, _math.copysign(root, z.imag))


def exp(z, /):
    z = _complex(z)
    _finite(z, 'exp')
    if z.real > 708.0:
        raise NotImplementedError('not supported: cmath.exp of a real part above 708')
    size = _math.exp(z.real)
    return complex(size * _math.cos(z.imag), size * _math.sin(z.imag))


def isfinite(z, /):
    z = _complex(z)
    return _math.isfinite(z.real) and _math.isfinite(z.imag)


def isnan(z, /):
    z = _complex(z)
    return _math.isnan(z.real) or _math.isnan(z.imag)


def isinf(z, /):
    z = _complex(z)
    return _math.isinf(z.real) or _math.isinf(z.imag)


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    a, b = _complex(a), _complex(b)
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError('tolerances must be non-negative')
    if a == b:
        return True
    if isinf(a) or isinf(b):
        return False
    apart = abs(a - b)
    return apart <= rel_tol * abs(b) or apart <= rel_tol * abs(a) or apart <= abs_tol


def __getattr__(name):
    if name in ('sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'log',
                'log10'):
        raise NotImplementedError(f'not supported: cmath.{name}')
    raise AttributeError(f"module 'cmath' has no attribute {name!r}")
