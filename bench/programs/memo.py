"""Recursion through a dict that remembers: paths in a grid with toll fields."""


def cheapest(row, column, known):
    if row == 0 and column == 0:
        return 1
    key = (row, column)
    if key in known:
        return known[key]
    toll = (row * 17 + column * 31) % 9 + 1
    best = 10**9
    if row > 0:
        best = min(best, cheapest(row - 1, column, known))
    if column > 0:
        best = min(best, cheapest(row, column - 1, known))
    known[key] = best + toll
    return best + toll


def partitions(total, largest, known):
    if total == 0:
        return 1
    if total < 0 or largest == 0:
        return 0
    key = (total, largest)
    if key not in known:
        known[key] = partitions(total - largest, largest, known) + partitions(total, largest - 1, known)
    return known[key]


def main(n: int):
    known = {}
    return cheapest(n, n, known), partitions(n, n, {}), len(known)
