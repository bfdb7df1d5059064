"""Mathematics of complex numbers.

Missing: values that are not finite, or so large that a step in between is not, but in what tells them apart; asking
says so.
"""

import math as _math
from math import e, inf, nan, pi, tau

__all__ = ['acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'cos', 'cosh', 'log', 'log10', 'sin', 'sinh', 'tan',
           'tanh', 'e', 'exp', 'inf', 'infj', 'isclose', 'isfinite', 'isinf', 'isnan', 'nan', 'nanj', 'phase', 'pi', 'polar',
           'rect', 'sqrt', 'tau']

infj = complex(0.0, inf)
nanj = complex(0.0, nan)


def _hypot(a, b):
    # Not that of `math`, which rounds otherwise: the size of a complex number is what CPython takes here.
    return abs(complex(a, b))


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
        root = _math.ldexp(_math.sqrt(a + _hypot(a, _math.ldexp(b, 53))), -27)
    else:
        a /= 8.0
        root = 2.0 * _math.sqrt(a + _hypot(a, b / 8.0))
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


_LARGE = 1.7976931348623157e+308 / 4.0
_LOG_LARGE = _math.log(_LARGE)
_ROOT_LARGE = _math.sqrt(_LARGE)
_ROOT_SMALL = _math.sqrt(2.2250738585072014e-308)


def _part(z, name, most=_LARGE):
    """A value whose steps in between are all finite."""
    z = _complex(z)
    _finite(z, name)
    if abs(z.real) > most or abs(z.imag) > most:
        raise NotImplementedError(f'not supported: cmath.{name} of values this large')
    return z


def acos(z, /):
    z = _part(z, 'acos')
    one, two = sqrt(complex(1.0 - z.real, -z.imag)), sqrt(complex(1.0 + z.real, z.imag))
    return complex(2.0 * _math.atan2(one.real, two.real), _math.asinh(two.real * one.imag - two.imag * one.real))


def acosh(z, /):
    z = _part(z, 'acosh')
    one, two = sqrt(complex(z.real - 1.0, z.imag)), sqrt(complex(z.real + 1.0, z.imag))
    return complex(_math.asinh(one.real * two.real + one.imag * two.imag), 2.0 * _math.atan2(one.imag, two.real))


def asin(z, /):
    z = _part(z, 'asin')
    turned = asinh(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)


def asinh(z, /):
    z = _part(z, 'asinh')
    one, two = sqrt(complex(1.0 + z.imag, -z.real)), sqrt(complex(1.0 - z.imag, z.real))
    return complex(_math.asinh(one.real * two.imag - two.real * one.imag),
                   _math.atan2(z.imag, one.real * two.real - one.imag * two.imag))


def atan(z, /):
    z = _part(z, 'atan', _ROOT_LARGE)
    turned = atanh(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)


def atanh(z, /):
    z = _part(z, 'atanh', _ROOT_LARGE)
    if z.real < 0.0 or z.real == 0.0 and _math.copysign(1.0, z.real) < 0.0:
        turned = atanh(complex(-z.real, -z.imag))
        return complex(-turned.real, -turned.imag)
    size = abs(z.imag)
    if z.real == 1.0 and size < _ROOT_SMALL:
        if size == 0.0:
            raise ValueError('math domain error')
        return complex(-_math.log(_math.sqrt(size) / _math.sqrt(_hypot(size, 2.0))),
                       _math.copysign(_math.atan2(2.0, -size) / 2.0, z.imag))
    rest = 1.0 - z.real
    return complex(_math.log1p(4.0 * z.real / (rest * rest + size * size)) / 4.0,
                   -_math.atan2(-2.0 * z.imag, rest * (1.0 + z.real) - size * size) / 2.0)


def cos(z, /):
    z = _complex(z)
    return cosh(complex(-z.imag, z.real))


def cosh(z, /):
    z = _complex(z)
    _finite(z, 'cosh')
    if abs(z.real) > _LOG_LARGE:
        less = z.real - _math.copysign(1.0, z.real)
        return _in_range(_math.cos(z.imag) * _math.cosh(less) * e, _math.sin(z.imag) * _math.sinh(less) * e)
    return complex(_math.cos(z.imag) * _math.cosh(z.real), _math.sin(z.imag) * _math.sinh(z.real))


def sin(z, /):
    z = _complex(z)
    turned = sinh(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)


def sinh(z, /):
    z = _complex(z)
    _finite(z, 'sinh')
    if abs(z.real) > _LOG_LARGE:
        less = z.real - _math.copysign(1.0, z.real)
        return _in_range(_math.cos(z.imag) * _math.sinh(less) * e, _math.sin(z.imag) * _math.cosh(less) * e)
    return complex(_math.cos(z.imag) * _math.sinh(z.real), _math.sin(z.imag) * _math.cosh(z.real))


def _in_range(real, imag):
    if _math.isinf(real) or _math.isinf(imag):
        raise OverflowError('math range error')
    return complex(real, imag)


def tan(z, /):
    z = _complex(z)
    turned = tanh(complex(-z.imag, z.real))
    return complex(turned.imag, -turned.real)


def tanh(z, /):
    z = _complex(z)
    _finite(z, 'tanh')
    if abs(z.real) > _LOG_LARGE:
        return complex(_math.copysign(1.0, z.real),
                       4.0 * _math.sin(z.imag) * _math.cos(z.imag) * _math.exp(-2.0 * abs(z.real)))
    tx, ty = _math.tanh(z.real), _math.tan(z.imag)
    narrow = 1.0 / _math.cosh(z.real)
    both = tx * ty
    below = 1.0 + both * both
    return complex(tx * (1.0 + ty * ty) / below, ty / below * narrow * narrow)


def _log(z):
    z = _part(z, 'log')
    ax, ay = abs(z.real), abs(z.imag)
    tiny = 2.2250738585072014e-308
    if ax < tiny and ay < tiny:
        if ax == 0.0 and ay == 0.0:
            raise ValueError('math domain error')
        real = _math.log(_hypot(_math.ldexp(ax, 53), _math.ldexp(ay, 53))) - 53 * _math.log(2.0)
    else:
        size = _hypot(ax, ay)
        if 0.71 <= size <= 1.73:
            large, small = max(ax, ay), min(ax, ay)
            real = _math.log1p((large - 1.0) * (large + 1.0) + small * small) / 2.0
        else:
            real = _math.log(size)
    return complex(real, _math.atan2(z.imag, z.real))


def log(z, base=None, /):
    return _log(z) if base is None else _log(z) / _log(base)


def log10(z, /):
    found = _log(z)
    return complex(found.real / _math.log(10.0), found.imag / _math.log(10.0))
