"""f-strings with format specifications, the percent operator and str.format."""


def main(n: int):
    total = 0
    last = ""
    for turn in range(n):
        ratio = turn / 7.0
        name = "item" + str(turn % 10)
        row = f"{name:<10}|{turn:>6d}|{ratio:8.3f}|{turn:#x}|{ratio:e}"
        total += len(row)
        row = "%s has %05d of %.2f (%s)" % (name, turn, ratio, repr(name))
        total += len(row)
        row = "{0}-{1:,}-{key:^12}".format(name, turn * 12345, key=turn % 3 == 0)
        total += len(row)
        last = f"{row!r:>40}{turn % 2:b}{ratio:.0%}"
        total += len(last)
    return total, last
