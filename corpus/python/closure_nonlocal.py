"""Closures: cells are shared, nonlocal rebinds, unbound cells complain."""


def counter():
    count = 0

    def up():
        nonlocal count
        count += 1
        return count

    def down():
        nonlocal count
        count -= 1
        return count

    return up, down


up, down = counter()
assert (up(), up(), down(), up()) == (1, 2, 1, 2)
other, _ = counter()
assert other() == 1 and up() == 3


def three():
    x = "one"

    def two():
        def one():
            nonlocal x
            x = "changed"

        one()
        return x

    return two(), x


assert three() == ("changed", "changed")
assert up.__closure__[0].cell_contents == 3 and up.__code__.co_freevars == ("count",)


def early():
    def show():
        return later

    try:
        show()
    except NameError as error:
        first = str(error)
    later = 5
    return first, show()


assert early() == ("cannot access free variable 'later' where it is not associated with a value in enclosing scope", 5)


def unbound():
    print(value)
    value = 1


try:
    unbound()
except UnboundLocalError as error:
    assert str(error) == "cannot access local variable 'value' where it is not associated with a value"
else:
    raise AssertionError("no exception")


def parameter(n):
    def get():
        return n

    n += 1
    return get


assert parameter(1)() == 2


def deleted():
    x = 1

    def get():
        return x

    del x
    try:
        return get()
    except NameError as error:
        return type(error).__name__


assert deleted() == "NameError"
adders = [(lambda x, k=k: x + k) for k in range(3)]
print([a(10) for a in adders], early())
