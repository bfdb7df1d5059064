"""Clocks are asks, and their natives are in this module's namespace already; the rest is here. The zone is UTC.

What `sleep` slept takes no time, and all clocks go on by it.
"""

_tuple = tuple
_read_time, _read_perf, _read_monotonic, _read_process, _native_sleep = time, perf_counter, monotonic, process_time, sleep
_slept = [0.0]
timezone = altzone = 0
daylight = 0
tzname = ('UTC', 'UTC')
CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID = 0, 1, 2, 3


def time():
    return _read_time() + _slept[0]


def perf_counter():
    return _read_perf() + _slept[0]


def monotonic():
    return _read_monotonic() + _slept[0]


def process_time():
    return _read_process()


thread_time = process_time


def time_ns():
    return int(time() * 1_000_000) * 1000


def perf_counter_ns():
    return int(perf_counter() * 1_000_000) * 1000


def monotonic_ns():
    return int(monotonic() * 1_000_000) * 1000


def process_time_ns():
    return int(process_time() * 1_000_000) * 1000


thread_time_ns = process_time_ns


def sleep(seconds, /):
    _native_sleep(seconds)
    _slept[0] += seconds


class struct_time(_tuple):
    """A moment as nine numbers, and two more that only have names."""

    n_fields, n_sequence_fields, n_unnamed_fields = 11, 9, 0
    _names = ('tm_year', 'tm_mon', 'tm_mday', 'tm_hour', 'tm_min', 'tm_sec', 'tm_wday', 'tm_yday', 'tm_isdst')
    __match_args__ = _names

    def __new__(cls, iterable, dict={}):
        if not hasattr(type(iterable), '__iter__') and not hasattr(type(iterable), '__getitem__'):
            raise TypeError('constructor requires a sequence')
        parts = _tuple(iterable)
        if len(parts) < 9:
            raise TypeError(f'time.struct_time() takes an at least 9-sequence ({len(parts)}-sequence given)')
        if len(parts) > 11:
            raise TypeError(f'time.struct_time() takes an at most 11-sequence ({len(parts)}-sequence given)')
        made = _tuple.__new__(cls, parts[:9])
        made._zone = parts[9] if len(parts) > 9 else dict.get('tm_zone')
        made._offset = parts[10] if len(parts) > 10 else dict.get('tm_gmtoff')
        return made

    tm_zone = property(lambda self: self._zone)
    tm_gmtoff = property(lambda self: self._offset)

    def __repr__(self):
        parts = ', '.join([f'{name}={value!r}' for name, value in zip(self._names, self)])
        return f'time.struct_time({parts})'

    def __reduce__(self):
        return struct_time, (_tuple(self), {'tm_zone': self._zone, 'tm_gmtoff': self._offset})


for _index, _name in enumerate(struct_time._names):
    setattr(struct_time, _name, property(lambda self, index=_index: self[index]))

# Days before 1970, counted from the first day of the year 1, which is 1.
_EPOCH = 719163
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _ordinal(year, month, day):
    before = year - 1
    leap = month > 2 and _is_leap(year)
    return before * 365 + before // 4 - before // 100 + before // 400 + _BEFORE_MONTH[month - 1] + leap + day


def _from_ordinal(ordinal):
    """Year, month, day, and the day of the year."""
    year = ordinal * 400 // 146097 + 1
    while _ordinal(year, 1, 1) > ordinal:
        year -= 1
    while _ordinal(year + 1, 1, 1) <= ordinal:
        year += 1
    yday = ordinal - _ordinal(year, 1, 1) + 1
    month = 12
    while _ordinal(year, month, 1) > ordinal:
        month -= 1
    return year, month, ordinal - _ordinal(year, month, 1) + 1, yday



