"""Name mangling of two leading underscores inside a class body."""


class Vault:
    __count = 0

    def __init__(self):
        self.__secret = 1
        self.__dunder__ = 2
        self._single = 3
        Vault.__count += 1

    def get(self):
        return self.__secret

    def __hidden(self):
        return "hidden"

    def show(self):
        def __local():
            return self.__hidden()

        return __local()

    @staticmethod
    def total():
        return Vault.__count


class Child(Vault):
    def __init__(self):
        super().__init__()
        self.__secret = 9


v, c = Vault(), Child()
assert v.get() == 1 and c.get() == 1 and c._Child__secret == 9
assert sorted(vars(c)) == ["_Child__secret", "_Vault__secret", "__dunder__", "_single"]
assert v.show() == "hidden" and v._Vault__hidden() == "hidden" and Vault.total() == 2
try:
    v.__secret
except AttributeError as error:
    assert str(error) == "'Vault' object has no attribute '__secret'"
else:
    raise AssertionError("no exception")


class _Lead:
    def __init__(self):
        self.__x = 1


assert list(vars(_Lead())) == ["_Lead__x"]
print(sorted(vars(c)))
