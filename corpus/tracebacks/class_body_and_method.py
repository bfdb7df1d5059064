"""A failure in a class body, in a property, and the message of a call."""


class Lazy:
    @property
    def size(self):
        return self.measure(1, 2)

    def measure(self, only):
        return only


class Broken:
    limit = Lazy().size
