"""Products with a matrix that is computed, never stored: one small function called for each of its elements."""


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector, transposed):
    size = len(vector)
    result = []
    for i in range(size):
        total = 0.0
        for j in range(size):
            total += (element(j, i) if transposed else element(i, j)) * vector[j]
        result.append(total)
    return result


def main(n: int):
    u = [1.0] * n
    v = u
    for _ in range(2):
        v = times(times(u, False), True)
        u = times(times(v, False), True)
    top = sum(a * b for a, b in zip(u, v))
    below = sum(b * b for b in v)
    return round((top / below) ** 0.5, 9)
