"""The most flips that sorting a stack of pancakes needs: every permutation, on one list."""


def flips(stack):
    stack = stack[:]
    count = 0
    top = stack[0]
    while top:
        stack[: top + 1] = stack[top::-1]
        count += 1
        top = stack[0]
    return count


def main(n: int):
    stack = list(range(n))
    counters = [0] * n
    most = flips(stack)
    checksum = 0
    seen = 1
    level = 0
    while level < n:
        if counters[level] < level:
            other = counters[level] if level % 2 else 0
            stack[other], stack[level] = stack[level], stack[other]
            counters[level] += 1
            level = 0
            count = flips(stack)
            if count > most:
                most = count
            checksum += count if seen % 2 == 0 else -count
            seen += 1
        else:
            counters[level] = 0
            level += 1
    return most, checksum, seen
