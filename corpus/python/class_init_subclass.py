"""__init_subclass__ with keywords, and __class_getitem__."""

registry = {}


class Plugin:
    def __init_subclass__(cls, /, key=None, **rest):
        super().__init_subclass__(**rest)
        cls.key = key or cls.__name__.lower()
        registry[cls.key] = cls


class Csv(Plugin, key="comma"):
    pass


class Tsv(Plugin):
    pass


class Deep(Tsv, key="deep"):
    def __init_subclass__(cls, **rest):
        super().__init_subclass__(key="from deep", **rest)


class Deeper(Deep):
    pass


assert sorted(registry) == ["comma", "deep", "from deep", "tsv"]
assert registry["from deep"] is Deeper


class Box:
    def __class_getitem__(cls, item):
        return f"{cls.__name__} of {item.__name__}"


assert Box[int] == "Box of int"


def message(call):
    try:
        call()
    except TypeError as error:
        return str(error)


def bad():
    class Wrong(Csv, colour=1):
        pass


assert message(bad) == "bad.<locals>.Wrong.__init_subclass__() takes no keyword arguments"
assert message(lambda: Plugin[int]) == "type 'Plugin' is not subscriptable"
print(sorted(registry), Box[str])
