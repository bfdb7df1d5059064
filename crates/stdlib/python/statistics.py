"""Averages, spread and relations of data. Sums are exact, so that results round once.

`NormalDist.samples` without a seed draws from the shared generator of `random`. Complete.
"""

from bisect import bisect_left as _bisect_left, bisect_right as _bisect_right
from collections import Counter as _Counter, namedtuple as _namedtuple
from decimal import Decimal as _Decimal
from fractions import Fraction as _Fraction
from math import erf as _erf, exp as _exp, fabs as _fabs, fsum as _fsum, hypot as _hypot, isqrt as _isqrt
from math import log as _log, sqrt as _sqrt, sumprod as _sumprod, tau as _tau
from numbers import Number as _Number

__all__ = ['NormalDist', 'StatisticsError', 'correlation', 'covariance', 'fmean', 'geometric_mean', 'harmonic_mean',
           'linear_regression', 'mean', 'median', 'median_grouped', 'median_high', 'median_low', 'mode', 'multimode',
           'pstdev', 'pvariance', 'quantiles', 'stdev', 'variance']


class StatisticsError(ValueError):
    """There is no answer for this data."""


def _join(one, other):
    """The type that sums of both types have."""
    assert one is not bool
    if one is other or other is int or other is bool:
        return one
    if one is int:
        return other
    if issubclass(other, one):
        return other
    if issubclass(one, other):
        return one
    if issubclass(one, int):
        return other
    if issubclass(other, int):
        return one
    if issubclass(one, _Fraction) and issubclass(other, float):
        return other
    if issubclass(one, float) and issubclass(other, _Fraction):
        return one
    raise TypeError(f"don't know how to coerce {one.__name__} and {other.__name__}")


def _exact_ratio(value):
    """A value as numerator and denominator; infinities and NaN have None below."""
    try:
        return value.as_integer_ratio()
    except AttributeError:
        pass
    except (OverflowError, ValueError):
        return value, None
    try:
        return value.numerator, value.denominator
    except AttributeError:
        raise TypeError(f"can't convert type '{type(value).__name__}' to numerator/denominator") from None


def _convert(value, kind):
    """An exact value as the type that the data has."""
    if type(value) is kind:
        return value
    if issubclass(kind, int) and value.denominator != 1:
        kind = float
    try:
        return kind(value)
    except TypeError:
        if issubclass(kind, _Decimal):
            return kind(value.numerator) / kind(value.denominator)
        raise


def _sum(data):
    """The type of the data, the exact sum, and how many there are."""
    count = 0
    kinds = {}
    partials = {}
    for value in data:
        count += 1
        kinds[type(value)] = None
        top, bottom = _exact_ratio(value)
        partials[bottom] = partials.get(bottom, 0) + top
    if None in partials:
        total = partials[None]
    else:
        total = sum([_Fraction(top, bottom) for bottom, top in partials.items()], _Fraction(0))
    kind = int
    for other in kinds:
        kind = _join(kind, other)
    return kind, total, count


def _sum_of_squares(data, center=None):
    """Type, exact sum of squared differences from the center, center and count."""
    if center is not None:
        kind, total, count = _sum([(value - center) * (value - center) for value in data])
        return kind, total, center, count
    data = list(data)
    kind, total, count = _sum(data)
    if not count:
        return kind, _Fraction(0), _Fraction(0), 0
    if not isinstance(total, _Fraction):
        not_finite = total - total
        return kind, not_finite, total / count, count
    squares = _Fraction(0)
    for value in data:
        squares += _Fraction(value) ** 2
    return kind, squares - total * total / count, total / count, count


def mean(data):
    """The average."""
    kind, total, count = _sum(data)
    if count < 1:
        raise StatisticsError('mean requires at least one data point')
    return _convert(total / count, kind)


def fmean(data, weights=None):
    """The average as a float, fast."""
    if weights is None:
        data = data if hasattr(data, '__len__') else list(data)
        if not len(data):
            raise StatisticsError('fmean requires at least one data point')
        return _fsum(data) / len(data)
    if not isinstance(weights, (list, tuple)):
        weights = list(weights)
    if not isinstance(data, (list, tuple)):
        data = list(data)
    if len(data) != len(weights):
        raise StatisticsError('data and weights must be the same length')
    total = _fsum(weights)
    if not total:
        raise StatisticsError('sum of weights must be non-zero')
    return _sumprod(data, weights) / total


