"""Dates, times of day, spans of time and fixed offsets from UTC.

Reading the clock goes through `time.time`; the local zone is UTC, since nothing
about a place is known here. `strftime` and `strptime` speak the C locale.
Missing: `zoneinfo` and other zones with rules, and pickling to bytes.
"""

from math import modf as _modf
from time import struct_time, time as _clock

__all__ = ('date', 'datetime', 'time', 'timedelta', 'timezone', 'tzinfo', 'MINYEAR', 'MAXYEAR', 'UTC')

MINYEAR = 1
MAXYEAR = 9999

_MAX_ORDINAL = 3652059
_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MONTHS = ('', 'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
           'November', 'December')
_WEEKDAYS = ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')
_DAY_US = 86400000000
# Types that bring no operators for dates of their own: refusing here lets the message name the class in full.
_PLAIN = {int, float, complex, bool, str, bytes, bytearray, type(None), list, tuple, dict, set, frozenset, range}


def _title(value):
    """The class of a value as messages name it: this module's own classes with the module."""
    cls = type(value)
    return f'datetime.{cls.__name__}' if cls in _PLAIN and cls.__module__ == 'datetime' else cls.__name__


def _refuse(operator, left, right, other):
    if type(other) in _PLAIN:
        if operator == '+' and left is other and isinstance(left, (str, list, tuple)):
            kind = type(left).__name__
            raise TypeError(f'can only concatenate {kind} (not "{_title(right)}") to {kind}')
        raise TypeError(f'unsupported operand type(s) for {operator}: {_title(left)!r} and {_title(right)!r}')
    return NotImplemented


def _unordered(operator, left, right):
    if type(right) in _PLAIN:
        raise TypeError(f'{operator!r} not supported between instances of {_title(left)!r} and {_title(right)!r}')
    return NotImplemented


def _index(value):
    if type(value) is int:
        return value
    try:
        return type(value).__index__(value)
    except AttributeError:
        raise TypeError(f'{_title(value)!r} object cannot be interpreted as an integer') from None


def _no_attribute(self, name):
    if name == '__class__':
        return type(self)
    raise AttributeError(f'{_title(self)!r} object has no attribute {name!r}', name=name, obj=self)


class _Member:
    """A part of a value that can be read and never set."""

    def __init__(self, name):
        self.name = name
        self.slot = '_' + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.slot)

    def __set__(self, instance, value):
        raise AttributeError(f"attribute '{self.name}' of '{self.owner}' objects is not writable")

    def __set_name__(self, owner, name):
        self.owner = f'datetime.{owner.__name__}'


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month_days(year, month):
    return 29 if month == 2 and _is_leap(year) else _DAYS[month]


def _year_start(year):
    """Days before January 1st of the year."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400


def _day_of_year(year, month, day):
    return _BEFORE[month] + (month > 2 and _is_leap(year)) + day


def _to_ordinal(year, month, day):
    return _year_start(year) + _day_of_year(year, month, day)


def _from_ordinal(ordinal):
    # The guess is never early and at most a year late: 146097 days are exactly 400 years.
    year = (ordinal - 1) * 400 // 146097 + 1
    if _year_start(year) >= ordinal:
        year -= 1
    elif _year_start(year + 1) < ordinal:
        year += 1
    rest = ordinal - _year_start(year)
    month = 1
    while rest > _month_days(year, month):
        rest -= _month_days(year, month)
        month += 1
    return year, month, rest


def _week_one(year):
    """The ordinal of the Monday that starts the year's first ISO week."""
    first = _year_start(year) + 1
    weekday = (first + 6) % 7
    monday = first - weekday
    return monday + 7 if weekday > 3 else monday


def _iso_to_ordinal(year, week, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f'Year is out of range: {year}')
    weeks = (_week_one(year + 1) - _week_one(year)) // 7
    if not 0 < week <= weeks:
        raise ValueError(f'Invalid week: {week}')
    if not 0 < day < 8:
        raise ValueError(f'Invalid day: {day} (range is [1, 7])')
    return _week_one(year) + (week - 1) * 7 + day - 1


def _nearest(dividend, divisor):
    """The quotient rounded to the nearest integer, halves to even."""
    quotient, rest = divmod(dividend, divisor)
    twice = 2 * rest
    if (twice > divisor if divisor > 0 else twice < divisor) or (twice == divisor and quotient % 2):
        quotient += 1
    return quotient


