"""Sets as wholes and one by one: union, intersection, difference, membership, frozen sets as keys."""


def main(n: int):
    evens = set(range(0, 400, 2))
    threes = set(range(0, 400, 3))
    words = {"w%d" % i for i in range(100)}
    groups = {}
    total = 0
    for i in range(n):
        both = evens & threes
        either = evens | threes
        rest = either - both
        total += len(both) + len(rest)
        if i in rest or "w%d" % (i % 150) in words:
            total += 1
        key = frozenset((i % 5, i % 7, i % 11))
        groups[key] = groups.get(key, 0) + 1
        evens.add(400 + 2 * (i % 50))
        evens.discard(400 + 2 * ((i + 25) % 50))
        if threes <= either:
            total += 1
    return total, len(groups), max(groups.values()), sorted(evens)[-3:]
