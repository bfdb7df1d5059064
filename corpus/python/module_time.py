"""time: moments, formats, and clocks that go on while a program sleeps."""
import time

for seconds in (0, 86399, 951782400, 1709210096.75, -1, -62135596800, 253402300799):
    moment = time.gmtime(seconds)
    print(moment, time.asctime(moment), time.strftime("%Y-%m-%d %H:%M:%S %j %a %A %b %B %p %I %y %U %W %w %u %G-%V %e %D %T %R %F %C %h %n%t%%", moment), sep="|")
moment = time.strptime("29 Feb 2024 13:45:06", "%d %b %Y %H:%M:%S")
print(moment, moment.tm_yday, moment[:3], moment.tm_zone, time.strptime("2024-060", "%Y-%j")[:3])
print(time.strptime("Thu Feb 29 13:45:06 2024"), time.struct_time(range(9)).tm_mday, tuple(time.gmtime(0)))
for action in (lambda: time.strptime("x", "%Y"), lambda: time.strptime("2024 1", "%Y"), lambda: time.struct_time((1, 2)), lambda: time.strftime("%Y", (2024, 13, 1, 0, 0, 0, 0, 1, 0)), lambda: time.sleep(-1), lambda: time.gmtime("x"), lambda: time.asctime((1,)), lambda: time.gmtime(float("nan"))):
    try:
        print(action())
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
start = time.monotonic(), time.time(), time.perf_counter()
time.sleep(0.05)
print(time.monotonic() - start[0] >= 0.05, time.time() - start[1] >= 0.05, time.perf_counter() - start[2] >= 0.05)
print(isinstance(time.time_ns(), int), abs(time.time_ns() / 1e9 - time.time()) < 1, time.process_time() >= 0)
