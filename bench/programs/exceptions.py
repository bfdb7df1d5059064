"""Raise, catch, clean up: exceptions through two frames, else and finally."""


def check(number):
    if number % 3 == 0:
        raise LookupError("third")
    if number % 5 == 0:
        raise ValueError("fifth")
    return number


def attempt(number, log):
    try:
        return check(number)
    except LookupError as error:
        log[0] += 1
        return len(str(error)) + number % 7
    finally:
        log[1] += 1


def main(n: int):
    log = [0, 0]
    total = 0
    table = {number: number * 2 for number in range(0, 50, 2)}
    for number in range(n):
        try:
            total += attempt(number, log)
        except ValueError as error:
            total -= len(error.args[0])
        try:
            total += table[number % 50]
        except KeyError:
            total += 1
        else:
            total += 2
    return total, log[0], log[1]
