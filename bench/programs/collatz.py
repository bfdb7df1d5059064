"""While loops with branches: the longest Collatz chain below a bound."""


def main(n: int):
    best = 0
    best_start = 0
    start = 1
    while start < n:
        number = start
        length = 1
        while number != 1:
            if number % 2 == 0:
                number //= 2
            else:
                number = 3 * number + 1
            length += 1
        if length > best:
            best = length
            best_start = start
        start += 1
    return best_start, best
