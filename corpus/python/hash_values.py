"""Hashes that are the same in every run: numbers, tuples, None-free structures."""

print(hash(0), hash(1), hash(-1), hash(-2), hash(2**61 - 1), hash(2**61), hash(-(2**62)), hash(10**18), hash(2**1000))
print(hash(0.1), hash(1e-300), hash(2.5), hash(-2.5), hash(float("inf")), hash(float("-inf")), hash(1e16), hash(3.0), hash(1 / 3))
print(hash(()), hash((1,)), hash((1, 2)), hash((2, 1)), hash(((1, 2), 3)), hash((0.5, True)), hash(tuple(range(10))), hash((-1, -2)))
print(hash(True), hash(1 + 0j), hash(1j), hash(2 + 3j), hash(frozenset()), hash(frozenset([1, 2, 3])), hash(range(3)), hash(range(0)))
from fractions import Fraction

print(hash(Fraction(1, 2)) == hash(0.5), hash(Fraction(3)) == 3, hash("a") == hash("a"), hash(b"a") == hash(b"a"), hash("") == 0)