def _seconds(value):
    if value is None:
        return int(time() // 1)
    if isinstance(value, float):
        if value != value:
            raise ValueError('Invalid value NaN (not a number)')
        whole = int(value // 1)
    else:
        whole = value.__index__() if hasattr(type(value), '__index__') else None
        if whole is None:
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    if not -1 << 63 <= whole < 1 << 63:
        raise OverflowError('timestamp out of range for platform time_t')
    return whole


def gmtime(seconds=None, /):
    return _moment(_seconds(seconds), 'UTC')


def localtime(seconds=None, /):
    return _moment(_seconds(seconds), 'UTC')


def _moment(whole, zone):
    days, rest = divmod(whole, 86400)
    year, month, day, yday = _from_ordinal(days + _EPOCH)
    if not -1 << 31 <= year - 1900 < 1 << 31:
        raise OSError(75, 'Value too large for defined data type')
    parts = (year, month, day, rest // 3600, rest // 60 % 60, rest % 60, (days + 3) % 7, yday, 0)
    return struct_time(parts, {'tm_zone': zone, 'tm_gmtoff': 0})


def _checked(t, function):
    if t is None:
        return localtime()
    if not isinstance(t, _tuple):
        raise TypeError('Tuple or struct_time argument required')
    if len(t) != 9:
        raise TypeError(f'{function}(): illegal time tuple argument')
    return t


def mktime(t, /):
    year, month, day, hour, minute, second = [part.__index__() for part in _checked(t, 'mktime')][:6]
    years, month = divmod(month - 1, 12)
    days = _ordinal(year + years, month + 1, 1) - _EPOCH + day - 1
    return float(days * 86400 + hour * 3600 + minute * 60 + second)


_DAYS = ('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')
_LONG_DAYS = ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')
_MONTHS = ('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')
_LONG_MONTHS = ('January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
                'November', 'December')


def _in_range(t):
    """The parts as C takes them, or the error that CPython raises for one that is out of its range."""
    year, month, day, hour, minute, second, wday, yday, dst = [part.__index__() for part in t]
    month = month or 1
    day = day or 1
    yday = yday or 1
    wday = (wday + 1) % 7 if wday >= 0 else -1
    for name, value, low, high in (('month', month, 1, 12), ('day of month', day, 1, 31), ('hour', hour, 0, 23),
                                   ('minute', minute, 0, 59), ('seconds', second, 0, 61)):
        if not low <= value <= high:
            raise ValueError(f'{name} out of range')
    if wday < 0:
        raise ValueError('day of week out of range')
    if not 1 <= yday <= 366:
        raise ValueError('day of year out of range')
    return year, month, day, hour, minute, second, wday, yday


def asctime(t=None, /):
    year, month, day, hour, minute, second, wday, _ = _in_range(_checked(t, 'asctime'))
    return f'{_DAYS[wday - 1]} {_MONTHS[month - 1]}{day:3} {hour:02}:{minute:02}:{second:02} {year}'


def ctime(seconds=None, /):
    return asctime(localtime(seconds))


def strftime(format, t=None, /):
    if not isinstance(format, str):
        raise TypeError(f'strftime() argument 1 must be str, not {type(format).__name__}')
    parts = _in_range(_checked(t, 'strftime'))
    if '\0' in format:
        raise ValueError('embedded null character')
    out = []
    at = 0
    while True:
        percent = format.find('%', at)
        if percent < 0 or percent + 1 == len(format):
            out.append(format[at:])
            return ''.join(out)
        out.append(format[at:percent])
        letter = format[percent + 1]
        out.append(_field(letter, parts, t))
        at = percent + 2


def _field(letter, parts, t):
    year, month, day, hour, minute, second, wday, yday = parts
    half = hour % 12 or 12
    simple = {
        'a': lambda: _DAYS[wday - 1], 'A': lambda: _LONG_DAYS[wday - 1], 'b': lambda: _MONTHS[month - 1],
        'h': lambda: _MONTHS[month - 1], 'B': lambda: _LONG_MONTHS[month - 1], 'd': lambda: f'{day:02}',
        'e': lambda: f'{day:2}', 'H': lambda: f'{hour:02}', 'I': lambda: f'{half:02}', 'k': lambda: f'{hour:2}',
        'l': lambda: f'{half:2}', 'j': lambda: f'{yday:03}', 'm': lambda: f'{month:02}', 'M': lambda: f'{minute:02}',
        'p': lambda: 'AM' if hour < 12 else 'PM', 'P': lambda: 'am' if hour < 12 else 'pm',
        'S': lambda: f'{second:02}', 'u': lambda: f'{(wday - 1) % 7 + 1}', 'w': lambda: f'{wday}',
        'U': lambda: f'{(yday + 6 - wday) // 7:02}', 'W': lambda: f'{(yday + 6 - (wday - 1) % 7) // 7:02}',
        'y': lambda: f'{year % 100:02}', 'Y': lambda: str(year), 'C': lambda: str(year // 100),
        'z': lambda: '+0000', 'Z': lambda: 'UTC', '%': lambda: '%', 'n': lambda: '\n', 't': lambda: '\t',
        'D': lambda: f'{month:02}/{day:02}/{year % 100:02}', 'x': lambda: f'{month:02}/{day:02}/{year % 100:02}',
        'F': lambda: f'{year}-{month:02}-{day:02}', 'T': lambda: f'{hour:02}:{minute:02}:{second:02}',
        'X': lambda: f'{hour:02}:{minute:02}:{second:02}', 'R': lambda: f'{hour:02}:{minute:02}',
        'r': lambda: f'{half:02}:{minute:02}:{second:02} {"AM" if hour < 12 else "PM"}',
        'c': lambda: f'{_DAYS[wday - 1]} {_MONTHS[month - 1]} {day:2} {hour:02}:{minute:02}:{second:02} {year}',
        'G': lambda: str(_week(parts)[0]), 'g': lambda: f'{_week(parts)[0] % 100:02}',
        'V': lambda: f'{_week(parts)[1]:02}',
        's': lambda: str(int(mktime((year, month, day, hour, minute, second, 0, 0, 0)))),
    }.get(letter)
    if simple is None:
        raise NotImplementedError(f"not supported: '%{letter}' in time.strftime")
    return simple()


def _week(parts):
    """Year and week as ISO 8601 counts them, from the parts as they are."""
    year, wday, yday = parts[0], (parts[6] - 1) % 7, parts[7] - 1
    week = (yday - wday + 10) // 7
    if week < 1:
        before = year - 1
        return before, (yday + 365 + _is_leap(before) - wday + 10) // 7
    if week == 53 and yday - wday + 3 >= 365 + _is_leap(year):
        return year + 1, 1
    return year, week


def strptime(data_string, format='%a %b %d %H:%M:%S %Y', /):
    from datetime import _parse
    for position, value in enumerate((data_string, format)):
        if not isinstance(value, str):
            raise TypeError(f'strptime() argument {position} must be str, not {type(value)!r}')
    (year, month, day, hour, minute, second, _), offset, zone = _parse(data_string, format)
    ordinal = _ordinal(year, month, day)
    yday = ordinal - _ordinal(year, 1, 1) + 1
    parts = (year, month, day, hour, minute, second, (ordinal + 6) % 7, yday, 0 if zone else -1)
    return struct_time(parts, {'tm_zone': zone, 'tm_gmtoff': None if offset is None else int(offset.total_seconds())})


def tzset():
    pass


def get_clock_info(name, /):
    raise NotImplementedError('not supported: time.get_clock_info')


def clock_gettime(clk_id, /):
    return {0: time, 1: monotonic, 2: process_time, 3: process_time}[clk_id]()


def clock_gettime_ns(clk_id, /):
    return int(clock_gettime(clk_id) * 1_000_000) * 1000
