"""Loops: else, break, continue, nested, and with finally in between."""


def find(items, wanted):
    for place, item in enumerate(items):
        if item == wanted:
            result = place
            break
    else:
        result = -1
    return result


assert find("abc", "c") == 2 and find("abc", "z") == -1 and find("", "z") == -1
n, trail = 5, []
while n:
    n -= 1
    if n == 3:
        continue
    trail.append(n)
    if n == 1:
        break
else:
    trail.append("else")
assert trail == [4, 2, 1]
while False:
    pass
else:
    trail.append("never entered")
assert trail[-1] == "never entered"
log = []


def cleanup():
    for i in range(4):
        try:
            if i == 0:
                continue
            if i == 2:
                break
            log.append(f"body {i}")
        finally:
            log.append(f"finally {i}")
    return "after"


assert cleanup() == "after" and log == ["finally 0", "body 1", "finally 1", "finally 2"]


def finally_wins():
    for _ in range(3):
        try:
            return "from try"
        finally:
            return "from finally"


def swallow():
    while True:
        try:
            raise ValueError("lost")
        finally:
            break
    return "swallowed"


assert finally_wins() == "from finally" and swallow() == "swallowed"
pairs = []
for i in range(3):
    for j in range(3):
        if j == i:
            break
        pairs.append((i, j))
assert pairs == [(1, 0), (2, 0), (2, 1)]
for i in range(3):
    i *= 10
assert i == 20
for i in []:
    pass
assert i == 20
for items in [[1, 2]]:
    for items in items:
        pass
assert items == 2
x = 1 if not [] else 2
assert x == 1 and (None or 0 or "a") == "a" and (1 and "" and 5) == "" and (not 0) is True
assert 1 < 2 < 3 and not 1 < 3 < 2 and 1 == 1.0 == True
print(log, pairs)
