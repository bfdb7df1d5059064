"""Dynamic programming over two texts: rows of a table, the least of three neighbours."""


def distance(a, b):
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            if x == y:
                row.append(above[j - 1])
            else:
                row.append(1 + min(above[j - 1], above[j], row[j - 1]))
        above = row
    return above[-1]


def main(n: int):
    words = ["".join(chr(97 + (i * i + j * (i + 3)) % 26) for j in range(10 + i % 9)) for i in range(n)]
    return sum(distance(a, b) for a in words for b in words[::3])
