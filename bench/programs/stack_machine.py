"""match on tuples and literals: a tiny stack machine interprets a loop."""


def run(program, limit):
    stack = []
    memory = {"i": 0, "total": 0}
    at = 0
    steps = 0
    while at < len(program):
        steps += 1
        match program[at]:
            case ("push", int(value)):
                stack.append(value)
            case ("load", name):
                stack.append(memory[name])
            case ("store", name):
                memory[name] = stack.pop()
            case ("add" | "sub" as operation,):
                right = stack.pop()
                left = stack.pop()
                stack.append(left + right if operation == "add" else left - right)
            case ("jump_below", target):
                if stack.pop() < limit:
                    at = target
                    continue
            case ("halt",):
                break
            case other:
                raise ValueError(f"unknown: {other!r}")
        at += 1
    return memory["total"], steps


PROGRAM = [
    ("load", "total"),
    ("load", "i"),
    ("add",),
    ("store", "total"),
    ("load", "i"),
    ("push", 1),
    ("add",),
    ("store", "i"),
    ("load", "i"),
    ("jump_below", 0),
    ("halt",),
]


def main(n: int):
    return run(PROGRAM, n)