class timedelta:
    """A span of time: days, seconds and microseconds, of which only the days may be negative."""

    __slots__ = ('_days', '_seconds', '_microseconds')

    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        if type(days) is int and type(seconds) is int and type(microseconds) is int \
                and milliseconds == minutes == hours == weeks == 0:
            return cls._of(days * _DAY_US + seconds * 1000000 + microseconds)
        total = 0
        left = 0.0
        for name, value, factor in (('microseconds', microseconds, 1), ('milliseconds', milliseconds, 1000),
                                    ('seconds', seconds, 1000000), ('minutes', minutes, 60000000),
                                    ('hours', hours, 3600000000), ('days', days, _DAY_US),
                                    ('weeks', weeks, 7 * _DAY_US)):
            if isinstance(value, int):
                total += value * factor
            elif isinstance(value, float):
                part, whole = _modf(value)
                total += int(whole) * factor
                if part:
                    part, whole = _modf(factor * part)
                    total += int(whole)
                    left += part
            else:
                raise TypeError(f'unsupported type for timedelta {name} component: {_title(value)}')
        if left:
            total += _timedelta_rest(left, total & 1)
        return cls._of(total)

    @classmethod
    def _of(cls, total):
        days, rest = divmod(total, _DAY_US)
        if not -999999999 <= days <= 999999999:
            if not -2147483648 <= days <= 2147483647:
                raise OverflowError('Python int too large to convert to C int')
            raise OverflowError(f'days={days}; must have magnitude <= 999999999')
        self = object.__new__(cls)
        self._days = days
        self._seconds, self._microseconds = divmod(rest, 1000000)
        return self

    days = _Member('days')
    seconds = _Member('seconds')
    microseconds = _Member('microseconds')
    __getattr__ = _no_attribute

    def _total(self):
        return (self._days * 86400 + self._seconds) * 1000000 + self._microseconds

    def total_seconds(self):
        """The whole span in seconds."""
        return self._total() / 1000000

    def __repr__(self):
        parts = [f'{name}={value}' for name, value in (('days', self._days), ('seconds', self._seconds),
                                                      ('microseconds', self._microseconds)) if value]
        return f"{_class_path(self)}({', '.join(parts) or '0'})"

    def __str__(self):
        minutes, seconds = divmod(self._seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text = f'{hours}:{minutes:02}:{seconds:02}'
        if self._days:
            text = f"{self._days} day{'' if abs(self._days) == 1 else 's'}, {text}"
        return f'{text}.{self._microseconds:06}' if self._microseconds else text

    def __add__(self, other):
        if isinstance(other, timedelta):
            return timedelta._of(self._total() + other._total())
        return NotImplemented if isinstance(other, date) else _refuse('+', self, other, other)

    def __radd__(self, other):
        return _refuse('+', other, self, other)

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return timedelta._of(self._total() - other._total())
        return _refuse('-', self, other, other)

    def __rsub__(self, other):
        return _refuse('-', other, self, other)

    def __neg__(self):
        return timedelta._of(-self._total())

    def __pos__(self):
        return timedelta._of(self._total())

    def __abs__(self):
        return timedelta._of(abs(self._total()))

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta._of(self._total() * other)
        if isinstance(other, float):
            numerator, denominator = other.as_integer_ratio()
            return timedelta._of(_nearest(self._total() * numerator, denominator))
        self._no_repeat(other)
        return _refuse('*', self, other, other)

    def __rmul__(self, other):
        if isinstance(other, (int, float)):
            return self * other
        self._no_repeat(other)
        return _refuse('*', other, self, other)

    def _no_repeat(self, other):
        if isinstance(other, (str, list, tuple, bytes, bytearray)):
            raise TypeError(f"can't multiply sequence by non-int of type '{_title(self)}'")

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._total() / other._total()
        if isinstance(other, int):
            if not other:
                raise ZeroDivisionError('integer division or modulo by zero')
            return timedelta._of(_nearest(self._total(), other))
        if isinstance(other, float):
            numerator, denominator = other.as_integer_ratio()
            if not numerator:
                raise ZeroDivisionError('integer division or modulo by zero')
            return timedelta._of(_nearest(self._total() * denominator, numerator))
        return _refuse('/', self, other, other)

    def __rtruediv__(self, other):
        return _refuse('/', other, self, other)

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._total() // other._total()
        if isinstance(other, int):
            return timedelta._of(self._total() // other)
        return _refuse('//', self, other, other)

    def __rfloordiv__(self, other):
        return _refuse('//', other, self, other)

    def __mod__(self, other):
        if isinstance(other, timedelta):
            return timedelta._of(self._total() % other._total())
        return _refuse('%', self, other, other)

    def __divmod__(self, other):
        if isinstance(other, timedelta):
            quotient, rest = divmod(self._total(), other._total())
            return quotient, timedelta._of(rest)
        return _refuse('divmod()', self, other, other)

    def __eq__(self, other):
        return self._total() == other._total() if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._total() < other._total() if isinstance(other, timedelta) else _unordered('<', self, other)

    def __le__(self, other):
        return self._total() <= other._total() if isinstance(other, timedelta) else _unordered('<=', self, other)

    def __gt__(self, other):
        return self._total() > other._total() if isinstance(other, timedelta) else _unordered('>', self, other)

    def __ge__(self, other):
        return self._total() >= other._total() if isinstance(other, timedelta) else _unordered('>=', self, other)

    def __hash__(self):
        return hash((self._days, self._seconds, self._microseconds))

    def __bool__(self):
        return bool(self._days or self._seconds or self._microseconds)

    def __reduce__(self):
        return type(self), (self._days, self._seconds, self._microseconds)


def _timedelta_rest(left, odd):
    """What is left of the microseconds, rounded so that a half goes to the even total."""
    whole = int(left + 0.5) if left >= 0 else -int(0.5 - left)
    if abs(whole - left) == 0.5:
        half = (left + odd) * 0.5
        whole = 2 * (int(half + 0.5) if half >= 0 else -int(0.5 - half)) - odd
    return whole


def _class_path(self):
    """The name that a representation begins with: derived classes show theirs alone."""
    cls = type(self)
    return f'datetime.{cls.__name__}' if cls in _PLAIN else cls.__qualname__


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(999999999, 86399, 999999)
timedelta.resolution = timedelta(microseconds=1)
_ZERO = timedelta(0)


class tzinfo:
    """A zone; derived classes say its offset, its name and its daylight saving."""

    __slots__ = ()

    def tzname(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement tzname()')

    def utcoffset(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement utcoffset()')

    def dst(self, dt):
        raise NotImplementedError('a tzinfo subclass must implement dst()')

    def fromutc(self, dt):
        """The local time of a time that is given in UTC and already wears this zone."""
        if not isinstance(dt, datetime):
            raise TypeError('fromutc: argument must be a datetime')
        if dt._tzinfo is not self:
            raise ValueError('fromutc: dt.tzinfo is not self')
        offset = dt.utcoffset()
        if offset is None:
            raise ValueError('fromutc: non-None utcoffset() result required')
        saving = dt.dst()
        if saving is None:
            raise ValueError('fromutc: non-None dst() result required')
        standard = offset - saving
        if standard:
            dt += standard
            saving = dt.dst()
            if saving is None:
                raise ValueError('fromutc: tz.dst() gave inconsistent results; cannot convert')
        return dt + saving


def _offset_text(offset):
    """An offset as +HH:MM, with seconds and microseconds where they are not zero."""
    total = offset._total()
    sign = '-' if total < 0 else '+'
    seconds, microseconds = divmod(abs(total), 1000000)
    minutes, seconds = divmod(seconds, 60)
    text = f'{sign}{minutes // 60:02}:{minutes % 60:02}'
    if seconds or microseconds:
        text += f':{seconds:02}'
    return f'{text}.{microseconds:06}' if microseconds else text


_NO_NAME = object()


class timezone(tzinfo):
    """A zone whose offset never changes."""

    __slots__ = ('_offset', '_name')

    def __new__(cls, offset, name=_NO_NAME):
        if not isinstance(offset, timedelta):
            raise TypeError(f'timezone() argument 1 must be datetime.timedelta, not {_title(offset)}')
        if name is _NO_NAME:
            if not offset:
                return cls.utc
            name = None
        elif not isinstance(name, str):
            raise TypeError(f'timezone() argument 2 must be str, not {_none_title(name)}')
        if not -_DAY_US < offset._total() < _DAY_US:
            raise ValueError('offset must be a timedelta strictly between -timedelta(hours=24) and '
                             f'timedelta(hours=24), not {offset!r}.')
        return cls._of(offset, name)

    @classmethod
    def _of(cls, offset, name):
        self = object.__new__(cls)
        self._offset = offset
        self._name = name
        return self

    def _check(self, dt, method):
        if dt is not None and not isinstance(dt, datetime):
            raise TypeError(f'{method}(dt) argument must be a datetime instance or None, not {_title(dt)}')

    def utcoffset(self, dt):
        self._check(dt, 'utcoffset')
        return self._offset

    def tzname(self, dt):
        self._check(dt, 'tzname')
        if self._name is not None:
            return self._name
        return 'UTC' + _offset_text(self._offset) if self._offset else 'UTC'

    def dst(self, dt):
        self._check(dt, 'dst')
        return None

    def fromutc(self, dt):
        if not isinstance(dt, datetime):
            raise TypeError('fromutc: argument must be a datetime instance')
        if dt._tzinfo is not self:
            raise ValueError('fromutc: dt.tzinfo is not self')
        return dt + self._offset

    def __eq__(self, other):
        return self._offset == other._offset if isinstance(other, timezone) else NotImplemented

    def __hash__(self):
        return hash(self._offset)

    def __repr__(self):
        if self is timezone.utc:
            return 'datetime.timezone.utc'
        name = '' if self._name is None else f', {self._name!r}'
        return f'{_class_path(self)}({self._offset!r}{name})'

    def __str__(self):
        return self.tzname(None)

    def __reduce__(self):
        return type(self), (self._offset,) if self._name is None else (self._offset, self._name)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _none_title(value):
    return 'None' if value is None else _title(value)


UTC = timezone.utc = timezone._of(_ZERO, None)
timezone.min = timezone(timedelta(hours=-23, minutes=-59))
timezone.max = timezone(timedelta(hours=23, minutes=59))


def _check_zone(zone):
    if zone is not None and not isinstance(zone, tzinfo):
        raise TypeError(f"tzinfo argument must be None or of a tzinfo subclass, not type '{_title(zone)}'")


def _check_date(year, month, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f'year {year} is out of range')
    if not 1 <= month <= 12:
        raise ValueError('month must be in 1..12')
    if not 1 <= day <= _month_days(year, month):
        raise ValueError('day is out of range for month')


def _check_time(hour, minute, second, microsecond, fold):
    if not 0 <= hour <= 23:
        raise ValueError('hour must be in 0..23')
    if not 0 <= minute <= 59:
        raise ValueError('minute must be in 0..59')
    if not 0 <= second <= 59:
        raise ValueError('second must be in 0..59')
    if not 0 <= microsecond <= 999999:
        raise ValueError('microsecond must be in 0..999999')
    if fold not in (0, 1):
        raise ValueError('fold must be either 0 or 1')


def _asked_of_zone(value, zone, method):
    """What a zone says, checked."""
    if zone is None:
        return None
    answer = getattr(zone, method)(value)
    if answer is None:
        return None
    if not isinstance(answer, timedelta):
        raise TypeError(f"tzinfo.{method}() must return None or a timedelta, not '{_title(answer)}'")
    if not -_DAY_US < answer._total() < _DAY_US:
        raise ValueError('offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).')
    return answer


def _zone_name(value, zone):
    if zone is None:
        return None
    name = zone.tzname(value)
    if name is not None and not isinstance(name, str):
        raise TypeError(f"tzinfo.tzname() must return None or a string, not '{_title(name)}'")
    return name


_MISSING = object()


def _required(**arguments):
    for position, (name, value) in enumerate(arguments.items(), 1):
        if value is _MISSING:
            raise TypeError(f"function missing required argument '{name}' (pos {position})")


class IsoCalendarDate(tuple):
    """Year, week and day of the ISO calendar."""

    __slots__ = ()

    def __new__(cls, year, week, weekday):
        return tuple.__new__(cls, (year, week, weekday))

    @property
    def year(self):
        return self[0]

    @property
    def week(self):
        return self[1]

    @property
    def weekday(self):
        return self[2]

    def __repr__(self):
        return f'datetime.IsoCalendarDate(year={self[0]}, week={self[1]}, weekday={self[2]})'

    def __reduce__(self):
        return tuple, (tuple(self),)


def _pickled(state, size, what):
    """The bytes that a pickle has in the place of the first argument; None where they are something else."""
    if len(state) != size:
        return None
    if isinstance(state, str):
        try:
            state = state.encode('latin1')
        except UnicodeEncodeError:
            raise ValueError(f'Failed to encode latin1 string when unpickling a {what} object. '
                             "pickle.load(data, encoding='latin1') is assumed.") from None
    return state


def _pickled_zone(zone):
    if zone is not None and not isinstance(zone, _tzinfo):
        raise TypeError('bad tzinfo state arg')
    return zone


class date:
    """A day of the Gregorian calendar, continued backwards to the year 1."""

    __slots__ = ('_year', '_month', '_day')

    def __new__(cls, year=_MISSING, month=_MISSING, day=_MISSING):
        if month is _MISSING and isinstance(year, (bytes, str)):
            state = _pickled(year, 4, 'date')
            if state and 1 <= state[2] <= 12:
                year, month, day = state[0] << 8 | state[1], state[2], state[3]
            _index(year)
        _required(year=year, month=month, day=day)
        year, month, day = _index(year), _index(month), _index(day)
        _check_date(year, month, day)
        self = object.__new__(cls)
        self._year = year
        self._month = month
        self._day = day
        return self

    year = _Member('year')
    month = _Member('month')
    day = _Member('day')
    __getattr__ = _no_attribute

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_clock())

    @classmethod
    def fromtimestamp(cls, timestamp, /):
        moment = datetime.fromtimestamp(timestamp)
        return cls(moment._year, moment._month, moment._day)

    @classmethod
    def fromordinal(cls, ordinal, /):
        ordinal = _index(ordinal)
        if ordinal < 1:
            raise ValueError('ordinal must be >= 1')
        if ordinal > _MAX_ORDINAL:
            raise ValueError(f'year {_from_ordinal(ordinal)[0]} is out of range')
        return cls(*_from_ordinal(ordinal))

    @classmethod
    def fromisoformat(cls, date_string, /):
        if not isinstance(date_string, str):
            raise TypeError('fromisoformat: argument must be str')
        if len(date_string) not in (7, 8, 10):
            raise ValueError(f'Invalid isoformat string: {date_string!r}')
        try:
            parts = _read_iso_date(date_string)
        except _Malformed:
            raise ValueError(f'Invalid isoformat string: {date_string!r}') from None
        return cls(*parts)

    @classmethod
    def fromisocalendar(cls, year, week, day):
        return cls(*_from_ordinal(_iso_to_ordinal(_index(year), _index(week), _index(day))))

    def toordinal(self):
        return _to_ordinal(self._year, self._month, self._day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        today = date.toordinal(self)
        year = self._year
        if today < _week_one(year):
            year -= 1
        elif today >= _week_one(year + 1):
            year += 1
        week, day = divmod(today - _week_one(year), 7)
        return IsoCalendarDate(year, week + 1, day + 1)

    def isoformat(self):
        return f'{self._year:04}-{self._month:02}-{self._day:02}'

    __str__ = isoformat

    def __repr__(self):
        return f'{_class_path(self)}({self._year}, {self._month}, {self._day})'

    def ctime(self):
        return (f'{_WEEKDAYS[self.weekday()][:3]} {_MONTHS[self._month][:3]} {self._day:2} 00:00:00 '
                f'{self._year:04}')

    def strftime(self, format):
        return _format(self, format, datetime(self._year, self._month, self._day))

    def __format__(self, spec):
        if not isinstance(spec, str):
            raise TypeError(f'must be str, not {_title(spec)}')
        return self.strftime(spec) if spec else str(self)

    def timetuple(self):
        return _struct(self._year, self._month, self._day, 0, 0, 0, -1)

    def replace(self, year=None, month=None, day=None):
        return type(self)(self._year if year is None else year, self._month if month is None else month,
                          self._day if day is None else day)

    def _key(self):
        return self._year, self._month, self._day

    def _compared(self, other):
        return isinstance(other, date) and not isinstance(other, datetime)

    def __eq__(self, other):
        return self._key() == other._key() if self._compared(other) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if self._compared(other) else _unordered('<', self, other)

    def __le__(self, other):
        return self._key() <= other._key() if self._compared(other) else _unordered('<=', self, other)

    def __gt__(self, other):
        return self._key() > other._key() if self._compared(other) else _unordered('>', self, other)

    def __ge__(self, other):
        return self._key() >= other._key() if self._compared(other) else _unordered('>=', self, other)

    def __hash__(self):
        return hash(self._key())

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return _refuse('+', self, other, other)
        ordinal = self.toordinal() + other._days
        if not 0 < ordinal <= _MAX_ORDINAL:
            raise OverflowError('date value out of range')
        return type(self)(*_from_ordinal(ordinal))

    def __radd__(self, other):
        return self + other if isinstance(other, timedelta) else _refuse('+', other, self, other)

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other._days)
        if isinstance(other, date):
            return timedelta(self.toordinal() - other.toordinal())
        return _refuse('-', self, other, other)

    def __rsub__(self, other):
        return _refuse('-', other, self, other)

    def __reduce__(self):
        return type(self), (bytes([self._year >> 8, self._year & 255, self._month, self._day]),)


class time:
    """A time of day, with or without a zone."""

    __slots__ = ('_hour', '_minute', '_second', '_microsecond', '_tzinfo', '_fold')

    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        if isinstance(hour, (bytes, str)):
            state = _pickled(hour, 6, 'time')
            if state and state[0] & 0x7f < 24:
                tzinfo = _pickled_zone(minute if minute != 0 else tzinfo)
                fold, hour, minute, second = state[0] >> 7, state[0] & 0x7f, state[1], state[2]
                microsecond = state[3] << 16 | state[4] << 8 | state[5]
        hour, minute, second, microsecond = _index(hour), _index(minute), _index(second), _index(microsecond)
        fold = _index(fold)
        _check_time(hour, minute, second, microsecond, fold)
        _check_zone(tzinfo)
        self = object.__new__(cls)
        self._hour = hour
        self._minute = minute
        self._second = second
        self._microsecond = microsecond
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    hour = _Member('hour')
    minute = _Member('minute')
    second = _Member('second')
    microsecond = _Member('microsecond')
    tzinfo = _Member('tzinfo')
    fold = _Member('fold')
    __getattr__ = _no_attribute

    @classmethod
    def fromisoformat(cls, time_string, /):
        if not isinstance(time_string, str):
            raise TypeError('fromisoformat: argument must be str')
        text = time_string[1:] if time_string[:1] == 'T' else time_string
        try:
            parts = _read_iso_time(text)
        except _Malformed:
            raise ValueError(f'Invalid isoformat string: {time_string!r}') from None
        return cls(*parts)

    def utcoffset(self):
        return _asked_of_zone(None, self._tzinfo, 'utcoffset')

    def dst(self):
        return _asked_of_zone(None, self._tzinfo, 'dst')

    def tzname(self):
        return _zone_name(None, self._tzinfo)

    def isoformat(self, timespec='auto'):
        text = _time_text(self, timespec)
        offset = self.utcoffset()
        return text if offset is None else text + _offset_text(offset)

    def __str__(self):
        return self.isoformat()

    def __repr__(self):
        parts = [self._hour, self._minute]
        if self._microsecond:
            parts += [self._second, self._microsecond]
        elif self._second:
            parts.append(self._second)
        return f"{_class_path(self)}({', '.join(map(str, parts))}{_zone_and_fold(self)})"

    def strftime(self, format):
        moment = datetime(1900, 1, 1, self._hour, self._minute, self._second, self._microsecond)
        return _format(self, format, moment)

    def __format__(self, spec):
        if not isinstance(spec, str):
            raise TypeError(f'must be str, not {_title(spec)}')
        return self.strftime(spec) if spec else str(self)

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True, *, fold=None):
        return type(self)(self._hour if hour is None else hour, self._minute if minute is None else minute,
                          self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo, fold=self._fold if fold is None else fold)

    def _micros(self):
        return ((self._hour * 60 + self._minute) * 60 + self._second) * 1000000 + self._microsecond

    def _pair(self, other, strict):
        """The two numbers to compare; None for equality of a naive and an aware time."""
        mine, theirs = self._micros(), other._micros()
        if self._tzinfo is other._tzinfo:
            return mine, theirs
        here, there = self.utcoffset(), other.utcoffset()
        if (here is None) != (there is None):
            if strict:
                raise TypeError("can't compare offset-naive and offset-aware times")
            return None
        if here is not None:
            mine, theirs = mine - here._total(), theirs - there._total()
        return mine, theirs

    def __eq__(self, other):
        if not isinstance(other, time):
            return NotImplemented
        pair = self._pair(other, False)
        return pair is not None and pair[0] == pair[1]

    def __lt__(self, other):
        if not isinstance(other, time):
            return _unordered('<', self, other)
        mine, theirs = self._pair(other, True)
        return mine < theirs

    def __le__(self, other):
        if not isinstance(other, time):
            return _unordered('<=', self, other)
        mine, theirs = self._pair(other, True)
        return mine <= theirs

    def __gt__(self, other):
        if not isinstance(other, time):
            return _unordered('>', self, other)
        mine, theirs = self._pair(other, True)
        return mine > theirs

    def __ge__(self, other):
        if not isinstance(other, time):
            return _unordered('>=', self, other)
        mine, theirs = self._pair(other, True)
        return mine >= theirs

    def __add__(self, other):
        return NotImplemented if isinstance(other, date) else _refuse('+', self, other, other)

    def __radd__(self, other):
        return _refuse('+', other, self, other)

    def __sub__(self, other):
        return NotImplemented if isinstance(other, date) else _refuse('-', self, other, other)

    def __rsub__(self, other):
        return _refuse('-', other, self, other)

    def __hash__(self):
        offset = self.utcoffset()
        return hash(self._micros() - (offset._total() if offset else 0))

    def __reduce_ex__(self, protocol, /):
        fold = 128 if self._fold and protocol > 3 else 0
        state = bytes([self._hour + fold, self._minute, self._second, *self._microsecond.to_bytes(3)])
        return type(self), (state,) if self._tzinfo is None else (state, self._tzinfo)

    def __reduce__(self):
        return self.__reduce_ex__(2)


time.min = time(0, 0, 0)
time.max = time(23, 59, 59, 999999)
time.resolution = timedelta(microseconds=1)


def _zone_and_fold(value):
    zone = '' if value._tzinfo is None else f', tzinfo={value._tzinfo!r}'
    return f', fold=1{zone}' if value._fold else zone


def _time_text(value, timespec):
    text = f'{value._hour:02}'
    if timespec == 'auto':
        timespec = 'microseconds' if value._microsecond else 'seconds'
    if not isinstance(timespec, str):
        raise TypeError(f"isoformat() argument 2 must be str, not {_none_title(timespec)}")
    if timespec not in ('hours', 'minutes', 'seconds', 'milliseconds', 'microseconds'):
        raise ValueError('Unknown timespec value')
    if timespec == 'hours':
        return text
    text += f':{value._minute:02}'
    if timespec == 'minutes':
        return text
    text += f':{value._second:02}'
    if timespec == 'seconds':
        return text
    if timespec == 'milliseconds':
        return f'{text}.{value._microsecond // 1000:03}'
    return f'{text}.{value._microsecond:06}'


class datetime(date):
    """A day and a time of day, with or without a zone."""

    __slots__ = ('_hour', '_minute', '_second', '_microsecond', '_tzinfo', '_fold')

    def __new__(cls, year=_MISSING, month=_MISSING, day=_MISSING, hour=0, minute=0, second=0, microsecond=0,
                tzinfo=None, *, fold=0):
        if day is _MISSING and isinstance(year, (bytes, str)):
            state = _pickled(year, 10, 'datetime')
            if state and 1 <= state[2] & 0x7f <= 12:
                tzinfo = _pickled_zone(tzinfo if month is _MISSING else month)
                fold, year, month, day = state[2] >> 7, state[0] << 8 | state[1], state[2] & 0x7f, state[3]
                hour, minute, second = state[4:7]
                microsecond = state[7] << 16 | state[8] << 8 | state[9]
            _index(year)
        _required(year=year, month=month, day=day)
        year, month, day = _index(year), _index(month), _index(day)
        hour, minute, second, microsecond = _index(hour), _index(minute), _index(second), _index(microsecond)
        fold = _index(fold)
        _check_date(year, month, day)
        _check_time(hour, minute, second, microsecond, fold)
        _check_zone(tzinfo)
        self = object.__new__(cls)
        self._year = year
        self._month = month
        self._day = day
        self._hour = hour
        self._minute = minute
        self._second = second
        self._microsecond = microsecond
        self._tzinfo = tzinfo
        self._fold = fold
        return self

    hour = _Member('hour')
    minute = _Member('minute')
    second = _Member('second')
    microsecond = _Member('microsecond')
    tzinfo = _Member('tzinfo')
    fold = _Member('fold')

    @classmethod
    def _of(cls, micros, zone):
        """The moment that many microseconds after the beginning of the day before 0001-01-01."""
        ordinal, rest = divmod(micros, _DAY_US)
        if not 0 < ordinal <= _MAX_ORDINAL:
            raise OverflowError('date value out of range')
        seconds, microsecond = divmod(rest, 1000000)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return cls(*_from_ordinal(ordinal), hour, minute, second, microsecond, zone)

    def _micros(self):
        seconds = (date.toordinal(self) * 24 + self._hour) * 3600 + self._minute * 60 + self._second
        return seconds * 1000000 + self._microsecond

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_clock())

    @classmethod
    def now(cls, tz=None):
        _check_zone(tz)
        return cls.fromtimestamp(_clock(), tz)

    @classmethod
    def utcnow(cls):
        from warnings import warn
        warn('datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use '
             'timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).',
             DeprecationWarning, stacklevel=2)
        return cls._from_timestamp(_clock(), None)

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        _check_zone(tz)
        if tz is None:
            return cls._from_timestamp(timestamp, None)
        return tz.fromutc(cls._from_timestamp(timestamp, tz))

    @classmethod
    def utcfromtimestamp(cls, timestamp, /):
        from warnings import warn
        warn('datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use '
             'timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, '
             'datetime.UTC).', DeprecationWarning, stacklevel=2)
        return cls._from_timestamp(timestamp, None)

    @classmethod
    def _from_timestamp(cls, timestamp, zone):
        if isinstance(timestamp, float):
            if timestamp != timestamp:
                raise ValueError('Invalid value NaN (not a number)')
            if timestamp in (float('inf'), float('-inf')) or abs(timestamp) >= 9223372036854775808.0:
                raise OverflowError('timestamp out of range for platform time_t')
            part, whole = _modf(timestamp)
            micros = int(whole) * 1000000 + round(part * 1e6)
        else:
            micros = _index(timestamp) * 1000000
            if not -9223372036854775808000000 <= micros < 9223372036854775808000000:
                raise OverflowError('timestamp out of range for platform time_t')
        ordinal = 719163 + micros // _DAY_US
        if not 0 < ordinal <= _MAX_ORDINAL:
            # 400 years are 146097 days, which gives the year of any ordinal.
            year = (ordinal - 1) * 400 // 146097 + 1
            if abs(year) > 2147483647:
                raise OSError(75, 'Value too large for defined data type')
            raise ValueError(f'year {year} is out of range')
        return cls._of(719163 * _DAY_US + micros, zone)

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        if not isinstance(date, _date):
            raise TypeError(f'combine() argument 1 must be datetime.date, not {_none_title(date)}')
        if not isinstance(time, _time):
            raise TypeError(f'combine() argument 2 must be datetime.time, not {_none_title(time)}')
        return cls(date._year, date._month, date._day, time._hour, time._minute, time._second, time._microsecond,
                   time._tzinfo if tzinfo is True else tzinfo, fold=time._fold)

    @classmethod
    def fromisoformat(cls, date_string, /):
        if not isinstance(date_string, str):
            raise TypeError('fromisoformat: argument must be str')
        try:
            if len(date_string) < 7:
                raise _Malformed
            cut = _iso_date_end(date_string)
            day = _read_iso_date(date_string[:cut])
            clock = date_string[cut + 1:]
            parts = _read_iso_time(clock) if len(date_string) > cut else (0, 0, 0, 0, None)
        except _Malformed:
            raise ValueError(f'Invalid isoformat string: {date_string!r}') from None
        return cls(*day, *parts)

    @classmethod
    def strptime(cls, date_string, format, /):
        """Read a text by a format of the kind that `strftime` writes by."""
        for position, value in ((1, date_string), (2, format)):
            if not isinstance(value, str):
                raise TypeError(f'strptime() argument {position} must be str, not {_none_title(value)}')
        parts, offset, name = _parse(date_string, format)
        if offset is None:
            return cls(*parts)
        return cls(*parts, timezone(offset, name) if name else timezone(offset))

    def timestamp(self):
        """Seconds since 1970-01-01 in UTC; a time without a zone is local, and local is UTC here."""
        offset = self.utcoffset()
        micros = self._micros() - (0 if offset is None else offset._total())
        return (micros - 719163 * _DAY_US) / 1000000

    def date(self):
        return date(self._year, self._month, self._day)

    def time(self):
        return time(self._hour, self._minute, self._second, self._microsecond, fold=self._fold)

    def timetz(self):
        return time(self._hour, self._minute, self._second, self._microsecond, self._tzinfo, fold=self._fold)

    def timetuple(self):
        saving = self.dst()
        flag = -1 if saving is None else int(bool(saving))
        return _struct(self._year, self._month, self._day, self._hour, self._minute, self._second, flag)

    def utctimetuple(self):
        offset = self.utcoffset()
        moment = self - offset if offset else self
        return _struct(moment._year, moment._month, moment._day, moment._hour, moment._minute, moment._second, 0)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None,
                tzinfo=True, *, fold=None):
        return type(self)(self._year if year is None else year, self._month if month is None else month,
                          self._day if day is None else day, self._hour if hour is None else hour,
                          self._minute if minute is None else minute, self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond,
                          self._tzinfo if tzinfo is True else tzinfo, fold=self._fold if fold is None else fold)

    def astimezone(self, tz=None):
        """The same moment in another zone; without one, in the local zone, which is UTC."""
        if tz is None:
            tz = _local
        elif not isinstance(tz, _tzinfo):
            raise TypeError(f"tzinfo argument must be None or of a tzinfo subclass, not type '{_title(tz)}'")
        if tz is self._tzinfo:
            return self
        offset = self.utcoffset()
        moment = self.replace(tzinfo=None, fold=0) - (_ZERO if offset is None else offset)
        return tz.fromutc(moment.replace(tzinfo=tz))

    def ctime(self):
        return (f'{_WEEKDAYS[self.weekday()][:3]} {_MONTHS[self._month][:3]} {self._day:2} '
                f'{self._hour:02}:{self._minute:02}:{self._second:02} {self._year:04}')

    def isoformat(self, sep='T', timespec='auto'):
        if not isinstance(sep, str) or len(sep) != 1:
            raise TypeError(f'isoformat() argument 1 must be a unicode character, not {_none_title(sep)}')
        text = f'{self._year:04}-{self._month:02}-{self._day:02}{sep}{_time_text(self, timespec)}'
        offset = self.utcoffset()
        return text if offset is None else text + _offset_text(offset)

    def __str__(self):
        return self.isoformat(' ')

    def __repr__(self):
        parts = [self._year, self._month, self._day, self._hour, self._minute]
        if self._microsecond:
            parts += [self._second, self._microsecond]
        elif self._second:
            parts.append(self._second)
        return f"{_class_path(self)}({', '.join(map(str, parts))}{_zone_and_fold(self)})"

    def strftime(self, format):
        return _format(self, format, self)

    def utcoffset(self):
        return _asked_of_zone(self, self._tzinfo, 'utcoffset')

    def dst(self):
        return _asked_of_zone(self, self._tzinfo, 'dst')

    def tzname(self):
        return _zone_name(self, self._tzinfo)

    def _pair(self, other, what):
        """The two numbers to compare or subtract; None when one has a zone and the other has none."""
        mine, theirs = self._micros(), other._micros()
        if self._tzinfo is other._tzinfo:
            return mine, theirs
        here, there = self.utcoffset(), other.utcoffset()
        if (here is None) != (there is None):
            if what is None:
                return None
            raise TypeError(f"can't {what} offset-naive and offset-aware datetimes")
        if here is not None:
            mine, theirs = mine - here._total(), theirs - there._total()
        return mine, theirs

    def _ordered(self, other, operator):
        if isinstance(other, datetime):
            return self._pair(other, 'compare')
        if isinstance(other, date):
            raise TypeError(f"can't compare {_title(self)} to {_title(other)}")
        return _unordered(operator, self, other)

    def __eq__(self, other):
        if not isinstance(other, datetime):
            return False if isinstance(other, date) else NotImplemented
        pair = self._pair(other, None)
        if pair is None or pair[0] != pair[1]:
            return False
        if self._tzinfo is other._tzinfo:
            return True
        # In a gap or a fold a time is equal to none of another zone.
        return not (_depends_on_fold(self) or _depends_on_fold(other))

    def __lt__(self, other):
        pair = self._ordered(other, '<')
        return pair if pair is NotImplemented else pair[0] < pair[1]

    def __le__(self, other):
        pair = self._ordered(other, '<=')
        return pair if pair is NotImplemented else pair[0] <= pair[1]

    def __gt__(self, other):
        pair = self._ordered(other, '>')
        return pair if pair is NotImplemented else pair[0] > pair[1]

    def __ge__(self, other):
        pair = self._ordered(other, '>=')
        return pair if pair is NotImplemented else pair[0] >= pair[1]

    def __hash__(self):
        base = self.replace(fold=0) if self._fold else self
        offset = base.utcoffset()
        return hash(self._micros() - (0 if offset is None else offset._total()))

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return _refuse('+', self, other, other)
        return type(self)._of(self._micros() + other._total(), self._tzinfo)

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return type(self)._of(self._micros() - other._total(), self._tzinfo)
        if isinstance(other, datetime):
            mine, theirs = self._pair(other, 'subtract')
            return timedelta._of(mine - theirs)
        return _refuse('-', self, other, other)

    def __rsub__(self, other):
        return _refuse('-', other, self, other)

    def __reduce_ex__(self, protocol, /):
        fold = 128 if self._fold and protocol > 3 else 0
        state = bytes([self._year >> 8, self._year & 255, self._month + fold, self._day, self._hour, self._minute,
                       self._second, *self._microsecond.to_bytes(3)])
        return type(self), (state,) if self._tzinfo is None else (state, self._tzinfo)

    def __reduce__(self):
        return self.__reduce_ex__(2)


