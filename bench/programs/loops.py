"""Integer arithmetic in three nested counting loops, one accumulator."""


def main(n: int):
    total = 0
    for i in range(n):
        for j in range(n):
            step = i * 3 - j
            for k in range(10):
                total += (step ^ k) & 15
    return total