def geometric_mean(data):
    """The n-th root of the product, by logarithms."""
    try:
        return _exp(fmean(map(_log, data)))
    except ValueError:
        raise StatisticsError('geometric mean requires a non-empty dataset containing positive numbers') from None


def harmonic_mean(data, weights=None):
    """The reciprocal of the average of reciprocals."""
    data = list(data)
    message = 'harmonic mean does not support negative values'
    if not data:
        raise StatisticsError('harmonic_mean requires at least one data point')
    if len(data) == 1 and weights is None:
        if not isinstance(data[0], (_Number, _Decimal)):
            raise TypeError('unsupported type')
        if data[0] < 0:
            raise StatisticsError(message)
        return data[0]
    if weights is None:
        weights = [1] * len(data)
        total = len(data)
    else:
        weights = list(weights)
        if len(weights) != len(data):
            raise StatisticsError('Number of weights does not match data size')
        _, total, _ = _sum(_no_negative(weights, message))
    data = list(_no_negative(data, message))
    try:
        kind, inverse, _ = _sum([weight / value if weight else 0 for weight, value in zip(weights, data)])
    except ZeroDivisionError:
        return 0
    if total <= 0:
        raise StatisticsError('Weighted sum must be positive')
    return _convert(total / inverse, kind)


def _no_negative(values, message):
    for value in values:
        if value < 0:
            raise StatisticsError(message)
        yield value


def _sorted_or_refused(data):
    data = sorted(data)
    if not data:
        raise StatisticsError('no median for empty data')
    return data


def median(data):
    """The middle value, or the average of the middle two."""
    data = _sorted_or_refused(data)
    half, odd = divmod(len(data), 2)
    return data[half] if odd else (data[half - 1] + data[half]) / 2


