"""Exact quotients of integers. Complete."""

from math import gcd as _gcd
import numbers
import operator
import re
import sys

__all__ = ['Fraction']

_LITERAL = re.compile(r'''
    \A\s*(?P<sign>[-+]?)(?=\d|\.\d)(?P<num>\d*|\d+(_\d+)*)
    (?:(?:\s*/\s*(?P<denom>\d+(_\d+)*))?|(?:\.(?P<decimal>\d*|\d+(_\d+)*))?(?:E(?P<exp>[-+]?\d+(_\d+)*))?)\s*\Z
''', re.VERBOSE | re.IGNORECASE)

_SPEC = re.compile(r'''
    (?:(?P<fill>.)?(?P<align>[<>=^]))?(?P<sign>[-+ ]?)(?P<no_neg_zero>z)?(?P<alt>\#)?(?P<zeropad>0(?=[0-9]))?
    (?P<width>0|[1-9][0-9]*)?(?P<sep>[,_])?(?:\.(?P<precision>0|[1-9][0-9]*))?(?P<type>[eEfFgG%])
''', re.DOTALL | re.VERBOSE)


def _round_to(numerator, denominator, places, drop_sign=False):
    """Sign and digits of the quotient, rounded half to even at that many decimal places."""
    if places >= 0:
        numerator *= 10 ** places
    else:
        denominator *= 10 ** -places
    quotient, rest = divmod(numerator + (denominator >> 1), denominator)
    if rest == 0 and denominator & 1 == 0:
        quotient &= -2
    return (quotient < 0 if drop_sign else numerator < 0), abs(quotient)


def _round_figures(numerator, denominator, figures):
    """Sign, digits and exponent of the quotient with that many figures."""
    if numerator == 0:
        return False, 0, 1 - figures
    top, bottom = str(abs(numerator)), str(denominator)
    magnitude = len(top) - len(bottom) + (bottom <= top)
    places = magnitude - figures
    sign, digits = _round_to(numerator, denominator, -places)
    if len(str(digits)) == figures + 1:
        digits //= 10
        places += 1
    return sign, digits, places


