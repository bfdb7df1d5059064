"""calendar and the pure parts of time."""

import calendar
import time

print(calendar.isleap(2024), calendar.monthrange(2024, 2), calendar.weekday(2024, 2, 29), list(calendar.day_name)[:2], calendar.month_abbr[3], calendar.leapdays(2000, 2024), calendar.timegm((1970, 1, 2, 0, 0, 0)))
print(calendar.month(2024, 2))
print(calendar.monthcalendar(2024, 2)[0], time.strftime("%Y-%m-%d", time.gmtime(0)), time.gmtime(86400).tm_mday, time.strptime("2024", "%Y").tm_year)
assert time.time() > 0 and time.perf_counter() <= time.perf_counter() and time.sleep(0) is None
try:
    calendar.monthrange(2024, 13)
except calendar.IllegalMonthError as error:
    assert str(error) == "bad month number 13; must be 1-12"
else:
    raise AssertionError("no exception")
