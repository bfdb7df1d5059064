"""Decimal numbers of any precision under a context.

The format type `n` is that of the locale C.
"""

from collections import namedtuple as _namedtuple
from math import copysign as _copysign, isqrt as _isqrt
import numbers as _numbers
import re as _re

__all__ = ['Decimal', 'Context', 'DecimalTuple', 'DefaultContext', 'BasicContext', 'ExtendedContext',
           'DecimalException', 'Clamped', 'InvalidOperation', 'DivisionByZero', 'Inexact', 'Rounded', 'Subnormal',
           'Overflow', 'Underflow', 'FloatOperation', 'DivisionImpossible', 'InvalidContext', 'ConversionSyntax',
           'DivisionUndefined', 'ROUND_DOWN', 'ROUND_HALF_UP', 'ROUND_HALF_EVEN', 'ROUND_CEILING', 'ROUND_FLOOR',
           'ROUND_UP', 'ROUND_HALF_DOWN', 'ROUND_05UP', 'setcontext', 'getcontext', 'localcontext', 'MAX_PREC',
           'MAX_EMAX', 'MIN_EMIN', 'MIN_ETINY', 'HAVE_THREADS', 'HAVE_CONTEXTVAR']

DecimalTuple = _namedtuple('DecimalTuple', 'sign digits exponent', module='decimal')

ROUND_DOWN = 'ROUND_DOWN'
ROUND_HALF_UP = 'ROUND_HALF_UP'
ROUND_HALF_EVEN = 'ROUND_HALF_EVEN'
ROUND_CEILING = 'ROUND_CEILING'
ROUND_FLOOR = 'ROUND_FLOOR'
ROUND_UP = 'ROUND_UP'
ROUND_HALF_DOWN = 'ROUND_HALF_DOWN'
ROUND_05UP = 'ROUND_05UP'
_ROUNDINGS = (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,
              ROUND_05UP)

HAVE_THREADS = True
HAVE_CONTEXTVAR = True
MAX_PREC = 999999999999999999
MAX_EMAX = 999999999999999999
MIN_EMIN = -999999999999999999
MIN_ETINY = MIN_EMIN - (MAX_PREC - 1)


class DecimalException(ArithmeticError):
    pass


class Clamped(DecimalException):
    pass


class InvalidOperation(DecimalException):
    pass


class ConversionSyntax(InvalidOperation):
    pass


class DivisionByZero(DecimalException, ZeroDivisionError):
    pass


class DivisionImpossible(InvalidOperation):
    pass


class DivisionUndefined(InvalidOperation, ZeroDivisionError):
    pass


class Inexact(DecimalException):
    pass


class InvalidContext(InvalidOperation):
    pass


class Rounded(DecimalException):
    pass


class Subnormal(DecimalException):
    pass


class Overflow(Inexact, Rounded):
    pass


class Underflow(Inexact, Rounded, Subnormal):
    pass


class FloatOperation(DecimalException, TypeError):
    pass


_SIGNALS = (InvalidOperation, FloatOperation, DivisionByZero, Overflow, Subnormal, Underflow, Rounded, Inexact,
            Clamped)
# The order in which a context shows them.
_SHOWN = (Clamped, InvalidOperation, DivisionByZero, Inexact, FloatOperation, Overflow, Rounded, Subnormal, Underflow)
_PLAIN = (float, complex, str, bytes, type(None), list, tuple, dict, set, frozenset)


class Context:
    """Precision, rounding and limits of arithmetic, and what happens at its edges."""

    def __init__(self, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None,
                 traps=None):
        base = _default
        self.prec = base.prec if prec is None else prec
        self.rounding = base.rounding if rounding is None else rounding
        self.Emin = base.Emin if Emin is None else Emin
        self.Emax = base.Emax if Emax is None else Emax
        self.capitals = base.capitals if capitals is None else capitals
        self.clamp = base.clamp if clamp is None else clamp
        self.flags = _signal_map(flags or ())
        self.traps = base.traps.copy() if traps is None else _signal_map(traps)

    def __setattr__(self, name, value):
        limits = _LIMITS.get(name)
        if limits:
            if not isinstance(value, int):
                raise TypeError('an integer is required')
            if not limits[0] <= value <= limits[1]:
                raise ValueError(limits[2])
        elif name == 'rounding':
            if value not in _ROUNDINGS:
                raise TypeError('valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, '
                                'ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]')
        elif name not in ('flags', 'traps'):
            raise AttributeError(f"'decimal.Context' object has no attribute '{name}'")
        object.__setattr__(self, name, value)

    def __repr__(self):
        flags = ', '.join([signal.__name__ for signal in _SHOWN if self.flags[signal]])
        traps = ', '.join([signal.__name__ for signal in _SHOWN if self.traps[signal]])
        return (f'Context(prec={self.prec}, rounding={self.rounding}, Emin={self.Emin}, Emax={self.Emax}, '
                f'capitals={self.capitals}, clamp={self.clamp}, flags=[{flags}], traps=[{traps}])')

    def copy(self):
        return Context(self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp,
                       [signal for signal in _SIGNALS if self.flags[signal]],
                       [signal for signal in _SIGNALS if self.traps[signal]])

    __copy__ = copy

    def clear_flags(self):
        for signal in _SIGNALS:
            self.flags[signal] = False

    def clear_traps(self):
        for signal in _SIGNALS:
            self.traps[signal] = False

    def Etiny(self):
        return self.Emin - self.prec + 1

    def Etop(self):
        return self.Emax - self.prec + 1

    def _raise(self, condition, result=None):
        """Note a condition; raise it where the context says so, else give the result."""
        signal = condition if condition in self.flags else InvalidOperation
        self.flags[signal] = True
        if self.traps[signal]:
            raise signal([condition])
        return result if result is not None else _NAN

    def create_decimal(self, num='0', /):
        return _create(Decimal, num, self)._fixed(self)

    def radix(self):
        return Decimal(10)

    def canonical(self, a, /):
        if not isinstance(a, Decimal):
            raise TypeError('argument must be a Decimal')
        return a

    def is_canonical(self, a, /):
        return self.canonical(a).is_canonical()

    def copy_decimal(self, a, /):
        return _operand(a)

    def create_decimal_from_float(self, f, /):
        return Decimal.from_float(f)._fixed(self)

    def __getattr__(self, name):
        if name in _CONTEXT_OPERATIONS:
            def operation(*operands, **named):
                with localcontext(self) as context:
                    try:
                        named = {key: value if value is None else _operand(value) for key, value in named.items()}
                        return _CONTEXT_OPERATIONS[name](*[_operand(value) for value in operands], **named)
                    finally:
                        self.flags.update(context.flags)
            return operation
        raise AttributeError(f"'decimal.Context' object has no attribute '{name}'")


_LIMITS = {
    'prec': (1, MAX_PREC, 'valid range for prec is [1, MAX_PREC]'),
    'Emin': (MIN_EMIN, 0, 'valid range for Emin is [MIN_EMIN, 0]'),
    'Emax': (0, MAX_EMAX, 'valid range for Emax is [0, MAX_EMAX]'),
    'capitals': (0, 1, 'valid values for capitals are 0 or 1'),
    'clamp': (0, 1, 'valid values for clamp are 0 or 1'),
}


def _signal_map(chosen):
    if isinstance(chosen, dict):
        return dict(chosen)
    return {signal: signal in chosen for signal in _SIGNALS}


class _Default:
    prec, rounding, Emin, Emax, capitals, clamp = 28, ROUND_HALF_EVEN, -999999, 999999, 1, 0
    traps = _signal_map((InvalidOperation, DivisionByZero, Overflow))


_default = _Default
DefaultContext = Context()
_default = DefaultContext
BasicContext = Context(9, ROUND_HALF_UP, traps=[DivisionByZero, Overflow, InvalidOperation, Clamped, Underflow])
ExtendedContext = Context(9, ROUND_HALF_EVEN, traps=[])
_current = None


