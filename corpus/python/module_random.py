"""random with a seed: the exact sequences of CPython's generator."""

import random

r = random.Random(42)
print(r.random(), r.randint(1, 100), r.randrange(0, 100, 7), r.choice("abcdef"), r.uniform(1, 2), r.getrandbits(40))
items = list(range(8))
r.shuffle(items)
print(items, r.sample(range(100), 5), r.choices("ab", k=5), r.choices([1, 2, 3], weights=[1, 0, 3], k=4))
print(r.gauss(0, 1), r.normalvariate(5, 2), r.expovariate(1.5), r.triangular(0, 10, 3), r.betavariate(2, 3))
random.seed(7)
first = [random.random() for _ in range(3)]
random.seed(7)
assert first == [random.random() for _ in range(3)]
print(first, random.randint(-5, 5), random.sample(["x", "y", "z"], 2))
random.seed("text")
print(random.random())
state = r.getstate()
x = r.random()
r.setstate(state)
assert r.random() == x
random.seed(0)
print([random.randint(0, 9) for _ in range(20)], random.getrandbits(70), random.randbytes(4))


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: random.choice([])) == "IndexError: Cannot choose from an empty sequence"
assert message(lambda: random.randint(5, 1)) == "ValueError: empty range in randrange(5, 2)"
assert message(lambda: random.sample([1], 2)) == "ValueError: Sample larger than population or is negative"
assert message(lambda: random.randrange(0)) == "ValueError: empty range for randrange()"
assert message(lambda: random.sample({1, 2}, 1)) == "TypeError: Population must be a sequence.  For dicts or sets, use sorted(d)."