def median_low(data):
    data = _sorted_or_refused(data)
    return data[(len(data) - 1) // 2]


def median_high(data):
    data = _sorted_or_refused(data)
    return data[len(data) // 2]


def median_grouped(data, interval=1):
    """The median of data that stands in groups around its values."""
    data = _sorted_or_refused(data)
    size = len(data)
    middle = data[size // 2]
    below = _bisect_left(data, middle)
    after = _bisect_right(data, middle, lo=below)
    try:
        interval = float(interval)
        middle = float(middle)
    except ValueError:
        raise TypeError('Value cannot be converted to a float') from None
    return middle - interval / 2.0 + interval * (size / 2 - below) / (after - below)


def mode(data):
    """The most frequent value, the first of equals."""
    pairs = _Counter(iter(data)).most_common(1)
    if not pairs:
        raise StatisticsError('no mode for empty data')
    return pairs[0][0]


def multimode(data):
    """All most frequent values in the order of their first appearance."""
    counts = _Counter(iter(data))
    if not counts:
        return []
    highest = max(counts.values())
    return [value for value, count in counts.items() if count == highest]


def quantiles(data, *, n=4, method='exclusive'):
    """The cut points between n parts of equal probability."""
    if n < 1:
        raise StatisticsError('n must be at least 1')
    data = sorted(data)
    size = len(data)
    if size < 2:
        raise StatisticsError('must have at least two data points')
    if method == 'inclusive':
        cuts = []
        for part in range(1, n):
            at, rest = divmod(part * (size - 1), n)
            cuts.append((data[at] * (n - rest) + data[at + 1] * rest) / n)
        return cuts
    if method == 'exclusive':
        cuts = []
        for part in range(1, n):
            at = min(max(part * (size + 1) // n, 1), size - 1)
            rest = part * (size + 1) - at * n
            cuts.append((data[at - 1] * (n - rest) + data[at] * rest) / n)
        return cuts
    raise ValueError(f'Unknown method: {method!r}')


def variance(data, xbar=None):
    """The variance of a sample."""
    kind, squares, _, count = _sum_of_squares(data, xbar)
    if count < 2:
        raise StatisticsError('variance requires at least two data points')
    return _convert(squares / (count - 1), kind)


def pvariance(data, mu=None):
    """The variance of a whole population."""
    kind, squares, _, count = _sum_of_squares(data, mu)
    if count < 1:
        raise StatisticsError('pvariance requires at least one data point')
    return _convert(squares / count, kind)


def _root(kind, exact):
    if issubclass(kind, _Decimal):
        return _decimal_root(exact.numerator, exact.denominator)
    return _float_root(exact.numerator, exact.denominator)


def _integer_root(top, bottom):
    """The root of a quotient, rounded down, with the last bit set when it is not exact."""
    root = _isqrt(top // bottom)
    return root | (root * root * bottom != top)


def _float_root(top, bottom):
    """The correctly rounded root of a quotient."""
    shift = (top.bit_length() - bottom.bit_length() - 109) // 2
    if shift >= 0:
        return float(_integer_root(top, bottom << 2 * shift) << shift)
    return _integer_root(top << -2 * shift, bottom) / (1 << -shift)


def _decimal_root(top, bottom):
    if top <= 0:
        if not top:
            return _Decimal('0.0')
        top, bottom = -top, -bottom
    from decimal import localcontext
    with localcontext() as context:
        context.prec = 2 * context.prec + 20
        context.Emax, context.Emin = 10 ** 9, -10 ** 9
        root = (_Decimal(top) / _Decimal(bottom)).sqrt()
    return +root


def stdev(data, xbar=None):
    """The standard deviation of a sample."""
    kind, squares, _, count = _sum_of_squares(data, xbar)
    if count < 2:
        raise StatisticsError('stdev requires at least two data points')
    return _root(kind, squares / (count - 1))


def pstdev(data, mu=None):
    """The standard deviation of a whole population."""
    kind, squares, _, count = _sum_of_squares(data, mu)
    if count < 1:
        raise StatisticsError('pstdev requires at least one data point')
    return _root(kind, squares / count)


def _mean_and_deviation(data):
    kind, squares, center, count = _sum_of_squares(data)
    if count < 2:
        raise StatisticsError('stdev requires at least two data points')
    exact = squares / (count - 1)
    try:
        return float(center), _float_root(exact.numerator, exact.denominator)
    except AttributeError:
        return float(center), float(center) / float(squares)


def covariance(x, y, /):
    """How two samples vary together."""
    size = len(x)
    if len(y) != size:
        raise StatisticsError('covariance requires that both inputs have same number of data points')
    if size < 2:
        raise StatisticsError('covariance requires at least two data points')
    x_mean, y_mean = _fsum(x) / size, _fsum(y) / size
    return _sumprod([value - x_mean for value in x], [value - y_mean for value in y]) / (size - 1)


def _ranks(data):
    """Ranks from 1 on, ties averaged, less the mean rank."""
    order = sorted(range(len(data)), key=data.__getitem__)
    ranks = [0.0] * len(data)
    start = -(len(data) - 1) / 2 - 1
    at = 0
    while at < len(order):
        end = at
        while end < len(order) and data[order[end]] == data[order[at]]:
            end += 1
        for place in order[at:end]:
            ranks[place] = start + at + (end - at + 1) / 2
        at = end
    return ranks


def correlation(x, y, /, *, method='linear'):
    """Pearson's coefficient, or Spearman's with `method='ranked'`."""
    size = len(x)
    if len(y) != size:
        raise StatisticsError('correlation requires that both inputs have same number of data points')
    if size < 2:
        raise StatisticsError('correlation requires at least two data points')
    if method not in {'linear', 'ranked'}:
        raise ValueError(f'Unknown method: {method!r}')
    if method == 'ranked':
        x, y = _ranks(x), _ranks(y)
    else:
        x_mean, y_mean = _fsum(x) / size, _fsum(y) / size
        x, y = [value - x_mean for value in x], [value - y_mean for value in y]
    both, x_squares, y_squares = _sumprod(x, y), _sumprod(x, x), _sumprod(y, y)
    try:
        return both / _sqrt(x_squares * y_squares)
    except ZeroDivisionError:
        raise StatisticsError('at least one of the inputs is constant') from None


def linear_regression(x, y, /, *, proportional=False):
    """Slope and intercept of the line with the least squares."""
    size = len(x)
    if len(y) != size:
        raise StatisticsError('linear regression requires that both inputs have same number of data points')
    if size < 2:
        raise StatisticsError('linear regression requires at least two data points')
    if not proportional:
        x_mean, y_mean = _fsum(x) / size, _fsum(y) / size
        x, y = [value - x_mean for value in x], [value - y_mean for value in y]
    both = _sumprod(x, y) + 0.0
    squares = _sumprod(x, x)
    try:
        slope = both / squares
    except ZeroDivisionError:
        raise StatisticsError('x is constant') from None
    intercept = 0.0 if proportional else y_mean - slope * x_mean
    return LinearRegression(slope=slope, intercept=intercept)


LinearRegression = _namedtuple('LinearRegression', ('slope', 'intercept'))


# Coefficients of algorithm AS 241 (Wichura, 1988), which gives the normal quantile to 16 digits.
_NEAR = ((2.50908_09287_30122_6727e+3, 3.34305_75583_58812_8105e+4, 6.72657_70927_00870_0853e+4,
          4.59219_53931_54987_1457e+4, 1.37316_93765_50946_1125e+4, 1.97159_09503_06551_4427e+3,
          1.33141_66789_17843_7745e+2, 3.38713_28727_96366_6080e+0),
         (5.22649_52788_52854_5610e+3, 2.87290_85735_72194_2674e+4, 3.93078_95800_09271_0610e+4,
          2.12137_94301_58659_5867e+4, 5.39419_60214_24751_1077e+3, 6.87187_00749_20579_0830e+2,
          4.23133_30701_60091_1252e+1, 1.0))
_FAR = ((7.74545_01427_83414_07640e-4, 2.27238_44989_26918_45833e-2, 2.41780_72517_74506_11770e-1,
         1.27045_82524_52368_38258e+0, 3.64784_83247_63204_60504e+0, 5.76949_72214_60691_40550e+0,
         4.63033_78461_56545_29590e+0, 1.42343_71107_49683_57734e+0),
        (1.05075_00716_44416_84324e-9, 5.47593_80849_95344_94600e-4, 1.51986_66563_61645_71966e-2,
         1.48103_97642_74800_74590e-1, 6.89767_33498_51000_04550e-1, 1.67638_48301_83803_84940e+0,
         2.05319_16266_37758_82187e+0, 1.0))
_TAIL = ((2.01033_43992_92288_13265e-7, 2.71155_55687_43487_57815e-5, 1.24266_09473_88078_43860e-3,
          2.65321_89526_57612_30930e-2, 2.96560_57182_85048_91230e-1, 1.78482_65399_17291_33580e+0,
          5.46378_49111_64114_36990e+0, 6.65790_46435_01103_77720e+0),
         (2.04426_31033_89939_78564e-15, 1.42151_17583_16445_88870e-7, 1.84631_83175_10054_68180e-5,
          7.86869_13114_56132_59100e-4, 1.48753_61290_85061_48525e-2, 1.36929_88092_27358_05310e-1,
          5.99832_20655_58879_37690e-1, 1.0))


def _rational(coefficients, value):
    """A quotient of polynomials, by Horner's rule."""
    results = []
    for row in coefficients:
        result = row[0]
        for coefficient in row[1:]:
            result = result * value + coefficient
        results.append(result)
    return results


def _quantile(p, mu, sigma):
    q = p - 0.5
    if _fabs(q) <= 0.425:
        top, bottom = _rational(_NEAR, 0.180625 - q * q)
        return mu + top * q / bottom * sigma
    r = _sqrt(-_log(p if q <= 0.0 else 1.0 - p))
    top, bottom = _rational(_FAR, r - 1.6) if r <= 5.0 else _rational(_TAIL, r - 5.0)
    x = top / bottom
    return mu + (-x if q < 0.0 else x) * sigma


class NormalDist:
    """A normal distribution."""

    __slots__ = {'_mu': 'Arithmetic mean of a normal distribution',
                 '_sigma': 'Standard deviation of a normal distribution'}

    def __init__(self, mu=0.0, sigma=1.0):
        if sigma < 0.0:
            raise StatisticsError('sigma must be non-negative')
        self._mu = float(mu)
        self._sigma = float(sigma)

    @classmethod
    def from_samples(cls, data):
        return cls(*_mean_and_deviation(data))

    def samples(self, n, *, seed=None):
        import random
        gauss = random.gauss if seed is None else random.Random(seed).gauss
        return [gauss(self._mu, self._sigma) for _ in range(n)]

    def pdf(self, x):
        variance = self._sigma * self._sigma
        if not variance:
            raise StatisticsError('pdf() not defined when sigma is zero')
        difference = x - self._mu
        return _exp(difference * difference / (-2.0 * variance)) / _sqrt(_tau * variance)

    def cdf(self, x):
        if not self._sigma:
            raise StatisticsError('cdf() not defined when sigma is zero')
        return 0.5 * (1.0 + _erf((x - self._mu) / (self._sigma * 1.4142135623730951)))

    def inv_cdf(self, p):
        if p <= 0.0 or p >= 1.0:
            raise StatisticsError('p must be in the range 0.0 < p < 1.0')
        if self._sigma <= 0.0:
            raise StatisticsError('cdf() not defined when sigma at or below zero')
        return _quantile(p, self._mu, self._sigma)

    def quantiles(self, n=4):
        return [self.inv_cdf(part / n) for part in range(1, n)]

    def overlap(self, other):
        """The area that both densities share."""
        if not isinstance(other, NormalDist):
            raise TypeError('Expected another NormalDist instance')
        one, two = self, other
        if (two._sigma, two._mu) < (one._sigma, one._mu):
            one, two = two, one
        one_variance, two_variance = one.variance, two.variance
        if not one_variance or not two_variance:
            raise StatisticsError('overlap() not defined when sigma is zero')
        spread = two_variance - one_variance
        apart = _fabs(two._mu - one._mu)
        if not spread:
            return 1.0 - _erf(apart / (2.0 * one._sigma * 1.4142135623730951))
        a = one._mu * two_variance - two._mu * one_variance
        b = one._sigma * two._sigma * _sqrt(apart * apart + spread * _log(two_variance / one_variance))
        left, right = (a + b) / spread, (a - b) / spread
        return 1.0 - (_fabs(two.cdf(left) - one.cdf(left)) + _fabs(two.cdf(right) - one.cdf(right)))

    def zscore(self, x):
        if not self._sigma:
            raise StatisticsError('zscore() not defined when sigma is zero')
        return (x - self._mu) / self._sigma

    @property
    def mean(self):
        return self._mu

    @property
    def median(self):
        return self._mu

    @property
    def mode(self):
        return self._mu

    @property
    def stdev(self):
        return self._sigma

    @property
    def variance(self):
        return self._sigma * self._sigma

    def __add__(one, two):
        if isinstance(two, NormalDist):
            return NormalDist(one._mu + two._mu, _hypot(one._sigma, two._sigma))
        return NormalDist(one._mu + two, one._sigma)

    def __sub__(one, two):
        if isinstance(two, NormalDist):
            return NormalDist(one._mu - two._mu, _hypot(one._sigma, two._sigma))
        return NormalDist(one._mu - two, one._sigma)

    def __mul__(one, two):
        return NormalDist(one._mu * two, one._sigma * _fabs(two))

    def __truediv__(one, two):
        return NormalDist(one._mu / two, one._sigma / _fabs(two))

    def __pos__(self):
        return NormalDist(self._mu, self._sigma)

    def __neg__(self):
        return NormalDist(-self._mu, self._sigma)

    __radd__ = __add__

    def __rsub__(one, two):
        return -(one - two)

    __rmul__ = __mul__

    def __eq__(one, two):
        if not isinstance(two, NormalDist):
            return NotImplemented
        return one._mu == two._mu and one._sigma == two._sigma

    def __hash__(self):
        return hash((self._mu, self._sigma))

    def __repr__(self):
        return f'{type(self).__name__}(mu={self._mu!r}, sigma={self._sigma!r})'
