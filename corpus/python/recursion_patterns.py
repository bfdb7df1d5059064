"""Recursion as programs use it: mutual, backtracking, on trees, with memo."""


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def permutations(items):
    if not items:
        return [[]]
    return [[x] + rest for i, x in enumerate(items) for rest in permutations(items[:i] + items[i + 1 :])]


def subsets(items):
    if not items:
        return [[]]
    rest = subsets(items[1:])
    return rest + [[items[0]] + r for r in rest]


def queens(n, row=0, columns=()):
    if row == n:
        return 1
    return sum(queens(n, row + 1, columns + (c,)) for c in range(n) if all(c != k and abs(c - k) != row - r for r, k in enumerate(columns)))


def hanoi(n, a="A", b="B", c="C"):
    return [] if n == 0 else hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c)


def flatten(x):
    return [z for y in x for z in flatten(y)] if isinstance(x, list) else [x]


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1) if n == 0 else ackermann(m - 1, ackermann(m, n - 1))


def quicksort(xs):
    if len(xs) < 2:
        return xs
    pivot, *rest = xs
    return quicksort([x for x in rest if x < pivot]) + [pivot] + quicksort([x for x in rest if x >= pivot])


def collatz(n, steps=0):
    return steps if n == 1 else collatz(n // 2 if n % 2 == 0 else 3 * n + 1, steps + 1)


assert is_even(200) and is_odd(201) and len(permutations([1, 2, 3, 4])) == 24
assert subsets([1, 2]) == [[], [2], [1], [1, 2]] and queens(6) == 4 and len(hanoi(6)) == 63
assert flatten([1, [2, [3, [4]]]]) == [1, 2, 3, 4] and ackermann(2, 3) == 9 and quicksort([3, 1, 2, 3, 0]) == [0, 1, 2, 3, 3]
print(permutations([1, 2, 3]), hanoi(2), collatz(27), queens(5))
