"""Descriptors: data and non-data, __set_name__, order of lookup."""


class Typed:
    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = name
        self.owner = owner.__name__

    def __get__(self, instance, owner):
        if instance is None:
            return self
        return instance.__dict__.get(self.name, f"no {self.name}")

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.owner}.{self.name} wants {self.kind.__name__}, not {type(value).__name__}")
        instance.__dict__[self.name] = value

    def __delete__(self, instance):
        instance.__dict__.pop(self.name, None)


class Lazy:
    def __init__(self, compute):
        self.compute = compute
        self.name = compute.__name__

    def __get__(self, instance, owner):
        value = self.compute(instance)
        instance.__dict__[self.name] = value
        return value


class Person:
    age = Typed(int)
    name = Typed(str)
    computed = 0

    @Lazy
    def slow(self):
        Person.computed += 1
        return self.age * 100


p = Person()
assert p.name == "no name"
p.age, p.name = 5, "Ada"
assert (p.slow, p.slow, Person.computed) == (500, 500, 1)
assert Person.age.owner == "Person" and Person.__dict__["age"] is Person.age
try:
    p.age = "old"
except TypeError as error:
    assert str(error) == "Person.age wants int, not str"
else:
    raise AssertionError("no exception")
del p.age
assert p.age == "no age"
p.__dict__["age"] = 9
assert p.age == 9


class NoSet:
    def __get__(self, instance, owner):
        return "from descriptor"


class Holder:
    field = NoSet()


h = Holder()
assert h.field == "from descriptor"
h.field = "own"
assert h.field == "own" and Holder.field == "from descriptor"


def function(self, x):
    return self, x


assert function.__get__(3, int)(4) == (3, 4)
print(p.slow, Person.computed, h.field)
