"""heapq and tuples: cheapest ways through a graph of numbered nodes."""

import heapq


def edges(node, count):
    return [((node + step) % count, (node * step) % 13 + 1) for step in (1, 7, 31)]


def cheapest(count):
    cost = {0: 0}
    queue = [(0, 0)]
    settled = set()
    while queue:
        price, node = heapq.heappop(queue)
        if node in settled:
            continue
        settled.add(node)
        for neighbour, weight in edges(node, count):
            offer = price + weight
            if neighbour not in cost or offer < cost[neighbour]:
                cost[neighbour] = offer
                heapq.heappush(queue, (offer, neighbour))
    return cost


def main(n: int):
    cost = cheapest(n)
    farthest = max(cost, key=lambda node: (cost[node], node))
    return farthest, cost[farthest], sum(cost.values())
