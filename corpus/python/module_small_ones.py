"""fnmatch, keyword, stat, errno, colorsys, sched, getopt, locale, copyreg, signal, platform, getpass, linecache."""
import colorsys, copyreg, errno, fnmatch, getopt, keyword, linecache, locale, platform, sched, signal, stat

print(fnmatch.fnmatch("a.py", "*.py"), fnmatch.filter(["a1", "b2", "ab"], "[ab][!0-9]"), [fnmatch.translate(p) for p in ("*", "a*b*c?", "[!x-z]", "[]a]", "a[", "**.txt", "[z-a]", "\\*")])
print(keyword.iskeyword("class"), keyword.issoftkeyword("match"), len(keyword.kwlist), keyword.softkwlist)
print(stat.filemode(0o100644), stat.filemode(0o41777), stat.filemode(0o104755), stat.S_ISLNK(0o120777), stat.S_IMODE(0o100644), stat.ST_SIZE)
print(errno.ENOENT, errno.errorcode[13], errno.EAGAIN == errno.EWOULDBLOCK, len(errno.errorcode))
print(colorsys.rgb_to_hsv(0.2, 0.4, 0.4), colorsys.hsv_to_rgb(0.5, 0.5, 0.4), colorsys.rgb_to_hls(0.1, 0.9, 0.3), colorsys.hls_to_rgb(0.4, 0.5, 0.8), colorsys.yiq_to_rgb(*colorsys.rgb_to_yiq(0.3, 0.2, 0.9)))
now = [0.0]
schedule = sched.scheduler(lambda: now[0], lambda seconds: now.__setitem__(0, now[0] + seconds))
for delay, priority, name in ((3, 1, "c"), (1, 2, "b"), (1, 1, "a")):
    schedule.enter(delay, priority, print, (name,))
gone = schedule.enter(2, 1, print, ("never",))
schedule.cancel(gone)
print(len(schedule.queue), schedule.empty())
schedule.run()
print(now, schedule.empty())
print(getopt.getopt(["-a", "-b1", "--long", "x", "rest"], "ab:", ["long="]), getopt.gnu_getopt(["x", "-a", "--lo=1", "y"], "a", ["long="]))
for args, short, long in ((["-z"], "a", []), (["-b"], "b:", []), (["--x=1"], "", ["x"]), (["--n"], "", ["na", "nb"])):
    try:
        getopt.getopt(args, short, long)
    except getopt.GetoptError as error:
        print(error, error.opt)
print(locale.setlocale(locale.LC_ALL, "C"), locale.localeconv()["decimal_point"], locale.format_string("%.2f %d", (1234.5, 7)), locale.atof("1.5"), locale.strcoll("a", "b"), locale.str(1.5))
try:
    locale.setlocale(locale.LC_ALL, "xx_XX")
except locale.Error as error:
    print(error)
print(signal.SIGINT, signal.Signals(15).name, signal.getsignal(signal.SIGTERM), repr(signal.SIGKILL))
print(signal.signal(signal.SIGTERM, lambda *a: None), callable(signal.getsignal(signal.SIGTERM)))
print(platform.system(), linecache.getline("<none>", 1) == "", copyreg.__newobj__(int) == 0)
