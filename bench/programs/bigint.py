"""Integers beyond 64 bits: products, powers, remainders, decimal text."""


def factorial(n):
    product = 1
    for factor in range(2, n + 1):
        product *= factor
    return product


def main(n: int):
    total = 0
    for turn in range(n):
        f = factorial(60 + turn % 20)
        power = (turn + 3) ** 41
        total += (f + power) % (10**18 + 9)
        total += pow(7, f % 1000003 + 10**20, 10**25 + 13) >> 40
        total ^= (f // (power + 1)) & (2**70 - 1)
        total += len(str(f * power))
    return total
