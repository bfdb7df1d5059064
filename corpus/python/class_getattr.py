"""__getattr__, __getattribute__, __setattr__, __delattr__ and __dir__."""

log = []


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "target", target)

    def __getattr__(self, name):
        log.append(f"get {name}")
        if name.startswith("no"):
            raise AttributeError(f"nothing called {name}")
        return getattr(self.target, name)

    def __setattr__(self, name, value):
        log.append(f"set {name}")
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        log.append(f"del {name}")
        object.__delattr__(self, name)

    def __dir__(self):
        return ["upper", "lower"]


p = Proxy("text")
assert p.upper() == "TEXT"
p.extra = 1
assert p.extra == 1
del p.extra
assert getattr(p, "nope", "default") == "default" and not hasattr(p, "no")
assert dir(p) == ["lower", "upper"]
try:
    p.none
except AttributeError as error:
    assert str(error) == "nothing called none"
else:
    raise AssertionError("no exception")
assert log == ["get upper", "set extra", "del extra", "get nope", "get no", "get none"]


class Watch:
    value = 3

    def __getattribute__(self, name):
        if name == "secret":
            raise AttributeError("hidden")
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return f"fallback for {name}"


w = Watch()
assert w.value == 3 and w.secret == "fallback for secret" and w.other == "fallback for other"


class Plain:
    pass


plain = Plain()
plain.__len__ = lambda: 5
try:
    len(plain)
except TypeError as error:
    assert str(error) == "object of type 'Plain' has no len()", "special methods are looked up on the type"
else:
    raise AssertionError("no exception")
print(log)