class Fraction(numbers.Rational):
    """A quotient in lowest terms; values never change."""

    __slots__ = ('_numerator', '_denominator')

    def __new__(cls, numerator=0, denominator=None):
        self = object.__new__(cls)
        if denominator is None:
            numerator, denominator = _parts(numerator)
            self._numerator = numerator
            self._denominator = denominator
            return self
        if type(numerator) is int is type(denominator):
            pass
        elif isinstance(numerator, numbers.Rational) and isinstance(denominator, numbers.Rational):
            numerator, denominator = (numerator.numerator * denominator.denominator,
                                      denominator.numerator * numerator.denominator)
        else:
            raise TypeError('both arguments should be Rational instances')
        if denominator == 0:
            raise ZeroDivisionError(f'Fraction({numerator}, 0)')
        divisor = _gcd(numerator, denominator)
        if denominator < 0:
            divisor = -divisor
        self._numerator = numerator // divisor
        self._denominator = denominator // divisor
        return self

    @classmethod
    def _lowest(cls, numerator, denominator):
        """A value of parts that are in lowest terms already."""
        self = object.__new__(cls)
        self._numerator = numerator
        self._denominator = denominator
        return self

    @classmethod
    def from_float(cls, f):
        if isinstance(f, numbers.Integral):
            return cls(f)
        if not isinstance(f, float):
            raise TypeError(f'{cls.__name__}.from_float() only takes floats, not {f!r} ({type(f).__name__})')
        return cls._lowest(*f.as_integer_ratio())

    @classmethod
    def from_decimal(cls, dec):
        from decimal import Decimal
        if isinstance(dec, numbers.Integral):
            dec = Decimal(int(dec))
        elif not isinstance(dec, Decimal):
            raise TypeError(f'{cls.__name__}.from_decimal() only takes Decimals, not {dec!r} ({type(dec).__name__})')
        return cls._lowest(*dec.as_integer_ratio())

    @property
    def numerator(self):
        return self._numerator

    @property
    def denominator(self):
        return self._denominator

    def is_integer(self):
        return self._denominator == 1

    def as_integer_ratio(self):
        return self._numerator, self._denominator

    def limit_denominator(self, max_denominator=1000000):
        """The nearest value whose denominator is not larger."""
        if max_denominator < 1:
            raise ValueError('max_denominator should be at least 1')
        if self._denominator <= max_denominator:
            return Fraction(self)
        # Convergents of the continued fraction come ever nearer, from alternating sides.
        low_top, low_bottom, top, bottom = 0, 1, 1, 0
        n, d = self._numerator, self._denominator
        while True:
            whole = n // d
            next_bottom = low_bottom + whole * bottom
            if next_bottom > max_denominator:
                break
            low_top, low_bottom, top, bottom = top, bottom, low_top + whole * top, next_bottom
            n, d = d, n - whole * d
        steps = (max_denominator - low_bottom) // bottom
        if 2 * d * (low_bottom + steps * bottom) <= self._denominator:
            return Fraction._lowest(top, bottom)
        return Fraction._lowest(low_top + steps * top, low_bottom + steps * bottom)

    def __repr__(self):
        return f'{type(self).__name__}({self._numerator}, {self._denominator})'

    def __str__(self):
        return str(self._numerator) if self._denominator == 1 else f'{self._numerator}/{self._denominator}'

    def __format__(self, format_spec, /):
        if not format_spec:
            return str(self)
        match = _SPEC.fullmatch(format_spec)
        if match is None or match['align'] is not None and match['zeropad'] is not None:
            raise ValueError(f'Invalid format specifier {format_spec!r} for object of type {type(self).__name__!r}')
        kind = match['type']
        sign, body, tail = self._digits_for(kind, int(match['precision'] or 6), match['alt'], match['no_neg_zero'])
        mark = '-' if sign else '' if match['sign'] == '-' else match['sign']
        width = int(match['width'] or 0)
        separator = match['sep'] or ''
        if match['zeropad']:
            least = width - len(mark) - len(tail)
            body = body.zfill(3 * least // 4 + 1 if separator else least)
        if separator:
            first = 1 + (len(body) - 1) % 3
            body = body[:first] + ''.join([separator + body[at:at + 3] for at in range(first, len(body), 3)])
        body += tail
        gap = (match['fill'] or ' ') * (width - len(mark) - len(body))
        align = match['align'] or '>'
        if align == '>':
            return gap + mark + body
        if align == '<':
            return mark + body + gap
        if align == '^':
            half = len(gap) // 2
            return gap[:half] + mark + body + gap[half:]
        return mark + gap + body

    def _digits_for(self, kind, precision, alternate, drop_sign):
        """Sign, digits before the point, and the rest, of one of the float styles."""
        if kind in 'fF%':
            scale = precision + 2 if kind == '%' else precision
            sign, digits = _round_to(self._numerator, self._denominator, scale, bool(drop_sign))
            point, power, scientific = precision, 0, False
        else:
            if kind in 'gG':
                figures = max(precision, 1)
            else:
                figures = precision + 1
            sign, digits, power = _round_figures(self._numerator, self._denominator, figures)
            scientific = kind in 'eE' or power > 0 or power + figures <= -4
            point = figures - 1 if scientific else -power
        tail = ''
        if kind == '%':
            tail = '%'
        elif scientific:
            power += point
            tail = f"{'E' if kind in 'EG' else 'e'}{power:+03d}"
        text = f'{digits:0{point + 1}d}'
        whole, fraction = text[:len(text) - point], text[len(text) - point:]
        if kind in 'gG' and not alternate:
            fraction = fraction.rstrip('0')
        dot = '.' if fraction or alternate else ''
        return sign, whole, dot + fraction + tail

    def _binary(exact, fallback):
        """An operator and its mirror: exact with rationals, through floats and complex numbers otherwise."""
        def forward(a, b):
            if isinstance(b, Fraction):
                return exact(a, b)
            if isinstance(b, int):
                return exact(a, Fraction(b))
            if isinstance(b, float):
                return fallback(float(a), b)
            if isinstance(b, complex):
                return fallback(complex(a), b)
            return NotImplemented

        def mirrored(b, a):
            if isinstance(a, numbers.Rational):
                return exact(Fraction(a), b)
            if isinstance(a, numbers.Real):
                return fallback(float(a), float(b))
            if isinstance(a, numbers.Complex):
                return fallback(complex(a), complex(b))
            return NotImplemented
        return forward, mirrored

    def _sum(a, b):
        return Fraction(a._numerator * b._denominator + b._numerator * a._denominator,
                        a._denominator * b._denominator)

    def _difference(a, b):
        return Fraction(a._numerator * b._denominator - b._numerator * a._denominator,
                        a._denominator * b._denominator)

    def _product(a, b):
        return Fraction(a._numerator * b._numerator, a._denominator * b._denominator)

    def _quotient(a, b):
        top, bottom = a._numerator * b._denominator, a._denominator * b._numerator
        if bottom == 0:
            raise ZeroDivisionError('Fraction(1, 0)')
        return Fraction(top, bottom)

    def _floor(a, b):
        return (a._numerator * b._denominator) // (a._denominator * b._numerator)

    def _rest(a, b):
        return Fraction((a._numerator * b._denominator) % (b._numerator * a._denominator),
                        a._denominator * b._denominator)

    def _both(a, b):
        whole, rest = divmod(a._numerator * b._denominator, a._denominator * b._numerator)
        return whole, Fraction(rest, a._denominator * b._denominator)

    __add__, __radd__ = _binary(_sum, operator.add)
    __sub__, __rsub__ = _binary(_difference, operator.sub)
    __mul__, __rmul__ = _binary(_product, operator.mul)
    __truediv__, __rtruediv__ = _binary(_quotient, operator.truediv)
    __floordiv__, __rfloordiv__ = _binary(_floor, operator.floordiv)
    __mod__, __rmod__ = _binary(_rest, operator.mod)
    __divmod__, __rdivmod__ = _binary(_both, divmod)

    def __pow__(a, b):
        if not isinstance(b, numbers.Rational):
            return float(a) ** b
        if b.denominator != 1:
            return float(a) ** float(b)
        power = b.numerator
        if power >= 0:
            return Fraction._lowest(a._numerator ** power, a._denominator ** power)
        if a._numerator > 0:
            return Fraction._lowest(a._denominator ** -power, a._numerator ** -power)
        if a._numerator == 0:
            raise ZeroDivisionError(f'Fraction({a._denominator ** -power}, 0)')
        return Fraction._lowest((-a._denominator) ** -power, (-a._numerator) ** -power)

    def __rpow__(b, a):
        if b._denominator == 1 and b._numerator >= 0:
            return a ** b._numerator
        if isinstance(a, numbers.Rational):
            return Fraction(a.numerator, a.denominator) ** b
        if b._denominator == 1:
            return a ** b._numerator
        return a ** float(b)

    def __pos__(a):
        return Fraction._lowest(a._numerator, a._denominator)

    def __neg__(a):
        return Fraction._lowest(-a._numerator, a._denominator)

    def __abs__(a):
        return Fraction._lowest(abs(a._numerator), a._denominator)

    def __int__(a):
        return -(-a._numerator // a._denominator) if a._numerator < 0 else a._numerator // a._denominator

    __trunc__ = __int__

    def __floor__(a):
        return a._numerator // a._denominator

    def __ceil__(a):
        return -(-a._numerator // a._denominator)

    def __round__(self, ndigits=None):
        if ndigits is None:
            whole, rest = divmod(self._numerator, self._denominator)
            twice = rest * 2
            return whole + (twice > self._denominator or twice == self._denominator and whole & 1)
        shift = 10 ** abs(ndigits)
        if ndigits > 0:
            return Fraction(round(self * shift), shift)
        return Fraction(round(self / shift) * shift)

    def __hash__(self):
        # Equal numbers of all types have equal hashes: the quotient is taken modulo the hash's prime.
        prime = sys.hash_info.modulus
        try:
            value = hash(hash(abs(self._numerator)) * pow(self._denominator, -1, prime))
        except ValueError:
            value = sys.hash_info.inf
        value = value if self._numerator >= 0 else -value
        return -2 if value == -1 else value

    def __eq__(a, b):
        if type(b) is int:
            return a._numerator == b and a._denominator == 1
        if isinstance(b, numbers.Rational):
            return a._numerator == b.numerator and a._denominator == b.denominator
        if isinstance(b, numbers.Complex) and b.imag == 0:
            b = b.real
        if isinstance(b, float):
            if b != b or b in (float('inf'), float('-inf')):
                return 0.0 == b
            return a == Fraction.from_float(b)
        return NotImplemented

    def _ordered(self, other, compare):
        if isinstance(other, numbers.Rational):
            return compare(self._numerator * other.denominator, self._denominator * other.numerator)
        if isinstance(other, float):
            if other != other or other in (float('inf'), float('-inf')):
                return compare(0.0, other)
            return compare(self, Fraction.from_float(other))
        return NotImplemented

    def __lt__(a, b):
        return a._ordered(b, operator.lt)

    def __gt__(a, b):
        return a._ordered(b, operator.gt)

    def __le__(a, b):
        return a._ordered(b, operator.le)

    def __ge__(a, b):
        return a._ordered(b, operator.ge)

    def __bool__(a):
        return bool(a._numerator)

    def __reduce__(self):
        return type(self), (self._numerator, self._denominator)

    def __copy__(self):
        return self if type(self) is Fraction else type(self)(self._numerator, self._denominator)

    def __deepcopy__(self, memo):
        return self.__copy__()


def _parts(value):
    """Numerator and denominator that one argument stands for."""
    if type(value) is int:
        return value, 1
    if isinstance(value, numbers.Rational):
        return value.numerator, value.denominator
    if isinstance(value, str):
        return _read(value)
    if isinstance(value, float) or hasattr(value, 'as_integer_ratio'):
        return value.as_integer_ratio()
    raise TypeError('argument should be a string or a Rational instance')


def _read(text):
    match = _LITERAL.match(text)
    if match is None:
        raise ValueError(f'Invalid literal for Fraction: {text!r}')
    numerator = int(match['num'] or '0')
    if match['denom']:
        denominator = int(match['denom'])
    else:
        denominator = 1
        decimal = (match['decimal'] or '').replace('_', '')
        if decimal:
            denominator = 10 ** len(decimal)
            numerator = numerator * denominator + int(decimal)
        power = int(match['exp'] or '0')
        if power >= 0:
            numerator *= 10 ** power
        else:
            denominator *= 10 ** -power
    if match['sign'] == '-':
        numerator = -numerator
    if denominator == 0:
        raise ZeroDivisionError(f'Fraction({numerator}, 0)')
    divisor = _gcd(numerator, denominator)
    return numerator // divisor, denominator // divisor
