"""Equality and hashing in dicts and sets: what is called, and how often."""

log = []


class Key:
    def __init__(self, value, bucket):
        self.value = value
        self.bucket = bucket

    def __hash__(self):
        log.append(f"hash {self.value}")
        return self.bucket

    def __eq__(self, other):
        log.append(f"{self.value} == {other.value}")
        return self.value == other.value

    def __repr__(self):
        return f"K{self.value}"


a, b, c = Key("a", 1), Key("b", 1), Key("c", 2)
table = {a: 1, b: 2, c: 3}
assert log == ["hash a", "hash b", "a == b", "hash c"]
log.clear()
assert table[Key("b", 1)] == 2
assert log == ["hash b", "a == b", "b == b"]
log.clear()
assert Key("z", 7) not in table and log == ["hash z"]
log.clear()
assert table[a] == 1 and log == ["hash a"], "the same object is found without __eq__"
members = {a, b, Key("a", 1)}
assert len(members) == 2
table[Key("a", 1)] = 10
assert list(table) == [a, b, c] and list(table)[0] is a, "an equal key keeps the old key object"


class Broken:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError("cannot compare")


d = {Broken(): 1}
try:
    d[Broken()]
except ValueError as error:
    assert str(error) == "cannot compare"
else:
    raise AssertionError("no exception")
assert hash(True) == hash(1) == hash(1.0) and {1: "a", True: "b", 1.0: "c"} == {1: "c"}
assert hash(-1) == hash(-2) == -2 and hash(2**61 - 1) == 0 and hash(0.5) == 2**60
print(table, log)
