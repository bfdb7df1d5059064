"""A module's own `super` is the one that methods call."""


class super:
    name = "own"


class C:
    def method(self):
        return super().name


print(C().method())
