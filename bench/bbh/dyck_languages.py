"""A stack of what is open."""

PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}


def solve(question):
    stack = []
    for bracket in question.split("Input:")[1].split():
        if bracket in PAIRS:
            stack.append(PAIRS[bracket])
        else:
            stack.pop()
    return " ".join(reversed(stack))
