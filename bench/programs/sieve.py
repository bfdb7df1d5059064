"""List stores: strike out the multiples, one item at a time."""


def main(n: int):
    composite = [False] * (n + 1)
    count = 0
    last = 0
    for number in range(2, n + 1):
        if composite[number]:
            continue
        count += 1
        last = number
        multiple = number * number
        while multiple <= n:
            composite[multiple] = True
            multiple += number
    return count, last
