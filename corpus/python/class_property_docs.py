"""property: documentation, names in messages, derived classes, abstractness; super as an object."""


class Doc:
    @property
    def text(self):
        "The getter's."
        return 1

    plain = property(lambda self: 1, doc="Its own.")

    @classmethod
    @property
    def kind(cls):
        return cls.__name__


print(Doc.text.__doc__, Doc.plain.__doc__, Doc.text.setter(None).__doc__, Doc.kind)
Doc.text.__doc__ = "Changed."
print(Doc.text.__doc__)


class Derived(property):
    """The class's."""


class Slotted(property):
    __slots__ = ("__doc__",)


def getter(self):
    "Read."
    return 2


print(Derived(getter).__doc__, Derived(lambda self: 1).__doc__, Derived(doc="Given.").__doc__, Slotted(doc="Kept.").__doc__, Derived(getter).setter(print).__doc__)


class Own(property):
    def __init__(self, function, extra):
        super().__init__(function)
        self.extra = extra


class Use:
    own = Own(getter, 5)
    empty = property()


Use.late = property()
print(Use().own, Use.own.extra, Use.own.__doc__)
for name in ("empty", "late"):
    for act in (lambda: getattr(Use(), name), lambda: setattr(Use(), name, 1), lambda: delattr(Use(), name)):
        try:
            act()
        except AttributeError as error:
            print(error)
try:
    property(1, 2, 3, 4, 5)
except TypeError as error:
    print(error)


class Base:
    def who(self):
        return super()


class Child(Base):
    pass


found = Child().who()
print(found.__class__, found.__thisclass__, found.__self_class__, type(found.__self__), super(Base).__self__)
for call in (lambda: super(int, int, int), lambda: super(1), lambda: super(int, "")):
    try:
        call()
    except TypeError as error:
        print(error)
