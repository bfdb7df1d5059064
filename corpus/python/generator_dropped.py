"""A generator that a loop leaves is closed when the loop ends, not before."""

log = []


def items():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")
        print("closed")


for item in items():
    print("item", item, len(log))
    break
print("after the loop", log)


def first():
    for item in items():
        print("in the function", item)
        return item


print(first())
held = items()
for item in held:
    print("held", item)
    break
print("still open", len(log))
del held
print("gone", len(log))
