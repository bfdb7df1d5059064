"""global: binding, deleting, and how module names are looked up late."""

total = 0


def add(n):
    global total, created
    total += n
    created = "yes"


def late():
    return defined_later


def shadow():
    total = 99
    return total


add(5)
assert total == 5 and created == "yes" and shadow() == 99 and total == 5
try:
    late()
except NameError as error:
    assert str(error) == "name 'defined_later' is not defined" and error.name == "defined_later"
else:
    raise AssertionError("no exception")
defined_later = 1
assert late() == 1


def remove():
    global created
    del created


remove()
try:
    created
except NameError as error:
    assert str(error) == "name 'created' is not defined"
else:
    raise AssertionError("no exception")
len_before = len


def len(x):
    return "mine"


assert len([1]) == "mine"
del len
assert len([1]) == 1 and len is len_before
assert globals()["total"] == 5
globals()["made"] = 3
assert made == 3
for loop_name in range(3):
    pass
assert loop_name == 2


def outer():
    global deep

    def inner():
        global deep
        deep = "set"

    inner()


outer()
assert deep == "set" and "deep" in globals()
print(total, made, deep)