def getcontext():
    """The context in force."""
    global _current
    if _current is None:
        _current = DefaultContext.copy()
    return _current


def setcontext(context, /):
    global _current
    if not isinstance(context, Context):
        raise TypeError('optional argument must be a context')
    if context in (DefaultContext, BasicContext, ExtendedContext):
        context = context.copy()
        context.clear_flags()
    _current = context


class _Local:
    def __init__(self, context):
        self.context = context

    def __enter__(self):
        self.before = getcontext()
        setcontext(self.context)
        return self.context

    def __exit__(self, *exception):
        setcontext(self.before)


def localcontext(ctx=None, **options):
    """A copy of a context, in force inside a `with`."""
    if ctx is not None and not isinstance(ctx, Context):
        raise TypeError('optional argument must be a context')
    made = (getcontext() if ctx is None else ctx).copy()
    for name, value in options.items():
        if name not in _LIMITS and name not in ('rounding', 'flags', 'traps'):
            raise TypeError(f"'{name}' is an invalid keyword argument for this function")
        setattr(made, name, _signal_map(value) if name in ('flags', 'traps') else value)
    return _Local(made)


def _length(number):
    """How many decimal digits a number above zero has; zero has one."""
    if number < 10 ** 4000:
        return len(str(number))
    guess = int(number.bit_length() * 0.30102999566398120)
    return guess + (number >= 10 ** guess)


def _digits(number):
    """The digits, also of a number that `str` refuses to write."""
    if number < 10 ** 4000:
        return str(number)
    half = _length(number) // 2
    high, low = divmod(number, 10 ** half)
    return _digits(high) + _digits(low).rjust(half, '0')


def _number(text):
    """The number of digits that `int` may refuse to read."""
    if len(text) <= 4000:
        return int(text)
    half = len(text) // 2
    return _number(text[:-half]) * 10 ** half + _number(text[-half:])


def _rounded(sign, whole, rest, unit, rounding):
    """`whole`, one more when the rest of the unit asks for it."""
    if not rest:
        return whole
    if rounding == ROUND_HALF_EVEN:
        up = 2 * rest > unit or 2 * rest == unit and whole & 1
    elif rounding == ROUND_HALF_UP:
        up = 2 * rest >= unit
    elif rounding == ROUND_HALF_DOWN:
        up = 2 * rest > unit
    elif rounding == ROUND_DOWN:
        up = False
    elif rounding == ROUND_UP:
        up = True
    elif rounding == ROUND_CEILING:
        up = not sign
    elif rounding == ROUND_FLOOR:
        up = sign
    else:
        up = whole % 5 == 0
    return whole + 1 if up else whole


_SYNTAX = _re.compile(r'''(?P<sign>[-+])?(?:(?=\d|\.\d)(?P<int>\d*)(?:\.(?P<frac>\d*))?(?:E(?P<exp>[-+]?\d+))?
                      |Inf(?:inity)?|(?P<signal>s)?NaN(?P<diag>\d*))\Z''', _re.VERBOSE | _re.IGNORECASE)


