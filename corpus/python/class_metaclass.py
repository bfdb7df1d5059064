"""Metaclasses: __new__, __init__, __call__, __prepare__, __instancecheck__."""

trail = []


class Meta(type):
    @classmethod
    def __prepare__(mcls, name, bases, **keywords):
        trail.append(f"prepare {name} {sorted(keywords)}")
        return {"given": 1}

    def __new__(mcls, name, bases, namespace, **keywords):
        trail.append(f"new {name}")
        cls = super().__new__(mcls, name, bases, namespace)
        cls.tag = keywords.get("tag", "none")
        return cls

    def __init__(cls, name, bases, namespace, **keywords):
        trail.append(f"init {name}")
        super().__init__(name, bases, namespace)

    def __call__(cls, *args, **keywords):
        trail.append(f"call {cls.__name__}")
        return super().__call__(*args, **keywords)

    def __len__(cls):
        return 42

    def __iter__(cls):
        return iter(["one", "two"])

    def __instancecheck__(cls, instance):
        return instance == "honorary" or super().__instancecheck__(instance)

    def shout(cls):
        return cls.__name__.upper()


class Thing(metaclass=Meta, tag="blue"):
    def __init__(self, value):
        self.value = value


class Sub(Thing):
    pass


assert Thing.tag == "blue" and Sub.tag == "none" and Thing.given == 1
assert type(Thing) is Meta and type(Sub) is Meta and isinstance(Thing, type)
assert len(Thing) == 42 and list(Sub) == ["one", "two"] and Thing.shout() == "THING"
assert Sub(3).value == 3 and isinstance("honorary", Thing)
assert not hasattr(Thing(1), "shout")
assert trail[:3] == ["prepare Thing ['tag']", "new Thing", "init Thing"]


class Other(type):
    pass


try:

    class Clash(Thing, metaclass=Other):
        pass
except TypeError as error:
    assert str(error) == (
        "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
        "metaclasses of all its bases"
    )
else:
    raise AssertionError("no exception")


class Singleton(type):
    known = {}

    def __call__(cls, *args):
        if cls not in cls.known:
            cls.known[cls] = super().__call__(*args)
        return cls.known[cls]


class Config(metaclass=Singleton):
    pass


assert Config() is Config()
Made = type("Made", (Sub,), {"double": lambda self: self.value * 2})
assert Made(4).double() == 8
for line in trail:
    print(line)
