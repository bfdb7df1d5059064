"""Sorting with key functions: the sort is native, the key is not."""


def numbers(count, seed):
    values = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        values.append(seed >> 8)
    return values


def main(n: int):
    values = numbers(n, 42)
    by_last_digits = sorted(values, key=lambda v: (v % 1000, v))
    by_distance = sorted(values, key=lambda v: abs(v - 4000000))
    by_text = sorted(values, key=lambda v: str(v)[::-1], reverse=True)
    values.sort(key=lambda v: -v)
    return by_last_digits[0], by_distance[0], by_text[0], values[n // 2]
