"""super: without and with arguments, in class methods, and its messages."""


class A:
    def __init__(self, **rest):
        self.trail = ["A"]
        assert rest == {}

    @classmethod
    def make(cls):
        return cls.__name__ + " by A"

    @property
    def size(self):
        return 1

    def hello(self):
        return "A.hello"


class B(A):
    def __init__(self, b, **rest):
        super().__init__(**rest)
        self.trail.append(f"B{b}")

    @classmethod
    def make(cls):
        return super().make() + " and B"

    @property
    def size(self):
        return super().size + 10

    def hello(self):
        def inner():
            return super(B, self).hello()

        return inner() + "+B"

    def lost(self):
        return super().nothing()


class C(B):
    def __init__(self, c, **rest):
        super().__init__(**rest)
        self.trail.append(f"C{c}")

    hello_of_a = property(lambda self: super(B, self).hello())


c = C(c=2, b=1)
assert c.trail == ["A", "B1", "C2"]
assert C.make() == "C by A and B"
assert c.size == 11
assert c.hello() == "A.hello+B" and c.hello_of_a == "A.hello"
assert super(C, c).hello() == "A.hello+B"


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(c.lost) == "AttributeError: 'super' object has no attribute 'nothing'"
assert message(lambda: super(C, 1)) == "TypeError: super(type, obj): obj must be an instance or subtype of type"


def plain():
    super().hello()


assert message(plain) == "RuntimeError: super(): no arguments"
assert C.__init__.__closure__[0].cell_contents is C
print(c.trail, c.hello(), C.make())
