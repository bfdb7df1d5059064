"""Corners of attribute look-up: reflected methods, super kept as an attribute, setters without getters, proxies."""


class Base:
    def __floordiv__(self, other):
        return "Base.__floordiv__"

    def __rfloordiv__(self, other):
        return "Base.__rfloordiv__"

    def meth(self):
        return "Base"


class Same(Base):
    pass


class Own(Base):
    def __rfloordiv__(self, other):
        return "Own.__rfloordiv__"


print(Base() // Same(), Base() // Own(), 1 // Same(), Same() // 1)


class Kept(Base):
    def meth(self):
        return "Kept" + self.__super.meth()


Kept._Kept__super = super(Kept)
print(Kept().meth())


class Setter:
    def __set__(self, instance, value):
        instance.__dict__["value"] = value


class Holder:
    value = Setter()


holder = Holder()
print(type(holder.value).__name__)
holder.value = 42
print(holder.value)


class Proxy:
    def __init__(self, of):
        self.of = of

    __class__ = property(lambda self: type(self.of))


for of in (1, "x", Base()):
    print(isinstance(Proxy(of), type(of)), isinstance(Proxy(of), (float, Base)), isinstance(Proxy(of), Proxy), type(Proxy(of)).__name__)
for call in (lambda: setattr(object(), "foo", 1), lambda: object().__dict__, lambda: object().foo):
    try:
        call()
    except AttributeError as error:
        print(error)


class Items(list):
    pass


print(Items[int])
for base in (map, zip, range):
    try:
        base[int]
    except TypeError as error:
        print(error)


class Plain:
    __module__ = "builtins"


print(Plain)
generator = (x for x in ())
generator.__name__ = "renamed"
print(generator.__name__, generator.gi_code.co_name, generator.__qualname__)
match {"a": 1}:
    case {"a": 0.0}:
        print("zero")
    case {"a": 1 as one}:
        print(one)
for keys in ("0: _, False: _", "1: _, 1.0: _", "'a': _, 'a': _"):
    try:
        compile(f"match 1:\n  case {{{keys}}}: pass", "<text>", "exec")
    except SyntaxError as error:
        print(error.msg)
