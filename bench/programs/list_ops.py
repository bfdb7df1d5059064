"""Lists as wholes: slices, zip, enumerate, reversed, append and pop, sums."""


def main(n: int):
    total = 0
    base = list(range(60))
    for turn in range(n):
        left = base[turn % 10 : 50]
        right = base[::-1][: len(left)]
        total += sum(a * b for a, b in zip(left, right))
        for index, value in enumerate(left):
            if value > index:
                total += value
        stack = []
        for value in reversed(left):
            stack.append(value)
            if value % 4 == 0:
                stack.pop()
        stack[1:3] = [turn, turn + 1, turn + 2]
        stack.extend(right[5:10])
        total += len(stack) + stack[2] + min(stack) + max(stack)
        stack.insert(0, turn)
        total += stack.index(turn) + stack.count(7)
    return total