class Decimal:
    """A decimal number: a sign, digits and an exponent; or an infinity, or not a number."""

    __slots__ = ('_sign', '_int', '_exp')

    def __new__(cls, value='0', context=None):
        return _create(cls, value, context)

    @classmethod
    def from_float(cls, f, /):
        if isinstance(f, int):
            return _make(int(f < 0), abs(int(f)), 0, cls)
        if not isinstance(f, float):
            raise TypeError('argument must be int or float')
        sign = int(_copysign(1.0, f) < 0)
        if f != f:
            return _make(sign, 0, 'n', cls)
        if f in (float('inf'), float('-inf')):
            return _make(sign, 0, 'F', cls)
        top, bottom = abs(f).as_integer_ratio()
        places = bottom.bit_length() - 1
        made = _make(sign, top * 5 ** places, -places)
        return made if cls is Decimal else cls(made)

    # What a value is.

    def is_nan(self):
        return self._exp == 'n' or self._exp == 'N'

    def is_qnan(self):
        return self._exp == 'n'

    def is_snan(self):
        return self._exp == 'N'

    def is_infinite(self):
        return self._exp == 'F'

    def is_finite(self):
        return type(self._exp) is int

    def is_signed(self):
        return self._sign == 1

    def is_zero(self):
        return type(self._exp) is int and not self._int

    def is_canonical(self):
        return True

    def is_normal(self, context=None):
        context = context or getcontext()
        return self.is_finite() and bool(self._int) and self.adjusted() >= context.Emin

    def is_subnormal(self, context=None):
        context = context or getcontext()
        return self.is_finite() and bool(self._int) and self.adjusted() < context.Emin

    def number_class(self, context=None):
        if self.is_nan():
            return 'sNaN' if self.is_snan() else 'NaN'
        mark = '-' if self._sign else '+'
        if self.is_infinite():
            return mark + 'Infinity'
        if not self._int:
            return mark + 'Zero'
        return mark + ('Subnormal' if self.is_subnormal(context) else 'Normal')

    def adjusted(self):
        """The exponent of the first digit."""
        return self._exp + _length(self._int) - 1 if type(self._exp) is int else 0

    def as_tuple(self):
        digits = tuple(map(int, _digits(self._int)))
        if self._exp == 'F':
            digits = (0,)
        elif self.is_nan() and not self._int:
            digits = ()
        return DecimalTuple(self._sign, digits, self._exp)

    def as_integer_ratio(self):
        if self.is_nan():
            raise ValueError('cannot convert NaN to integer ratio')
        if self.is_infinite():
            raise OverflowError('cannot convert Infinity to integer ratio')
        top, bottom = self._scaled()
        from math import gcd
        divisor = gcd(top, bottom)
        return top // divisor, bottom // divisor

    def _scaled(self):
        """Numerator and denominator, not in lowest terms."""
        value = -self._int if self._sign else self._int
        return (value * 10 ** self._exp, 1) if self._exp >= 0 else (value, 10 ** -self._exp)

    def canonical(self):
        return self

    def radix(self):
        return Decimal(10)

    def conjugate(self):
        return self

    @property
    def real(self):
        return self

    @property
    def imag(self):
        return Decimal(0)

    def copy_abs(self):
        return _make(0, self._int, self._exp)

    def copy_negate(self):
        return _make(1 - self._sign, self._int, self._exp)

    def copy_sign(self, other, context=None):
        return _make(_operand(other)._sign, self._int, self._exp)

    def same_quantum(self, other, context=None):
        other = _operand(other)
        if not self.is_finite() or not other.is_finite():
            return self.is_nan() and other.is_nan() or self.is_infinite() and other.is_infinite()
        return self._exp == other._exp

    # Texts.

    def __str__(self):
        return _text(self, False, getcontext().capitals)

    def to_eng_string(self, context=None):
        return _text(self, True, (context or getcontext()).capitals)

    def __repr__(self):
        return f"Decimal('{self}')"

    def __format__(self, spec):
        return _formatted(self, spec)

    # Rounding.

    def _fixed(self, context):
        """The value as the context allows it to be."""
        if type(self) is not Decimal:
            self = _make(self._sign, self._int, self._exp)
        exponent = self._exp
        if type(exponent) is not int:
            if self.is_nan() and self._int and _length(self._int) > context.prec - context.clamp:
                return _make(self._sign, self._int % 10 ** (context.prec - context.clamp), exponent)
            return self
        return _finished(self._sign, self._int, exponent, context, self)

    def _rescaled(self, exponent, rounding):
        """The value with another exponent, rounded; no limits."""
        return _make(self._sign, self._units(exponent, rounding), exponent)

    def _units(self, exponent, rounding):
        if self._exp >= exponent:
            return self._int * 10 ** (self._exp - exponent)
        drop = exponent - self._exp
        if drop > _length(self._int) + 1:
            whole, rest, unit = 0, self._int and 1, 10
        else:
            unit = 10 ** drop
            whole, rest = divmod(self._int, unit)
        return _rounded(self._sign, whole, rest, unit, rounding)

    def quantize(self, exp, rounding=None, context=None):
        """The value with the exponent of another."""
        context = context or getcontext()
        exp = _operand(exp)
        if rounding is None:
            rounding = context.rounding
        elif rounding not in _ROUNDINGS:
            raise TypeError('valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n'
                            '   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]')
        if not self.is_finite() or not exp.is_finite():
            nan = _nan_of(self, exp, context)
            if nan is not None:
                return nan
            if self.is_infinite() and exp.is_infinite():
                return self
            return context._raise(InvalidOperation)
        target = exp._exp
        if not context.Etiny() <= target <= context.Emax:
            return context._raise(InvalidOperation)
        if not self._int:
            return _make(self._sign, 0, target)
        if self.adjusted() > context.Emax or self.adjusted() - target + 1 > context.prec:
            return context._raise(InvalidOperation)
        units = self._units(target, rounding)
        if _length(units) > context.prec or units and target + _length(units) - 1 > context.Emax:
            return context._raise(InvalidOperation)
        made = _make(self._sign, units, target)
        if units and made.adjusted() < context.Emin:
            context._raise(Subnormal, made)
        if target > self._exp:
            if made != self:
                context._raise(Inexact, made)
            context._raise(Rounded, made)
        return made

    def to_integral_value(self, rounding=None, context=None):
        if not self.is_finite():
            return _nan_of(self, self, context or getcontext()) if self.is_nan() else self
        if self._exp >= 0:
            return self if type(self) is Decimal else _make(self._sign, self._int, self._exp)
        return self._rescaled(0, rounding or (context or getcontext()).rounding)

    to_integral = to_integral_value

    def to_integral_exact(self, rounding=None, context=None):
        context = context or getcontext()
        made = self.to_integral_value(rounding, context)
        if self.is_finite() and self._exp < 0:
            context._raise(Rounded, made)
            if made != self:
                context._raise(Inexact, made)
        return made

    def normalize(self, context=None):
        """The value without zeros at the end."""
        context = context or getcontext()
        if self.is_nan():
            return _nan_of(self, self, context)
        made = self._fixed(context)
        if not made.is_finite():
            return made
        if not made._int:
            return _make(made._sign, 0, 0)
        number, exponent = made._int, made._exp
        top = context.Etop() if context.clamp else context.Emax
        while number % 10 == 0 and exponent < top:
            number //= 10
            exponent += 1
        return _make(made._sign, number, exponent)

    def __round__(self, ndigits=None):
        if ndigits is None:
            return self._to_int(ROUND_HALF_EVEN)
        if not isinstance(ndigits, int):
            raise TypeError('optional arg must be an integer')
        return self.quantize(_make(0, 1, -ndigits))

    def _to_int(self, rounding):
        if self.is_nan():
            raise ValueError('cannot convert NaN to integer')
        if self.is_infinite():
            raise OverflowError('cannot convert Infinity to integer')
        units = self._units(0, rounding)
        return -units if self._sign else units

    def __int__(self):
        return self._to_int(ROUND_DOWN)

    __trunc__ = __int__

    def __floor__(self):
        return self._to_int(ROUND_FLOOR)

    def __ceil__(self):
        return self._to_int(ROUND_CEILING)

    def __float__(self):
        if self.is_snan():
            raise ValueError('cannot convert signaling NaN to float')
        if self.is_nan():
            return float('-nan' if self._sign else 'nan')
        return float(_text(self, False, 1))

    def __complex__(self):
        return complex(float(self))

    def __bool__(self):
        return not self.is_finite() or bool(self._int)

    # Comparison.

    def _against(self, other):
        """Minus one, zero or one; the exact order of two numbers that are no NaN."""
        if self.is_infinite() or other.is_infinite():
            mine = (-1 if self._sign else 1) if self.is_infinite() else 0
            theirs = (-1 if other._sign else 1) if other.is_infinite() else 0
            return (mine > theirs) - (mine < theirs)
        mine, theirs = (-self._int if self._sign else self._int), (-other._int if other._sign else other._int)
        if not mine or not theirs or (mine < 0) != (theirs < 0):
            return (mine > theirs) - (mine < theirs)
        # Far apart exponents need no long numbers.
        here, there = self.adjusted(), other.adjusted()
        if here != there:
            return (1 if here > there else -1) * (1 if mine > 0 else -1)
        least = min(self._exp, other._exp)
        mine, theirs = mine * 10 ** (self._exp - least), theirs * 10 ** (other._exp - least)
        return (mine > theirs) - (mine < theirs)

    def _compared(self, other, equality):
        """The order, None with a NaN, or NotImplemented."""
        if not isinstance(other, Decimal):
            if isinstance(other, int):
                other = _make(int(other < 0), abs(int(other)), 0)
            elif isinstance(other, float):
                context = getcontext()
                context.flags[FloatOperation] = True
                if context.traps[FloatOperation] and not equality:
                    raise FloatOperation([FloatOperation])
                other = Decimal.from_float(other)
            elif equality and isinstance(other, complex) and other.imag == 0:
                other = Decimal.from_float(other.real)
            elif isinstance(other, _numbers.Rational):
                if not self.is_finite():
                    other = _make(0, 0, 0)
                else:
                    self, other = (_make(self._sign, self._int * int(other.denominator), self._exp),
                                   Decimal(int(other.numerator)))
            else:
                return NotImplemented
        if self.is_nan() or other.is_nan():
            if not equality or self.is_snan() or other.is_snan():
                getcontext()._raise(InvalidOperation)
            return None
        return self._against(other)

    def _order(self, other, operator):
        order = self._compared(other, False)
        if order is NotImplemented and isinstance(other, _PLAIN):
            raise TypeError(f"'{operator}' not supported between instances of '{_title(self)}' "
                            f"and '{_title(other)}'")
        return order

    def __eq__(self, other):
        order = self._compared(other, True)
        return order if order is NotImplemented else order == 0

    def __lt__(self, other):
        order = self._order(other, '<')
        return order if order is NotImplemented else order is not None and order < 0

    def __le__(self, other):
        order = self._order(other, '<=')
        return order if order is NotImplemented else order is not None and order <= 0

    def __gt__(self, other):
        order = self._order(other, '>')
        return order if order is NotImplemented else order is not None and order > 0

    def __ge__(self, other):
        order = self._order(other, '>=')
        return order if order is NotImplemented else order is not None and order >= 0

    def compare(self, other, context=None):
        other = _operand(other)
        nan = _nan_of(self, other, context or getcontext())
        return Decimal(self._against(other)) if nan is None else nan

    def compare_signal(self, other, context=None):
        """As `compare`, and any NaN is an invalid operation."""
        other, context = _operand(other), context or getcontext()
        for value in sorted((self, other), key=Decimal.is_qnan):
            if value.is_nan():
                context._raise(InvalidOperation)
                return _make(value._sign, value._int, 'n')._fixed(context)
        return self.compare(other, context)

    def compare_total(self, other, context=None):
        """The order in which all representations differ."""
        other = _operand(other)
        if self._sign != other._sign:
            return Decimal(-1 if self._sign else 1)
        mine, theirs = [(_KINDS.get(value._exp, 0), value) for value in (self, other)]
        if mine[0] != theirs[0]:
            order = 1 if mine[0] > theirs[0] else -1
        elif mine[0] > 1:
            order = (self._int > other._int) - (self._int < other._int)
        else:
            order = self.copy_abs()._against(other.copy_abs())
            if not order and not mine[0]:
                order = (self._exp > other._exp) - (self._exp < other._exp)
        return Decimal(-order if self._sign else order)

    def compare_total_mag(self, other, context=None):
        return self.copy_abs().compare_total(_operand(other).copy_abs())

    # Neighbours and digits.

    def _next(self, context, down):
        context = context or getcontext()
        if self.is_nan():
            return _nan_of(self, self, context)
        if self.is_infinite():
            if bool(self._sign) == down:
                return self
            return _make(self._sign, 10 ** context.prec - 1, context.Etop())
        # What happens on the way to the neighbour is nobody's concern.
        quiet = context.copy()
        quiet.clear_traps()
        quiet.rounding = ROUND_FLOOR if down else ROUND_CEILING
        made = self._fixed(quiet)
        if made._against(self):
            return made
        return _add(self, _make(int(down), 1, quiet.Etiny() - 1), quiet)

    def next_minus(self, context=None):
        """The largest number of the context below this one."""
        return self._next(context, True)

    def next_plus(self, context=None):
        """The smallest number of the context above this one."""
        return self._next(context, False)

    def next_toward(self, other, context=None):
        """The neighbour in the direction of another number."""
        other, context = _operand(other), context or getcontext()
        nan = _nan_of(self, other, context)
        if nan is not None:
            return nan
        order = self._against(other)
        if not order:
            return self.copy_sign(other)
        made = self._next(context, order > 0)
        if made.is_infinite():
            conditions = (Overflow, Inexact, Rounded)
        elif made.adjusted() < context.Emin:
            conditions = (Underflow, Subnormal, Inexact, Rounded) + (() if made._int else (Clamped,))
        else:
            conditions = ()
        for condition in conditions:
            context._raise(condition, made)
        return made

    def logb(self, context=None):
        """The exponent of the first digit, as a number."""
        context = context or getcontext()
        if self.is_nan():
            return _nan_of(self, self, context)
        if self.is_infinite():
            return _make(0, 0, 'F')
        if not self._int:
            return context._raise(DivisionByZero, _make(1, 0, 'F'))
        return Decimal(self.adjusted())._fixed(context)

    def _by_digit(self, other, context, function):
        context = context or getcontext()
        texts = []
        for value in (self, _operand(other)):
            text = _digits(value._int)
            if value._sign or value._exp != 0 or text.strip('01'):
                return context._raise(InvalidOperation)
            texts.append(text.rjust(context.prec, '0')[-context.prec:])
        return _make(0, _number(''.join(['01'[function(a == '1', b == '1')] for a, b in zip(*texts)])), 0)

    def logical_and(self, other, context=None):
        return self._by_digit(other, context, lambda a, b: a and b)

    def logical_or(self, other, context=None):
        return self._by_digit(other, context, lambda a, b: a or b)

    def logical_xor(self, other, context=None):
        return self._by_digit(other, context, lambda a, b: a != b)

    def logical_invert(self, context=None):
        context = context or getcontext()
        return self.logical_xor(_make(0, (10 ** context.prec - 1) // 9, 0), context)

    def _moved(self, other, context, move):
        other, context = _operand(other), context or getcontext()
        nan = _nan_of(self, other, context)
        if nan is not None:
            return nan
        if other._exp != 0 or other._int > context.prec:
            return context._raise(InvalidOperation)
        if self.is_infinite():
            return self
        text = _digits(self._int).rjust(context.prec, '0')[-context.prec:]
        return _make(self._sign, _number(move(text, -other._int if other._sign else other._int) or '0'), self._exp)

    def rotate(self, other, context=None):
        """The digits of the precision, turned to the left."""
        return self._moved(other, context, lambda text, by: text[by:] + text[:by])

    def shift(self, other, context=None):
        """The digits of the precision, moved to the left."""
        return self._moved(other, context, lambda text, by: text[:by] if by < 0 else (text + '0' * by)[by:])

    def _extreme(self, other, context, sign, magnitude):
        context = context or getcontext()
        other = _operand(other)
        if self.is_nan() or other.is_nan():
            if self.is_qnan() and other.is_finite() or self.is_qnan() and other.is_infinite():
                return other._fixed(context)
            if other.is_qnan() and not self.is_nan():
                return self._fixed(context)
            return _nan_of(self, other, context)
        order = self.copy_abs()._against(other.copy_abs()) if magnitude else self._against(other)
        order = order or self._against(other)
        if not order:
            order = (self._sign < other._sign) - (self._sign > other._sign)
        if not order and self.is_finite():
            order = ((self._exp > other._exp) - (self._exp < other._exp)) * (-1 if self._sign else 1)
        return (self if order * sign >= 0 else other)._fixed(context)

    def max(self, other, context=None):
        return self._extreme(other, context, 1, False)

    def min(self, other, context=None):
        return self._extreme(other, context, -1, False)

    def max_mag(self, other, context=None):
        return self._extreme(other, context, 1, True)

    def min_mag(self, other, context=None):
        return self._extreme(other, context, -1, True)

    def __hash__(self):
        if self.is_snan():
            raise TypeError('Cannot hash a signaling NaN value')
        if self.is_nan():
            return object.__hash__(self)
        if self.is_infinite():
            return -314159 if self._sign else 314159
        prime = 2 ** 61 - 1
        power = pow(10, self._exp, prime)
        value = self._int * power % prime
        if self._sign:
            value = -value
        return -2 if value == -1 else value

    # Arithmetic.

    def __neg__(self):
        return self._signed(1 - self._sign)

    def __pos__(self):
        return self._signed(self._sign)

    def __abs__(self):
        return self._signed(0)

    def _signed(self, sign):
        context = getcontext()
        if self.is_nan():
            return _nan_of(self, self, context)
        if self.is_finite() and not self._int:
            sign = int(context.rounding == ROUND_FLOOR) if sign != 0 and context.rounding == ROUND_FLOOR else 0
        return _make(sign, self._int, self._exp)._fixed(context)

    def __add__(self, other):
        other = _as_operand(other, '+', self, other)
        return other if other is NotImplemented else _add(self, other, getcontext())

    def __radd__(self, other):
        given = _as_operand(other, '+', other, self)
        return given if given is NotImplemented else _add(given, self, getcontext())

    def __sub__(self, other):
        other = _as_operand(other, '-', self, other)
        return other if other is NotImplemented else _subtract(self, other)

    def __rsub__(self, other):
        given = _as_operand(other, '-', other, self)
        return given if given is NotImplemented else _subtract(given, self)

    def __mul__(self, other):
        other = _as_operand(other, '*', self, other)
        return other if other is NotImplemented else _multiply(self, other, getcontext())

    def __rmul__(self, other):
        given = _as_operand(other, '*', other, self)
        return given if given is NotImplemented else _multiply(given, self, getcontext())

    def __truediv__(self, other):
        other = _as_operand(other, '/', self, other)
        return other if other is NotImplemented else _divide(self, other, getcontext())

    def __rtruediv__(self, other):
        given = _as_operand(other, '/', other, self)
        return given if given is NotImplemented else _divide(given, self, getcontext())

    def __floordiv__(self, other):
        other = _as_operand(other, '//', self, other)
        return other if other is NotImplemented else _divide_whole(self, other, getcontext(), 'whole')

    def __rfloordiv__(self, other):
        given = _as_operand(other, '//', other, self)
        return given if given is NotImplemented else _divide_whole(given, self, getcontext(), 'whole')

    def __mod__(self, other):
        other = _as_operand(other, '%', self, other)
        return other if other is NotImplemented else _divide_whole(self, other, getcontext(), 'rest')

    def __rmod__(self, other):
        given = _as_operand(other, '%', other, self)
        return given if given is NotImplemented else _divide_whole(given, self, getcontext(), 'rest')

    def __divmod__(self, other):
        other = _as_operand(other, 'divmod()', self, other)
        return other if other is NotImplemented else _divide_whole(self, other, getcontext(), 'both')

    def __rdivmod__(self, other):
        given = _as_operand(other, 'divmod()', other, self)
        return given if given is NotImplemented else _divide_whole(given, self, getcontext(), 'both')

    def __pow__(self, other, modulo=None):
        other = _as_operand(other, '** or pow()', self, other)
        if other is NotImplemented:
            return other
        if modulo is not None:
            return _power_modulo(self, _operand(other), _operand(modulo), getcontext())
        return _power(self, other, getcontext())

    def __rpow__(self, other):
        given = _as_operand(other, '** or pow()', other, self)
        return given if given is NotImplemented else _power(given, self, getcontext())

    def remainder_near(self, other, context=None):
        context = context or getcontext()
        other = _operand(other)
        if not self.is_finite() or not other.is_finite() or not other._int:
            return _divide_whole(self, other, context, 'rest')
        least = min(self._exp, other._exp)
        mine, theirs = self._int * 10 ** (self._exp - least), other._int * 10 ** (other._exp - least)
        whole, rest = divmod(mine, theirs)
        sign = self._sign
        if 2 * rest > theirs or 2 * rest == theirs and whole & 1:
            rest = theirs - rest
            sign = 1 - sign
            whole += 1
        if whole >= 10 ** context.prec:
            return context._raise(DivisionImpossible)
        return _finished(sign, rest, least, context)

    def fma(self, other, third, context=None):
        context = context or getcontext()
        other, third = _operand(other), _operand(third)
        if not (self.is_finite() and other.is_finite()):
            return _add(_multiply(self, other, context), third, context)
        return _add(_make(self._sign ^ other._sign, self._int * other._int, self._exp + other._exp), third, context)

    def scaleb(self, other, context=None):
        context = context or getcontext()
        other = _operand(other)
        nan = _nan_of(self, other, context)
        if nan is not None:
            return nan
        if other._exp != 0 or abs(int(other)) > 2 * (context.Emax + context.prec):
            return context._raise(InvalidOperation)
        if self.is_infinite():
            return self
        return _make(self._sign, self._int, self._exp + int(other))._fixed(context)

    def sqrt(self, context=None):
        """The square root, correctly rounded."""
        context = context or getcontext()
        if self.is_nan():
            return _nan_of(self, self, context)
        if self.is_infinite() and not self._sign:
            return self
        if self.is_finite() and not self._int:
            return _make(self._sign, 0, self._exp // 2)._fixed(context)
        if self._sign:
            return context._raise(InvalidOperation)
        ideal = self._exp >> 1
        number = self._int * 10 if self._exp & 1 else self._int
        shift = context.prec + 1 - (_length(number) + 1 >> 1)
        exact = True
        if shift >= 0:
            number *= 100 ** shift
        else:
            number, rest = divmod(number, 100 ** -shift)
            exact = not rest
        root = _isqrt(number)
        exact = exact and root * root == number
        exponent = ideal - shift
        if exact:
            while exponent < ideal and root % 10 == 0:
                root //= 10
                exponent += 1
            if shift < 0:
                root, exponent = root * 10 ** -shift, ideal
        elif root % 5 == 0:
            # A digit beyond the precision that says that more follows.
            root += 1
        with _rounding(context, ROUND_HALF_EVEN):
            return _finished(0, root, exponent, context)

    def exp(self, context=None):
        """e to this power, correctly rounded."""
        context = context or getcontext()
        if self.is_nan():
            return _nan_of(self, self, context)
        if self.is_infinite():
            return _make(0, 0, 0) if self._sign else self
        if not self._int:
            return Decimal(1)
        if self.adjusted() > len(str(context.Emax)) + 1:
            with _rounding(context, ROUND_HALF_EVEN):
                return _finished(0, 1, context.Etiny() - 1 if self._sign else context.Emax + 1, context)
        if self.adjusted() < -context.prec - 2:
            # One and a bit, or nearly one.
            tail = 10 ** (context.prec + 1)
            with _rounding(context, ROUND_HALF_EVEN):
                return _finished(0, tail + (-1 if self._sign else 1), -context.prec - 1, context)
        return _by_trying(lambda places: _exp_at(self, places), context)

    def ln(self, context=None):
        """The natural logarithm, correctly rounded."""
        return self._logarithm(context, None)

    def log10(self, context=None):
        """The logarithm to base ten, correctly rounded."""
        return self._logarithm(context, 10)

    def _logarithm(self, context, base):
        context = context or getcontext()
        if self.is_nan():
            return _nan_of(self, self, context)
        if self.is_finite() and not self._int:
            return _make(1, 0, 'F')
        if self._sign:
            return context._raise(InvalidOperation)
        if self.is_infinite():
            return self
        if self == 1:
            return Decimal(0)
        if base and _digits(self._int).rstrip('0') == '1':
            return Decimal(self.adjusted())._fixed(context)
        return _by_trying(lambda places: _ln_at(self, places, base), context)

    def __reduce__(self):
        return type(self), (str(self),)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __getattr__(self, name):
        if name == '__class__':
            return type(self)
        raise AttributeError(f"'{_title(self)}' object has no attribute '{name}'")


_numbers.Number.register(Decimal)


def _title(value):
    cls = type(value)
    return 'decimal.Decimal' if cls is Decimal else cls.__name__


def _make(sign, number, exponent, cls=Decimal):
    made = object.__new__(cls)
    made._sign = sign
    made._int = number
    made._exp = exponent
    return made


_NAN = _make(0, 0, 'n')
# How far out what is no number stands in the total order.
_KINDS = {'F': 1, 'N': 2, 'n': 3}


class _rounding:
    """Another rounding for a while."""

    def __init__(self, context, rounding):
        self.context, self.rounding = context, rounding

    def __enter__(self):
        self.before, self.context.rounding = self.context.rounding, self.rounding

    def __exit__(self, *exception):
        self.context.rounding = self.before


def _create(cls, value, context):
    if isinstance(value, str):
        return _from_text(cls, value, context)
    if isinstance(value, int):
        return _make(int(value < 0), abs(int(value)), 0, cls)
    if isinstance(value, Decimal):
        return value if type(value) is cls else _make(value._sign, value._int, value._exp, cls)
    if isinstance(value, (tuple, list)):
        return _from_tuple(cls, value)
    if isinstance(value, float):
        context = context or getcontext()
        context._raise(FloatOperation, 0)
        return Decimal.from_float(value) if cls is Decimal else cls.from_float(value)
    raise TypeError(f'conversion from {type(value).__name__} to Decimal is not supported')


def _from_text(cls, text, context):
    match = _SYNTAX.match(text.strip().replace('_', ''))
    if match is None:
        return (context or getcontext())._raise(ConversionSyntax)
    sign = int(match['sign'] == '-')
    if match['int'] is not None:
        fraction = match['frac'] or ''
        digits = match['int'] + fraction
        exponent = int(match['exp'] or 0) - len(fraction)
        return _make(sign, _number(digits), exponent, cls)
    if match['diag'] is not None:
        return _make(sign, int(match['diag'] or 0), 'N' if match['signal'] else 'n', cls)
    return _make(sign, 0, 'F', cls)


def _from_tuple(cls, parts):
    if len(parts) != 3:
        raise ValueError('argument must be a sequence of length 3')
    sign, digits, exponent = parts
    if sign not in (0, 1):
        raise ValueError('sign must be an integer with the value 0 or 1')
    if exponent == 'F':
        return _make(sign, 0, 'F', cls)
    for digit in digits:
        if not isinstance(digit, int) or not 0 <= digit <= 9:
            raise ValueError('coefficient must be a tuple of digits')
    number = _number(''.join(map(str, digits)) or '0')
    if exponent not in ('n', 'N') and not isinstance(exponent, int):
        raise ValueError("string argument in the third position must be 'F', 'n' or 'N'")
    return _make(sign, number, exponent, cls)


def _operand(value):
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    raise TypeError(f'conversion from {type(value).__name__} to Decimal is not supported')


def _as_operand(value, operator, left, right):
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return _make(int(value < 0), abs(int(value)), 0)
    if operator == '*' and isinstance(value, (str, bytes, list, tuple)):
        raise TypeError("can't multiply sequence by non-int of type 'decimal.Decimal'")
    if operator == '%' and left is value and isinstance(value, (str, bytes)):
        return NotImplemented
    if operator == '+' and left is value and isinstance(value, (str, list, tuple)):
        kind = type(value).__name__
        raise TypeError(f'can only concatenate {kind} (not "decimal.Decimal") to {kind}')
    if isinstance(value, _PLAIN) or type(value).__name__ == 'Fraction':
        raise TypeError(f"unsupported operand type(s) for {operator}: '{_title(left)}' and '{_title(right)}'")
    return NotImplemented


def _nan_of(one, two, context):
    """The NaN that two operands give, or None."""
    for value in (one, two):
        if value.is_snan():
            context._raise(InvalidOperation)
            return _make(value._sign, value._int, 'n')._fixed(context)
    for value in (one, two):
        if value.is_nan():
            return value._fixed(context)
    return None


def _finished(sign, number, exponent, context, same=None):
    """The number in the context's precision and limits, with what has to be signalled."""
    tiny = context.Etiny()
    top = context.Etop()
    if not number:
        limit = top if context.clamp else context.Emax
        clamped = min(max(exponent, tiny), limit)
        if clamped != exponent:
            context._raise(Clamped, 0)
        return same if same is not None and clamped == exponent else _make(sign, 0, clamped)
    length = _length(number)
    least = length + exponent - context.prec
    if least > top:
        return _overflown(sign, context)
    subnormal = least < tiny
    if subnormal:
        least = tiny
    if exponent < least:
        drop = least - exponent
        if drop > length:
            whole, rest, unit = 0, 1, 10
        else:
            unit = 10 ** drop
            whole, rest = divmod(number, unit)
        whole = _rounded(sign, whole, rest, unit, context.rounding)
        if _length(whole) > context.prec:
            whole //= 10
            least += 1
        if least > top:
            return _overflown(sign, context)
        made = _make(sign, whole, least)
        if rest and subnormal:
            context._raise(Underflow, 0)
        if subnormal:
            context._raise(Subnormal, 0)
        if rest:
            context._raise(Inexact, 0)
        context._raise(Rounded, 0)
        if not whole:
            context._raise(Clamped, 0)
        return made
    if subnormal:
        context._raise(Subnormal, 0)
    if context.clamp and exponent > top:
        context._raise(Clamped, 0)
        return _make(sign, number * 10 ** (exponent - top), top)
    return same if same is not None else _make(sign, number, exponent)


def _overflown(sign, context):
    for signal in (Overflow, Inexact, Rounded):
        context.flags[signal] = True
    for signal in (Overflow, Inexact, Rounded):
        if context.traps[signal]:
            raise signal([one for one in (Overflow, Inexact, Rounded) if context.traps[one]])
    rounding = context.rounding
    if rounding in (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_UP) \
            or rounding == ROUND_CEILING and not sign or rounding == ROUND_FLOOR and sign:
        return _make(sign, 0, 'F')
    return _make(sign, 10 ** context.prec - 1, context.Etop())


def _add(one, two, context):
    if not (one.is_finite() and two.is_finite()):
        nan = _nan_of(one, two, context)
        if nan is not None:
            return nan
        if one.is_infinite():
            if two.is_infinite() and one._sign != two._sign:
                return context._raise(InvalidOperation)
            return one
        return two
    exponent = min(one._exp, two._exp)
    if not one._int or not two._int:
        if not one._int and not two._int:
            sign = one._sign if one._sign == two._sign else int(context.rounding == ROUND_FLOOR)
            return _finished(sign, 0, exponent, context)
        value = one if one._int else two
        exponent = max(exponent, value._exp - context.prec - 1)
        return _make(value._sign, value._units(exponent, ROUND_DOWN), min(exponent, value._exp))._fixed(context) \
            if exponent < value._exp else value._fixed(context)
    one, two = _nearer(one, two, context.prec)
    exponent = min(one._exp, two._exp)
    mine, theirs = one._int * 10 ** (one._exp - exponent), two._int * 10 ** (two._exp - exponent)
    total = (-mine if one._sign else mine) + (-theirs if two._sign else theirs)
    if not total:
        return _finished(int(context.rounding == ROUND_FLOOR), 0, exponent, context)
    return _finished(int(total < 0), abs(total), exponent, context)


def _nearer(one, two, precision):
    """Operands whose exponents lie so far apart that the small one only says which way to round: that one as a bit."""
    large, small = (one, two) if one._exp >= two._exp else (two, one)
    length = _length(large._int)
    bit = large._exp + min(-1, length - precision - 2)
    if _length(small._int) + small._exp - 1 < bit:
        small = _make(small._sign, 1, bit)
    return large, small


def _subtract(one, two):
    if two.is_nan():
        return _add(one, two, getcontext())
    return _add(one, two.copy_negate(), getcontext())


def _multiply(one, two, context):
    sign = one._sign ^ two._sign
    if not (one.is_finite() and two.is_finite()):
        nan = _nan_of(one, two, context)
        if nan is not None:
            return nan
        if one.is_zero() or two.is_zero():
            return context._raise(InvalidOperation)
        return _make(sign, 0, 'F')
    return _finished(sign, one._int * two._int, one._exp + two._exp, context)


def _divide(one, two, context):
    sign = one._sign ^ two._sign
    if not (one.is_finite() and two.is_finite()):
        nan = _nan_of(one, two, context)
        if nan is not None:
            return nan
        if one.is_infinite():
            return context._raise(InvalidOperation) if two.is_infinite() else _make(sign, 0, 'F')
        context._raise(Clamped, 0)
        return _make(sign, 0, context.Etiny())
    if not two._int:
        if not one._int:
            return context._raise(DivisionUndefined)
        return context._raise(DivisionByZero, _make(sign, 0, 'F'))
    ideal = one._exp - two._exp
    if not one._int:
        return _finished(sign, 0, ideal, context)
    shift = _length(two._int) - _length(one._int) + context.prec + 1
    exponent = ideal - shift
    if shift >= 0:
        whole, rest = divmod(one._int * 10 ** shift, two._int)
    else:
        whole, rest = divmod(one._int, two._int * 10 ** -shift)
    if rest:
        # A last digit that is neither 0 nor 5 tells that more follows.
        if whole % 5 == 0:
            whole += 1
    else:
        while exponent < ideal and whole % 10 == 0:
            whole //= 10
            exponent += 1
    return _finished(sign, whole, exponent, context)


def _divide_whole(one, two, context, wanted):
    """The whole quotient cut towards zero, the rest, or both."""
    sign = one._sign ^ two._sign
    if not (one.is_finite() and two.is_finite()):
        nan = _nan_of(one, two, context)
        if nan is None and one.is_infinite():
            if wanted == 'both':
                whole = context._raise(InvalidOperation) if two.is_infinite() else _make(sign, 0, 'F')
                return whole, context._raise(InvalidOperation)
            if wanted == 'whole' and not two.is_infinite():
                return _make(sign, 0, 'F')
            nan = context._raise(InvalidOperation)
        if nan is not None:
            return (nan, nan) if wanted == 'both' else nan
        whole, rest = _make(sign, 0, 0), one._fixed(context)
        return (whole, rest) if wanted == 'both' else whole if wanted == 'whole' else rest
    if not two._int:
        if not one._int:
            nan = context._raise(DivisionUndefined)
            return (nan, nan) if wanted == 'both' else nan
        if wanted == 'rest':
            return context._raise(InvalidOperation)
        whole = context._raise(DivisionByZero, _make(sign, 0, 'F'))
        return (whole, context._raise(InvalidOperation)) if wanted == 'both' else whole
    if one._int and one.adjusted() - two.adjusted() > context.prec:
        nan = context._raise(DivisionImpossible)
        return (nan, nan) if wanted == 'both' else nan
    least = min(one._exp, two._exp)
    if one.adjusted() < two.adjusted() - 1 or not one._int:
        quotient, rest, exponent = 0, one._int, one._exp if one._int else least
        if one._exp > two._exp:
            rest, exponent = one._int * 10 ** (one._exp - least), least
    else:
        quotient, rest = divmod(one._int * 10 ** (one._exp - least), two._int * 10 ** (two._exp - least))
        exponent = least
    if quotient >= 10 ** context.prec:
        nan = context._raise(DivisionImpossible)
        return (nan, nan) if wanted == 'both' else nan
    whole = _make(sign, quotient, 0)
    if wanted == 'whole':
        return whole
    rest = _finished(one._sign, rest, exponent, context)
    return (whole, rest) if wanted == 'both' else rest


class _Work:
    """A context for steps in between: more digits, no limits, nothing raised."""

    def __new__(cls, precision):
        return Context(precision, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX, 1, 0, [], [])


def _power(base, power, context):
    nan = _nan_of(base, power, context)
    if nan is not None:
        return nan
    if power.is_finite() and not power._int:
        return context._raise(InvalidOperation) if base.is_zero() else Decimal(1)
    whole = power.is_infinite() or power == power.to_integral_value(ROUND_DOWN)
    odd = whole and power.is_finite() and power.adjusted() < 1000 and int(power) % 2 == 1
    sign = 0
    if base._sign:
        if odd:
            sign = 1
        elif not whole or power.is_infinite():
            if base._int or base.is_infinite():
                return context._raise(InvalidOperation)
        base = base.copy_negate()
    if base.is_zero():
        return _make(sign, 0, 'F') if power._sign else _make(sign, 0, 0)
    if base.is_infinite():
        return _make(sign, 0, 0) if power._sign else _make(sign, 0, 'F')
    if power.is_infinite():
        order = base._against(Decimal(1))
        if not order:
            context._raise(Inexact, 0)
            context._raise(Rounded, 0)
            return _make(0, 10 ** (context.prec - 1), 1 - context.prec)
        return _make(0, 0, 0) if (order > 0) == bool(power._sign) else _make(0, 0, 'F')
    if whole and power.adjusted() < 20:
        return _whole_power(sign, base, int(power), context)
    if base == 1:
        context._raise(Inexact, 0)
        context._raise(Rounded, 0)
        return _make(sign, 10 ** (context.prec - 1), 1 - context.prec)
    work = context.prec + 25 + max(0, power.adjusted())
    inner = _Work(work)
    logarithm = _multiply(base.ln(inner), power, inner)
    if logarithm.adjusted() > 20:
        return _finished(sign, 1, context.Etiny() - 2 if logarithm._sign else context.Emax + 1, context)
    made = logarithm.exp(inner)
    return _filled(sign, made, context)


def _power_modulo(base, power, modulo, context):
    """`pow` of three integers, exact."""
    values = (base, power, modulo)
    for wanted in (Decimal.is_snan, Decimal.is_nan):
        for value in values:
            if wanted(value):
                return _nan_of(value, value, context)
    if not all([value.is_finite() and value.to_integral_value() == value for value in values]):
        return context._raise(InvalidOperation)
    if power < 0 or not modulo._int or modulo.adjusted() >= context.prec or not power._int and not base._int:
        return context._raise(InvalidOperation)
    sign = base._sign if power._exp <= 0 and int(power) & 1 else 0
    modulus = abs(int(modulo))

    def part(value):
        return value._int * pow(10, value._exp, modulus) % modulus if value._exp >= 0 else abs(int(value)) % modulus
    made = part(base)
    if power._exp > 0:
        for _ in range(power._exp):
            made = pow(made, 10, modulus)
        made = pow(made, power._int, modulus)
    else:
        made = pow(made, int(power), modulus)
    return _make(sign, made, 0)


def _filled(sign, made, context):
    """A power that came through logarithms: an exact one, such as a root, has its zeros filled up."""
    number, exponent = made._int, made._exp
    short = context.prec - _length(number)
    if short > 0:
        number, exponent = number * 10 ** short, exponent - short
    # The path through logarithms cannot know that nothing follows.
    context._raise(Inexact, 0)
    context._raise(Rounded, 0)
    return _finished(sign, number, exponent, context)


def _whole_power(sign, base, power, context):
    if base == 1 and power > 0 and not base._exp:
        return _make(sign, 1, 0)
    work = _Work(context.prec + 23)
    if power < 0:
        base = _divide(Decimal(1), base, work)
        power = -power
    estimate = base.adjusted() * power
    if abs(estimate) > 4 * (context.Emax - context.Emin + context.prec) and abs(base.adjusted()) > 1:
        return _finished(sign, 1, context.Emax + 1 if estimate > 0 else context.Etiny() - 2, context)
    result = base
    for bit in bin(power)[3:]:
        result = _multiply(result, result, work)
        if bit == '1':
            result = _multiply(result, base, work)
    return _make(sign, result._int, result._exp)._fixed(context)


def _by_trying(compute, context):
    """Round a value that is known to ever more digits, as soon as they decide it."""
    extra = 5
    while True:
        number, exponent = compute(context.prec + extra)
        length = _length(abs(number))
        if length > context.prec + 2:
            unit = 10 ** (length - context.prec)
            # The computed number is right within a few units of its last digits.
            rest = abs(number) % unit
            if abs(rest - unit // 2) > 50 and 50 < rest < unit - 50:
                break
        extra += 10
    with _rounding(context, ROUND_HALF_EVEN):
        return _finished(int(number < 0), abs(number), exponent, context)


def _fixed_ln(top, bottom, bits):
    """The natural logarithm of a quotient near one, times two to the bits."""
    # ln(x) = 2 artanh((x - 1) / (x + 1)).
    z = (top - bottom << bits) // (top + bottom)
    square = z * z >> bits
    total, term, step = 0, z, 1
    while term:
        total += term // step
        term = term * square >> bits
        if term == -1:
            break
        step += 2
    return total * 2


_logs = {}


def _constant_log(number, bits):
    """ln 2 or ln 10 in fixed point."""
    key = number, bits
    if key not in _logs:
        if len(_logs) > 50:
            _logs.clear()
        two = _fixed_ln(2, 1, bits + 8)
        # ln 10 = 3 ln 2 + ln 1.25
        _logs[key] = (two if number == 2 else 3 * two + _fixed_ln(5, 4, bits + 8)) >> 8
    return _logs[key]


def _exp_at(value, places):
    """e to the value, as a number and an exponent, right to about that many digits."""
    magnitude = max(0, value.adjusted())
    bits = int((places + magnitude + 5) * 3.3219280948873626) + 40
    top, bottom = value._scaled()
    x = (top << bits) // bottom
    ten = _constant_log(10, bits)
    tens, rest = divmod(x, ten)
    # Halving makes the series short; squaring takes it back.
    halvings = 8
    small = rest >> halvings
    total = term = 1 << bits
    step = 1
    while term:
        term = (term * small >> bits) // step
        total += term
        step += 1
    for _ in range(halvings):
        total = total * total >> bits
    number = total * 10 ** places >> bits
    return number, tens - places


def _ln_at(value, places, base):
    """The logarithm, as a number and an exponent, with about that many digits after the point's magnitude."""
    # Near one the logarithm is small: its leading zeros cost places.
    lost = 0
    if value.adjusted() in (0, -1):
        difference = _add(value, Decimal(-1), _Work(20))
        lost = max(0, -difference.adjusted())
    places += lost
    bits = int((places + 5) * 3.3219280948873626) + 60
    exponent = value.adjusted() + (0 if value.adjusted() >= 0 else 1)
    top, bottom = value._scaled()
    if exponent > 0:
        bottom *= 10 ** exponent
    else:
        top *= 10 ** -exponent
    twos = 0
    while top * 3 > bottom * 4:
        bottom *= 2
        twos += 1
    while top * 4 < bottom * 3:
        top *= 2
        twos -= 1
    total = _fixed_ln(top, bottom, bits) + twos * _constant_log(2, bits) + exponent * _constant_log(10, bits)
    if base:
        total = (total << bits) // _constant_log(10, bits)
    return (total * 10 ** places >> bits), -places


def _text(value, engineering, capitals):
    mark = '-' if value._sign else ''
    exponent = value._exp
    if type(exponent) is not int:
        if exponent == 'F':
            return mark + 'Infinity'
        return mark + ('NaN' if exponent == 'n' else 'sNaN') + (str(value._int) if value._int else '')
    digits = _digits(value._int)
    left = exponent + len(digits)
    if exponent <= 0 and left > -6:
        point = left
    elif not engineering:
        point = 1
    elif digits == '0':
        point = (left + 1) % 3 - 1
    else:
        point = (left - 1) % 3 + 1
    if point <= 0:
        body = '0.' + '0' * -point + digits
    elif point >= len(digits):
        body = digits + '0' * (point - len(digits))
    else:
        body = digits[:point] + '.' + digits[point:]
    if left == point:
        return mark + body
    return f"{mark}{body}{'E' if capitals else 'e'}{left - point:+d}"


_FORMAT = _re.compile(r'''(?:(?P<fill>.)?(?P<align>[<>=^]))?(?P<sign>[-+ ])?(?P<z>z)?(?P<alt>\#)?(?P<zero>0)?
                      (?P<width>(?!0)\d+)?(?P<comma>,)?(?:\.(?P<precision>0|(?!0)\d+))?(?P<type>[eEfFgGn%])?\Z''',
                      _re.VERBOSE | _re.DOTALL)


def _formatted(value, spec):
    match = _FORMAT.match(spec)
    if match is None or match['alt']:
        raise ValueError('invalid format string')
    if match['zero'] and match['align']:
        raise ValueError('invalid format string')
    kind = match['type']
    if kind == 'n':
        if match['comma']:
            raise ValueError('invalid format string')
        kind = 'g'
    precision = None if match['precision'] is None else int(match['precision'])
    context = getcontext()
    if not value.is_finite():
        body = _text(value.copy_abs(), False, 1)
        sign, tail, zero = value._sign, '', False
    else:
        sign, body, tail = _format_parts(value, kind, precision, context)
        if match['z'] and sign and not body.strip('0.'):
            sign = 0
        zero = bool(match['zero'])
    mark = '-' if sign else '' if match['sign'] in (None, '-') else match['sign']
    width = int(match['width'] or 0)
    whole, dot, fraction = body.partition('.')
    if zero:
        room = width - len(mark) - len(tail) - len(dot) - len(fraction)
        if match['comma']:
            while len(whole) + (len(whole) - 1) // 3 < room:
                whole = '0' + whole
        else:
            whole = whole.rjust(room, '0')
    if match['comma'] and value.is_finite():
        first = (len(whole) - 1) % 3 + 1
        whole = whole[:first] + ''.join([',' + whole[at:at + 3] for at in range(first, len(whole), 3)])
    body = whole + dot + fraction + tail
    gap = (match['fill'] or ' ') * (width - len(mark) - len(body))
    align = match['align'] or '>'
    if align == '<':
        return mark + body + gap
    if align == '=':
        return mark + gap + body
    if align == '^':
        half = len(gap) // 2
        return gap[:half] + mark + body + gap[half:]
    return gap + mark + body


def _format_parts(value, kind, precision, context):
    """Sign, digits and exponent text of a finite value."""
    rounding = context.rounding
    if kind == '%':
        value = _make(value._sign, value._int, value._exp + 2)
    if kind is None:
        kind = 'G' if context.capitals else 'g'
    if precision is not None:
        if kind in 'eE':
            value = _to_figures(value, precision + 1, rounding) if value._int else value
        elif kind in 'fF%':
            value = value._rescaled(-precision, rounding)
        elif _length(value._int) > max(precision, 1):
            value = _to_figures(value, max(precision, 1), rounding)
    if not value._int and value._exp > 0 and kind in 'fF%':
        value = value._rescaled(0, rounding)
    digits = _digits(value._int)
    left = value._exp + len(digits)
    if kind in 'eE':
        # A zero is written with the places that were asked for in front of it.
        point = 1 - precision if not value._int and precision is not None else 1
    elif kind in 'fF%':
        point = left
    else:
        point = left if value._exp <= 0 and left > -6 else 1
    if point < 0:
        whole, fraction = '0', '0' * -point + digits
    elif point > len(digits):
        whole, fraction = digits + '0' * (point - len(digits)), ''
    else:
        whole, fraction = digits[:point] or '0', digits[point:]
    body = whole + ('.' + fraction if fraction else '')
    power = left - point
    tail = ''
    if kind in 'eE' or power:
        tail = f"{'E' if kind in 'EG' else 'e'}{power:+d}"
    if kind == '%':
        tail = '%'
    return value._sign, body, tail


def _to_figures(value, figures, rounding):
    if not value._int:
        return _make(value._sign, 0, value.adjusted() + 1 - figures)
    made = value._rescaled(value.adjusted() + 1 - figures, rounding)
    if _length(made._int) > figures:
        made = _make(made._sign, made._int // 10, made._exp + 1)
    return made


_CONTEXT_OPERATIONS = {
    'abs': lambda a: abs(a), 'add': lambda a, b: a + b, 'subtract': lambda a, b: a - b,
    'multiply': lambda a, b: a * b, 'divide': lambda a, b: a / b, 'divide_int': lambda a, b: a // b,
    'divmod': lambda a, b: divmod(a, b), 'remainder': lambda a, b: a % b,
    'remainder_near': lambda a, b: a.remainder_near(b), 'power': lambda a, b, modulo=None: pow(a, b, modulo), 'minus': lambda a: -a,
    'plus': lambda a: +a, 'sqrt': lambda a: a.sqrt(), 'exp': lambda a: a.exp(), 'ln': lambda a: a.ln(),
    'log10': lambda a: a.log10(), 'quantize': lambda a, b: a.quantize(b), 'normalize': lambda a: a.normalize(),
    'compare': lambda a, b: a.compare(b), 'max': lambda a, b: a.max(b), 'min': lambda a, b: a.min(b),
    'fma': lambda a, b, c: a.fma(b, c), 'scaleb': lambda a, b: a.scaleb(b), 'to_sci_string': lambda a: str(a),
    'to_eng_string': lambda a: a.to_eng_string(), 'to_integral_value': lambda a: a.to_integral_value(),
    'to_integral_exact': lambda a: a.to_integral_exact(), 'is_nan': lambda a: a.is_nan(),
    'is_zero': lambda a: a.is_zero(), 'is_finite': lambda a: a.is_finite(), 'is_infinite': lambda a: a.is_infinite(),
    'is_signed': lambda a: a.is_signed(), 'copy_abs': lambda a: a.copy_abs(), 'copy_negate': lambda a: a.copy_negate(),
    'copy_sign': lambda a, b: a.copy_sign(b), 'same_quantum': lambda a, b: a.same_quantum(b),
    'compare_signal': lambda a, b: a.compare_signal(b), 'compare_total': lambda a, b: a.compare_total(b),
    'compare_total_mag': lambda a, b: a.compare_total_mag(b), 'is_normal': lambda a: a.is_normal(),
    'is_subnormal': lambda a: a.is_subnormal(), 'is_qnan': lambda a: a.is_qnan(), 'is_snan': lambda a: a.is_snan(),
    'logb': lambda a: a.logb(), 'logical_and': lambda a, b: a.logical_and(b), 'logical_or': lambda a, b: a.logical_or(b),
    'logical_xor': lambda a, b: a.logical_xor(b), 'logical_invert': lambda a: a.logical_invert(),
    'max_mag': lambda a, b: a.max_mag(b), 'min_mag': lambda a, b: a.min_mag(b), 'next_minus': lambda a: a.next_minus(),
    'next_plus': lambda a: a.next_plus(), 'next_toward': lambda a, b: a.next_toward(b),
    'number_class': lambda a: a.number_class(), 'rotate': lambda a, b: a.rotate(b), 'shift': lambda a, b: a.shift(b),
}
