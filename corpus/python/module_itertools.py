"""itertools: every function on small inputs, and laziness."""

import itertools as it

print(list(it.islice(it.count(5, 2), 3)), list(it.islice(it.cycle("ab"), 5)), list(it.repeat("x", 3)), list(it.accumulate([1, 2, 3])), list(it.accumulate([2, 3], lambda a, b: a * b, initial=1)))
print(list(it.chain([1], "ab")), list(it.chain.from_iterable([[1], [2, 3]])), list(it.compress("abcd", [1, 0, 1, 0])), list(it.dropwhile(lambda x: x < 3, [1, 3, 2])), list(it.takewhile(lambda x: x < 3, [1, 3, 2])))
print(list(it.filterfalse(lambda x: x % 2, range(5))), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.zip_longest("ab", [1], fillvalue="-")), list(it.pairwise("abc")), list(it.batched("abcde", 2)))
print(list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.permutations([1, 2, 3], 2)), list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)))
print([(k, list(g)) for k, g in it.groupby("aabbca")], [(k, [x for x in g]) for k, g in it.groupby([1, 3, 2, 4], key=lambda x: x % 2)])
print(list(it.islice(range(10), 2, 8, 3)), list(it.islice("abc", None)), list(it.product()), list(it.permutations("ab")), len(list(it.combinations(range(6), 3))))
a, b = it.tee(iter([1, 2, 3]))
print(next(a), list(b), list(a), it.count(3), it.repeat(5, 2), next(it.count(1.5, 0.5)))
groups = it.groupby([1, 1, 2])
first_key, first = next(groups)
second_key, second = next(groups)
assert list(first) == [] and list(second) == [2], "a group is gone when the next one starts"
seen = []
lazy = it.chain.from_iterable((seen.append(x) or [x]) for x in range(5))
assert next(lazy) == 0 and seen == [0]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: it.islice([1], -1)) == "ValueError: Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
assert message(lambda: list(it.batched("a", 0))) == "ValueError: n must be at least one"
assert message(lambda: it.permutations("ab", -1)) == "ValueError: r must be non-negative"
assert message(lambda: it.chain(5).__next__()) == "TypeError: 'int' object is not iterable"
assert message(lambda: it.count("a")) == "TypeError: a number is required"
