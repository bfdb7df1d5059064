"""Frames of generators, comprehensions and lambdas have their names."""


def numbers(limit):
    for n in range(limit):
        yield 10 // (2 - n)


scaled = (n * 2 for n in numbers(5))
apply = lambda source: list(map(lambda x: x + 1, source))
print(apply(scaled))
