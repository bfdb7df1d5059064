"""and, or, not, chained comparisons: short circuit, values, single evaluation."""

log = []


def t(x):
    log.append(x)
    return x


assert (t(0) and t(1)) == 0 and log == [0]
log.clear()
assert (t(0) or t("") or t("x") or t("y")) == "x" and log == [0, "", "x"]
log.clear()
assert not (t(1) < t(5) < t(3) < t(9)) and log == [1, 5, 3], "each operand once, stops at the first false"
log.clear()
assert (t(1) if t(0) else t(2)) == 2 and log == [0, 2]
assert (1 < 2) is True and (1 in [1] in [[1]]) is True and (1 < 2 in [2]) is True
assert (None is None) and ([] is not []) and not (1 not in [1])
assert bool([]) is bool(()) is bool({}) is bool(set()) is bool("") is bool(0) is bool(0.0) is bool(None) is False
assert bool([0]) and bool(" ") and bool(-1) and bool(0.1) and bool(float("nan")) and bool(range(1)) and not range(0)
assert True + True == 2 and True * 5 == 5 and True == 1 and str(True) == "True" and f"{True:d}" == "1"
assert isinstance(True, int) and -True == -1 and ~True == -2 and True & False is False and (True | 2) == 3
assert (True ^ True) is False and type(True & 1) is int and [10, 20][True] == 20


class Silent:
    def __bool__(self):
        log.append("bool")
        return False


log.clear()
s = Silent()
assert (s or 5) == 5 and (s and 5) is s and not s and log == ["bool"] * 3
assert all([]) and not any([]) and all([1, "a"]) and not all([1, 0]) and any([0, 2])


class Array:
    def __lt__(self, other):
        return [True, False]

    def __bool__(self):
        raise ValueError("truth is ambiguous")


assert (Array() < 1) == [True, False]
try:
    Array() < Array() < 3 and Array() and 1
except ValueError as error:
    assert str(error) == "truth is ambiguous"
else:
    raise AssertionError("no exception")
print(log)
