"""Recursion on bit masks: ways to place queens that leave each other alone."""


def place(columns, left, right, full):
    if columns == full:
        return 1
    ways = 0
    free = full & ~(columns | left | right)
    while free:
        bit = free & -free
        free ^= bit
        ways += place(columns | bit, (left | bit) << 1, (right | bit) >> 1, full)
    return ways


def main(n: int):
    return place(0, 0, 0, (1 << n) - 1)
