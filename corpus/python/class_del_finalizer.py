"""__del__ runs when the last reference goes, in order, before the next call of a built-in looks."""

log = []


class Door:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(f"closed {self.name}")


def use():
    door = Door("local")
    log.append("using")


use()
assert list(log) == ["using", "closed local"]
d = Door("first")
d = Door("second")
assert list(log)[-1] == "closed first"
alias = d
del d
assert list(log)[-1] == "closed first"
del alias
assert list(log)[-1] == "closed second"
doors = [Door("a"), Door("b")]
doors.pop(0)
assert list(log)[-1] == "closed a"
doors.clear()
assert list(log)[-1] == "closed b"
{"k": Door("in dict")}.pop("k")
assert list(log)[-1] == "closed in dict"
print(log)
