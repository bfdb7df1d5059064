"""Generators: pipelines of yields, delegation, values sent in."""


def naturals(limit):
    number = 0
    while number < limit:
        yield number
        number += 1


def keep_odd(numbers):
    for number in numbers:
        if number % 2:
            yield number


def pairs(numbers):
    previous = None
    for number in numbers:
        if previous is not None:
            yield previous, number
        previous = number


def running_mean():
    total = 0.0
    count = 0
    mean = 0.0
    while True:
        value = yield mean
        total += value
        count += 1
        mean = total / count


def walk(tree):
    if isinstance(tree, int):
        yield tree
        return
    for branch in tree:
        yield from walk(branch)


def main(n: int):
    total = 0
    for left, right in pairs(keep_odd(naturals(n))):
        total += left * right % 7
    mean = running_mean()
    next(mean)
    result = 0.0
    for number in naturals(n):
        result = mean.send(number)
    tree = [[1, [2, 3]], [[4], 5, [6, [7, 8]]]]
    for _ in range(n // 40):
        total += sum(walk(tree))
    return total, result
