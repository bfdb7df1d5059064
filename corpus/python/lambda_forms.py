"""lambda: every kind of parameter, nesting, defaults, in data."""

add = lambda a, b=2, *rest, k=3, **named: (a, b, rest, k, named)
assert add(1) == (1, 2, (), 3, {}) and add(1, 5, 6, k=7, z=8) == (1, 5, (6,), 7, {"z": 8})
assert (lambda: None)() is None and (lambda x: (lambda y: x + y))(1)(2) == 3 and (lambda *a: a)(1, 2) == (1, 2)
table = {"+": lambda x, y: x + y, "-": lambda x, y: x - y}
assert [table[o](7, 3) for o in "+-"] == [10, 4]
compose = lambda *fs: (lambda x: [x := f(x) for f in fs][-1])
assert compose(lambda x: x + 1, lambda x: x * 10)(4) == 50
fact = lambda n: 1 if n < 2 else n * fact(n - 1)
assert fact(20) == 2432902008176640000
assert sorted([(1, "b"), (0, "a")], key=lambda t: t[1])[0] == (0, "a") and list(map(lambda x, y: x * y, [1, 2], [3, 4])) == [3, 8]
y = (lambda f: (lambda x: x(x))(lambda x: f(lambda *a: x(x)(*a))))(lambda self: lambda n: n if n < 2 else self(n - 1) + self(n - 2))
assert y(10) == 55


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


short = lambda a: a
assert message(lambda: short()) == "<lambda>() missing 1 required positional argument: 'a'"
assert message(lambda: short(1, 2)) == "<lambda>() takes 1 positional argument but 2 were given"
assert message(lambda: add(1, a=2)) == "<lambda>() got multiple values for argument 'a'"
print(add(1, 2, 3), fact(25), y(15))
