"""staticmethod and classmethod: what they bind, also through a subclass."""


class Tool:
    count = 0

    @staticmethod
    def double(x):
        return x * 2

    @classmethod
    def make(cls, *args):
        tool = cls()
        cls.count += 1
        tool.args = args
        return tool

    def call_both(self):
        return self.double(4), type(self.make()).__name__


class Saw(Tool):
    pass


assert Tool.double(3) == Saw.double(3) == Tool().double(3) == 6
saw = Saw.make(1, 2)
assert type(saw) is Saw and saw.args == (1, 2)
assert (Tool.count, Saw.count) == (0, 1)
assert saw.call_both() == (8, "Saw") and Saw.count == 2
assert Saw.make.__self__ is Saw and Tool.make.__func__ is Saw.make.__func__
assert isinstance(Tool.__dict__["double"], staticmethod) and isinstance(Tool.__dict__["make"], classmethod)
assert Tool.__dict__["double"](5) == 10, "a staticmethod object can be called itself"


def message(call, *args):
    try:
        call(*args)
    except TypeError as error:
        return str(error)


assert message(Tool.double) == "Tool.double() missing 1 required positional argument: 'x'"
assert message(Tool.call_both) == "Tool.call_both() missing 1 required positional argument: 'self'"
assert message(Tool.__dict__["make"]) == "'classmethod' object is not callable"
print(saw.args, Saw.count)