# Names that arguments and methods of the classes hide.
_date, _time, _tzinfo = date, time, tzinfo
_PLAIN |= {timedelta, date, time, datetime, tzinfo, timezone}
_local = timezone._of(_ZERO, 'UTC')

date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
date.resolution = timedelta(1)
datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)


def _depends_on_fold(moment):
    zone = moment._tzinfo
    if zone is None or type(zone) is timezone:
        return False
    return moment.utcoffset() != moment.replace(fold=not moment._fold).utcoffset()


def _struct(year, month, day, hour, minute, second, flag):
    weekday = (_to_ordinal(year, month, day) + 6) % 7
    return struct_time((year, month, day, hour, minute, second, weekday, _day_of_year(year, month, day), flag))


class _Malformed(Exception):
    pass


def _digits(text):
    if not text or not (text.isascii() and text.isdigit()):
        raise _Malformed
    return int(text)


def _iso_date_end(text):
    """Where the date of an ISO text ends; the character there may be any separator."""
    size = len(text)
    if size == 7:
        return 7
    if text[4] == '-':
        if text[5] != 'W':
            return 10
        if size < 8:
            raise _Malformed
        if size > 8 and text[8] == '-':
            if size == 9:
                raise _Malformed
            # YYYY-Www-HH is a week, a dash as separator, and an hour.
            return 8 if size > 10 and text[10].isascii() and text[10].isdigit() else 10
        return 8
    if text[4] != 'W':
        return 8
    end = 7
    while end < size and text[end].isascii() and text[end].isdigit():
        end += 1
    if end < 9:
        return end
    return 7 if end % 2 == 0 else 8


