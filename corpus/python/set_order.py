"""The order of sets of small integers and of tuples of them is deterministic."""

print({3, 1, 2}, {8, 0, 16}, {100, 5, 32, 64}, {9, 1, 17, 33})
print(set(range(10, 0, -1)), {-1, -2, 5, 0}, {0, -1}, {7, 70, 700, 7000})
print({(1, 2), (0, 1), (3, 4)}, {(0, 0), (1, 1)}, {1.5, 2, 3.25}, {True, 5, 0})
s = set()
for n in [33, 1, 65, 2, 97, 3, 129]:
    s.add(n)
print(s, list(s)[0], min(s))
s.discard(1)
s.add(17)
print(s, s.pop(), s)
big = {i * i for i in range(30)}
print(big)
print(list({i % 7 * 10 for i in range(50)}), set([5, 3, 5, 1]), frozenset([9, 8, 7]))
print({1, 2, 3} | {10, 9, 8}, {5, 6, 40} & {40, 5}, {32, 1, 2} - {1}, {1, 2} ^ {2, 64})
merged = {20, 4}
merged |= {36, 3}
merged.update([52], (68,))
print(merged, sorted(merged))
print({x for x in (12, 4, 28, 20)}, set(map(abs, [-8, 16, -24])), {2**40, 1, 2**61, 3})
for item in {30, 10, 20}:
    print(item, end=" ")
print()
a, *b = {5, 4, 3}
print(a, b, tuple({40, 8, 24}), sum({1, 2}), [*{16, 0}])
assert sorted({3, 1, 2}) == [1, 2, 3] and {1, 2} == {2, 1}
