"""collections: a deque as a queue, Counter and defaultdict as ledgers."""

from collections import Counter, defaultdict, deque


def main(n: int):
    waiting = deque(range(20))
    served = Counter()
    by_desk = defaultdict(list)
    clock = 0
    for turn in range(n):
        customer = waiting.popleft()
        served[customer] += 1
        desk = (customer * 7 + turn) % 5
        by_desk[desk].append(customer)
        clock += desk + 1
        waiting.append((customer + clock) % 40)
        if turn % 9 == 0:
            waiting.rotate(2)
        if len(by_desk[desk]) > 30:
            by_desk[desk].clear()
    top = served.most_common(1)[0]
    return clock, top[1], sorted(len(people) for people in by_desk.values())[-1], sum(waiting)