def _read_iso_date(text):
    size = len(text)
    year = _digits(text[:4])
    dashed = text[4:5] == '-'
    at = 5 if dashed else 4
    if text[at:at + 1] == 'W':
        week = _digits(text[at + 1:at + 3]) if len(text[at + 1:at + 3]) == 2 else _digits('')
        rest = text[at + 3:]
        day = 1
        if rest:
            if dashed:
                if rest[0] != '-':
                    raise _Malformed
                rest = rest[1:]
            if len(rest) != 1:
                raise _Malformed
            day = _digits(rest)
        return _from_ordinal(_iso_to_ordinal(year, week, day))
    if size != (10 if dashed else 8) or dashed and text[7] != '-':
        raise _Malformed
    month = _digits(text[at:at + 2])
    at += 3 if dashed else 2
    return year, month, _digits(text[at:at + 2])


def _read_iso_clock(text):
    """Hour, minute, second and microsecond of HH[:MM[:SS[.f]]], with or without colons."""
    parts = [0, 0, 0, 0]
    size = len(text)
    at = 0
    colons = text[2:3] == ':'
    for which in range(3):
        if size - at < 2:
            raise _Malformed
        parts[which] = _digits(text[at:at + 2])
        at += 2
        if at == size:
            return parts
        # A fraction may stand behind any part, and then counts as one of a second.
        if text[at] in '.,' or colons:
            at += 1
            if text[at - 1] in '.,':
                break
            if text[at - 1] != ':':
                raise _Malformed
    fraction = text[at:]
    _digits(fraction)
    parts[3] = int(fraction[:6].ljust(6, '0'))
    return parts


