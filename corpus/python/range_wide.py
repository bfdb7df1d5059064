"""Ranges beyond 64 bits: items, slices, membership, comparison, iteration."""

import pickle

big = range(10**20, 10**20 + 50, 7)
print(big, len(big), big[1], big[-1], big[2:5], big[::-2], list(big)[-1], type(iter(big)).__name__, type(big).__name__)
print(10**20 + 7 in big, 10**20 + 8 in big, 5 in big, big.index(10**20 + 14), big.count(10**20), list(reversed(big))[:2], big.start, big.stop, big.step)
print(big == range(10**20, 10**20 + 54, 7), hash(big) == hash(range(10**20, 10**20 + 54, 7)), range(2**70, 0) == range(0), big == range(5), bool(range(2**70, 0)), bool(big))
endless = range(2**70)
print(endless[2**69], endless[-1], endless[5:], 2**69 in endless, endless.index(2**69), range(-2**63, 2**63 - 1)[-1])
print([n for n, _ in zip(endless, "abc")], max(range(2**65, 2**65 + 3)), sum(range(-2**64, -2**64 + 3)), pickle.loads(pickle.dumps(big)) == big)
print(range(5)[:-2**70:-1], range(0, 2**63 - 1, 2**62)[::3], [*range(2**63 - 2, 2**63 + 1)])


class Number:
    def __index__(self):
        return 2**65


print(range(Number(), Number()), range(2**64, 2**66, 2**65)[True])
for call in (lambda: len(endless), lambda: big[8], lambda: endless[2**70], lambda: big["a"], lambda: big.index(3), lambda: range(0, 2**70, 0), lambda: big[::0], lambda: range(3)[2**70]):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
