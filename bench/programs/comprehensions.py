"""List, dict and set comprehensions, nested and filtered."""


def main(n: int):
    total = 0
    for turn in range(n):
        squares = [x * x for x in range(40)]
        even = [x for x in squares if x % 2 == 0]
        pairs = [(x, y) for x in range(8) for y in range(x) if (x + y + turn) % 3]
        index = {x: len(str(x)) for x in even}
        residues = {x % 7 for x in squares}
        rows = [[x + y for y in range(5)] for x in range(5)]
        total += len(pairs) + sum(index.values()) + len(residues) + sum(rows[4])
        total += sum(x * y for x, y in pairs)
    return total