def _read_iso_time(text):
    if len(text) < 2:
        raise _Malformed
    sign = max(text.find('-'), -1)
    if sign < 0:
        sign = text.find('+')
    if sign < 0:
        sign = text.find('Z')
    clock = text if sign < 0 else text[:sign]
    parts = _read_iso_clock(clock)
    if sign < 0:
        return (*parts, None)
    if text[sign] == 'Z':
        if sign + 1 != len(text):
            raise _Malformed
        return (*parts, timezone.utc)
    rest = text[sign + 1:]
    if len(rest) in (0, 1, 3):
        raise _Malformed
    hour, minute, second, microsecond = _read_iso_clock(rest)
    offset = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=microsecond)
    return (*parts, timezone(-offset if text[sign] == '-' else offset))


def _zone_text(value, colon):
    offset = value.utcoffset() if hasattr(value, 'utcoffset') else None
    if offset is None:
        return ''
    text = _offset_text(offset)
    return text if colon else text.replace(':', '')


def _week_of_year(moment, first):
    """The week, counted from the first day of that weekday (0 is Monday)."""
    day = _day_of_year(moment._year, moment._month, moment._day)
    return (day + 6 - (moment.weekday() - first) % 7) // 7


# What each directive of the C library stands for: a text, or a number with its width and padding.
_DIRECTIVES = {
    'a': lambda m: _WEEKDAYS[m.weekday()][:3],
    'A': lambda m: _WEEKDAYS[m.weekday()],
    'b': lambda m: _MONTHS[m._month][:3],
    'h': lambda m: _MONTHS[m._month][:3],
    'B': lambda m: _MONTHS[m._month],
    'c': lambda m: f'{m:%a %b %e %H:%M:%S} {m._year}',
    'C': lambda m: (1, '0', m._year // 100),
    'd': lambda m: (2, '0', m._day),
    'D': lambda m: m.strftime('%m/%d/%y'),
    'e': lambda m: (2, ' ', m._day),
    'F': lambda m: f'{m._year}-{m._month:02}-{m._day:02}',
    'g': lambda m: (2, '0', m.isocalendar()[0] % 100),
    'G': lambda m: (1, '0', m.isocalendar()[0]),
    'H': lambda m: (2, '0', m._hour),
    'I': lambda m: (2, '0', m._hour % 12 or 12),
    'j': lambda m: (3, '0', _day_of_year(m._year, m._month, m._day)),
    'k': lambda m: (2, ' ', m._hour),
    'l': lambda m: (2, ' ', m._hour % 12 or 12),
    'm': lambda m: (2, '0', m._month),
    'M': lambda m: (2, '0', m._minute),
    'n': lambda m: '\n',
    'p': lambda m: 'AM' if m._hour < 12 else 'PM',
    'P': lambda m: 'am' if m._hour < 12 else 'pm',
    'r': lambda m: m.strftime('%I:%M:%S %p'),
    'R': lambda m: m.strftime('%H:%M'),
    's': lambda m: (1, '0', (m._micros() - 719163 * _DAY_US) // 1000000),
    'S': lambda m: (2, '0', m._second),
    't': lambda m: '\t',
    'T': lambda m: m.strftime('%H:%M:%S'),
    'u': lambda m: (1, '0', m.weekday() + 1),
    'U': lambda m: (2, '0', _week_of_year(m, 6)),
    'V': lambda m: (2, '0', m.isocalendar()[1]),
    'w': lambda m: (1, '0', (m.weekday() + 1) % 7),
    'W': lambda m: (2, '0', _week_of_year(m, 0)),
    'x': lambda m: m.strftime('%m/%d/%y'),
    'X': lambda m: m.strftime('%H:%M:%S'),
    'y': lambda m: (2, '0', m._year % 100),
    'Y': lambda m: (1, '0', m._year),
    '%': lambda m: '%',
}


def _format(value, format, moment):
    if not isinstance(format, str):
        raise TypeError(f'strftime() argument 1 must be str, not {_none_title(format)}')
    out = []
    size = len(format)
    at = 0
    while at < size:
        letter = format[at]
        at += 1
        if letter != '%':
            out.append(letter)
            continue
        start = at - 1
        if format[at:at + 1] in ('z', 'Z', 'f') or format[at:at + 2] == ':z':
            out.append(_own_directive(value, format[at]))
            at += 2 if format[at] == ':' else 1
            continue
        flags = ''
        while at < size and format[at] in '-_0^#':
            flags += format[at]
            at += 1
        width = ''
        while at < size and format[at].isascii() and format[at].isdigit():
            width += format[at]
            at += 1
        letter = format[at:at + 1]
        at += 1
        if letter == 'Z' or letter == 'z':
            # Behind a flag the C library answers, which knows no zone of ours.
            if letter == 'z':
                raise NotImplementedError(f'not supported: the directive {format[start:at]}')
            continue
        directive = _DIRECTIVES.get(letter)
        if directive is None:
            out.append(format[start:at])
        else:
            out.append(_laid_out(directive(moment), flags, width, letter))
    return ''.join(out)


def _own_directive(value, letter):
    if letter == 'f':
        return f"{getattr(value, '_microsecond', 0):06}" if not type(value) is date else '000000'
    if letter == 'Z':
        name = value.tzname() if hasattr(value, 'tzname') else None
        return name or ''
    return _zone_text(value, letter == ':')


def _laid_out(part, flags, width, letter):
    """A directive's value under the flags and the width that the C library knows."""
    pad = None
    for flag in flags:
        if flag in '-_0':
            pad = flag
    if isinstance(part, tuple):
        digits, fill, number = part
        if pad is not None:
            fill = {'-': '', '_': ' ', '0': '0'}[pad]
        text = str(number)
        if width or fill:
            text = text.rjust(int(width) if width else digits, fill or ('0' if pad is None else ' '))
        return text
    if '^' in flags:
        part = part.upper()
    elif '#' in flags:
        part = part.lower() if letter in 'p' else part.upper()
    if width:
        part = part.rjust(int(width), '0' if pad == '0' else ' ')
    return part


_NAMES = '|'.join
_PATTERNS = {
    'd': r'(?P<d>3[0-1]|[1-2]\d|0[1-9]|[1-9]| [1-9])',
    'f': r'(?P<f>[0-9]{1,6})',
    'H': r'(?P<H>2[0-3]|[0-1]\d|\d)',
    'I': r'(?P<I>1[0-2]|0[1-9]|[1-9]| [1-9])',
    'G': r'(?P<G>\d\d\d\d)',
    'j': r'(?P<j>36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])',
    'm': r'(?P<m>1[0-2]|0[1-9]|[1-9])',
    'M': r'(?P<M>[0-5]\d|\d)',
    'S': r'(?P<S>6[0-1]|[0-5]\d|\d)',
    'U': r'(?P<U>5[0-3]|[0-4]\d|\d)',
    'W': r'(?P<W>5[0-3]|[0-4]\d|\d)',
    'V': r'(?P<V>5[0-3]|0[1-9]|[1-4]\d|\d)',
    'u': r'(?P<u>[1-7])',
    'w': r'(?P<w>[0-6])',
    'y': r'(?P<y>\d\d)',
    'Y': r'(?P<Y>\d\d\d\d)',
    'z': r'(?P<z>[+-]\d\d:?[0-5]\d(:?[0-5]\d(\.\d{1,6})?)?|(?-i:Z))',
    # Longer names stand first, as a shorter one may begin them.
    'A': '(?P<A>' + _NAMES(sorted([name.lower() for name in _WEEKDAYS], key=len, reverse=True)) + ')',
    'a': '(?P<a>' + _NAMES([name[:3].lower() for name in _WEEKDAYS]) + ')',
    'B': '(?P<B>' + _NAMES(sorted([name.lower() for name in _MONTHS[1:]], key=len, reverse=True)) + ')',
    'b': '(?P<b>' + _NAMES([name[:3].lower() for name in _MONTHS[1:]]) + ')',
    'p': '(?P<p>am|pm)',
    'Z': '(?P<Z>utc|gmt)',
    '%': '%',
}
_LONG_FORMATS = {'c': '%a %b %d %H:%M:%S %Y', 'x': '%m/%d/%y', 'X': '%H:%M:%S'}
_compiled = {}


def _pattern(format):
    """The expression that reads texts of a format."""
    known = _compiled.get(format)
    if known is not None:
        return known
    import re
    source = re.sub(r'([\\.^$*+?\(\){}\[\]|])', r'\\\1', format)
    source = re.sub(r'\s+', r'\\s+', source)
    try:
        expression = re.compile(_filled(source), re.IGNORECASE)
    except KeyError as error:
        letter = error.args[0]
        letter = '%' if letter == '\\' else letter
        raise ValueError(f"'{letter}' is a bad directive in format '{format}'") from None
    except IndexError:
        raise ValueError(f"stray % in format '{format}'") from None
    if len(_compiled) > 99:
        _compiled.clear()
    _compiled[format] = expression
    return expression


def _filled(source):
    out = []
    at = 0
    while True:
        cut = source.find('%', at)
        if cut < 0:
            out.append(source[at:])
            return ''.join(out)
        out.append(source[at:cut])
        letter = source[cut + 1]
        if letter in _LONG_FORMATS:
            out.append(_filled(_LONG_FORMATS[letter].replace(' ', r'\s+')))
        else:
            out.append(_PATTERNS[letter])
        at = cut + 2


def _read_offset(text):
    """The offset that `%z` read; None is never given here."""
    if text == 'Z':
        return _ZERO
    rest = text[1:]
    if rest[2] == ':':
        rest = rest[:2] + rest[3:]
        if len(rest) > 5:
            if rest[4] != ':':
                raise ValueError(f'Inconsistent use of : in {text}')
            rest = rest[:4] + rest[5:]
    elif ':' in rest:
        raise ValueError(f'Inconsistent use of : in {text}')
    seconds = int(rest[:2]) * 3600 + int(rest[2:4]) * 60 + int(rest[4:6] or 0)
    micros = int(rest[7:].ljust(6, '0')) if rest[7:] else 0
    span = timedelta(seconds=seconds, microseconds=micros)
    return -span if text[0] == '-' else span


def _parse(text, format):
    """The seven parts, the offset and the zone's name that a text gives under a format."""
    found = _pattern(format).match(text)
    if not found:
        raise ValueError(f'time data {text!r} does not match format {format!r}')
    if len(text) != found.end():
        raise ValueError(f'unconverted data remains: {text[found.end():]}')
    got = found.groupdict()
    year = iso_year = None
    if 'y' in got:
        year = int(got['y'])
        year += 2000 if year <= 68 else 1900
    if 'Y' in got:
        year = int(got['Y'])
    if 'G' in got:
        iso_year = int(got['G'])
    month = int(got['m']) if 'm' in got else 1
    for letter in 'Bb':
        if letter in got:
            month = [name[:3].lower() for name in _MONTHS].index(got[letter][:3].lower())
    day = int(got['d']) if 'd' in got else 1
    hour = int(got['H']) if 'H' in got else 0
    if 'I' in got:
        hour = int(got['I']) % 12
        if got.get('p', '').lower() == 'pm':
            hour += 12
    minute = int(got['M']) if 'M' in got else 0
    second = int(got['S']) if 'S' in got else 0
    micros = int(got['f'].ljust(6, '0')) if 'f' in got else 0
    weekday = None
    for letter in 'Aa':
        if letter in got:
            weekday = [name[:3].lower() for name in _WEEKDAYS].index(got[letter][:3].lower())
    if 'w' in got:
        weekday = (int(got['w']) - 1) % 7
    if 'u' in got:
        weekday = int(got['u']) - 1
    year, month, day = _day_from(got, format, year, iso_year, month, day, weekday)
    offset = _read_offset(got['z'].upper() if got['z'] in 'zZ' else got['z']) if 'z' in got else None
    if second == 61 or second == 60:
        raise ValueError('second must be in 0..59')
    name = got.get('Z')
    return (year, month, day, hour, minute, second, micros), offset, name


def _day_from(got, format, year, iso_year, month, day, weekday):
    """The day, after weeks and days of the year have had their say."""
    yearday = int(got['j']) if 'j' in got else None
    week = first = iso_week = None
    for letter in 'UW':
        if letter in got:
            week, first = int(got[letter]), 6 if letter == 'U' else 0
    if 'V' in got:
        iso_week = int(got['V'])
    if iso_year is not None:
        if yearday is not None:
            raise ValueError("Day of the year directive '%j' is not compatible with ISO year directive '%G'. "
                             "Use '%Y' instead.")
        if iso_week is None or weekday is None:
            raise ValueError("ISO year directive '%G' must be used with the ISO week directive '%V' and a weekday "
                             "directive ('%A', '%a', '%w', or '%u').")
    elif iso_week is not None:
        if year is None or weekday is None:
            raise ValueError("ISO week directive '%V' must be used with the ISO year directive '%G' and a weekday "
                             "directive ('%A', '%a', '%w', or '%u').")
        raise ValueError("ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year "
                         "'%G' instead.")
    if year is None:
        # A day alone may be the 29th of February, which the default year has not.
        year = 1900
    if weekday is not None and yearday is None:
        if week is not None:
            yearday = _day_from_week(year, week, weekday, first)
        elif iso_year is not None and iso_week is not None:
            return _from_ordinal(_iso_to_ordinal(iso_year, iso_week, weekday + 1))
        if yearday is not None and yearday <= 0:
            year -= 1
            yearday += 366 if _is_leap(year) else 365
    if yearday is not None:
        return _from_ordinal(_year_start(year) + yearday)
    return year, month, day


def _day_from_week(year, week, weekday, first):
    """The day of the year of a weekday in a week that is counted as `%U` or `%W` counts."""
    start = (_year_start(year) + 7) % 7
    if first == 6:
        start = (start + 1) % 7
        weekday = (weekday + 1) % 7
    before = (7 - start) % 7
    if week == 0:
        return 1 + weekday - start
    return 1 + before + 7 * (week - 1) + weekday
