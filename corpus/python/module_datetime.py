"""datetime: construction, arithmetic, formatting, parsing, messages."""

from datetime import date, datetime, time, timedelta, timezone

d = date(2024, 2, 29)
t = datetime(2024, 2, 29, 13, 5, 7, 123)
print(d, repr(d), d.weekday(), d.isoweekday(), d.isocalendar(), d.toordinal(), d.replace(year=2023, day=1), d.strftime("%d/%m/%y %A %j"), d.ctime())
print(t, repr(t), t.isoformat(), t.isoformat(" ", "minutes"), t.date(), t.time(), t.strftime("%Y-%m-%dT%H:%M:%S.%f %I %p %b %a %%"), f"{t:%H:%M}")
delta = timedelta(days=1, hours=25, milliseconds=1500)
print(delta, repr(delta), delta.days, delta.seconds, delta.microseconds, delta.total_seconds(), -timedelta(seconds=1), timedelta(weeks=1) / 2, timedelta(days=3) // timedelta(hours=5), delta * 2)
print(d + timedelta(days=1), d - date(2023, 3, 1), t - datetime(2024, 1, 1), t + delta, d < date(2024, 3, 1), max(d, date(2020, 1, 1)), timedelta(1) > timedelta(hours=23))
print(datetime.strptime("2024-03-05 06:07", "%Y-%m-%d %H:%M"), datetime.strptime("5 Mar 24", "%d %b %y").date(), datetime.fromisoformat("2024-03-05T06:07:08+02:00"), date.fromisoformat("2024-12-31"))
u = datetime(2024, 1, 1, 12, tzinfo=timezone.utc)
print(u, u.astimezone(timezone(timedelta(hours=5, minutes=30))), u.timestamp(), datetime.fromtimestamp(0, timezone.utc), u.utcoffset(), timezone(timedelta(hours=-3)), u.tzinfo)
print(time(9, 5), time(9, 5, 6, 7).isoformat(), repr(time(1, 2)), time.fromisoformat("10:11:12"), time(1) < time(2), datetime.combine(d, time(8)), date.min, datetime.max, date.fromordinal(738000))
print({date(2024, 1, 1): "k"}[date(2024, 1, 1)], hash(d) == hash(date(2024, 2, 29)), t == datetime(2024, 2, 29, 13, 5, 7, 123), sorted([d, date(2020, 1, 1)])[0], bool(timedelta(0)), t.timetuple().tm_yday)


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: date(2023, 2, 29)) == "ValueError: day is out of range for month"
assert message(lambda: date(2023, 13, 1)) == "ValueError: month must be in 1..12" and message(lambda: time(25)) == "ValueError: hour must be in 0..23"
assert message(lambda: datetime.strptime("x", "%Y")) == "ValueError: time data 'x' does not match format '%Y'"
assert message(lambda: datetime.strptime("2024x", "%Y")) == "ValueError: unconverted data remains: x"
assert message(lambda: u < t) == "TypeError: can't compare offset-naive and offset-aware datetimes"
assert message(lambda: u - t) == "TypeError: can't subtract offset-naive and offset-aware datetimes"
assert message(lambda: date.fromisoformat("nope")) == "ValueError: Invalid isoformat string: 'nope'"
assert message(lambda: d + 1) == "TypeError: unsupported operand type(s) for +: 'datetime.date' and 'int'"
assert message(lambda: date.max + timedelta(1)) == "OverflowError: date value out of range"
assert message(lambda: setattr(d, "year", 1)) == "AttributeError: attribute 'year' of 'datetime.date' objects is not writable"
