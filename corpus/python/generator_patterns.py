"""Generators as programs use them: pipelines, trees, windows, state machines, primes."""

from itertools import count, islice


def primes():
    found = []
    for n in count(2):
        if all(n % p for p in found if p * p <= n):
            found.append(n)
            yield n


def window(items, size):
    items = iter(items)
    current = list(islice(items, size))
    while len(current) == size:
        yield tuple(current)
        current = current[1:] + [x for x in [next(items, None)] if x is not None]


class Tree:
    def __init__(self, value, left=None, right=None):
        self.value, self.left, self.right = value, left, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def traffic():
    while True:
        for light in ("green", "yellow", "red"):
            command = yield light
            if command == "reset":
                break


def chunks(items, n):
    for i in range(0, len(items), n):
        yield items[i : i + n]


def grep(pattern, lines):
    return (line for line in lines if pattern in line)


def coroutine_sum():
    total = 0
    try:
        while True:
            total += yield total
    except GeneratorExit:
        finished.append(total)
    else:
        raise AssertionError("no exception")


finished = []
assert list(islice(primes(), 10)) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]
assert list(window([1, 2, 3, 4], 2)) == [(1, 2), (2, 3), (3, 4)]
assert list(Tree(4, Tree(2, Tree(1)), Tree(6))) == [1, 2, 4, 6] and sum(Tree(1, Tree(2))) == 3
t = traffic()
assert [next(t), next(t), t.send("reset"), next(t)] == ["green", "yellow", "green", "yellow"]
assert list(chunks("abcde", 2)) == ["ab", "cd", "e"] and list(grep("a", ["ab", "c", "da"])) == ["ab", "da"]
s = coroutine_sum()
next(s)
s.send(5)
s.send(6)
s.close()
assert finished == [11]
pipeline = (x * x for x in (y + 1 for y in range(5)) if x % 2)
print(list(pipeline), max(islice(primes(), 30)), dict(enumerate(chunks([1, 2, 3], 2))))
