"""Breadth-first search over a walled grid: tuples as keys, sets of seen cells."""


def is_wall(row, column):
    return (row * 5 + column * 7) % 4 == 0 and row % 6 != 0


def search(size):
    goal = (size - 1, size - 1)
    frontier = [(0, 0)]
    seen = {(0, 0)}
    came_from = {}
    steps = 0
    while frontier:
        following = []
        for cell in frontier:
            if cell == goal:
                return steps, len(seen), came_from
            row, column = cell
            for dr, dc in ((1, 0), (0, 1), (-1, 0), (0, -1)):
                neighbour = (row + dr, column + dc)
                if not (0 <= neighbour[0] < size and 0 <= neighbour[1] < size):
                    continue
                if neighbour in seen or is_wall(neighbour[0], neighbour[1]):
                    continue
                seen.add(neighbour)
                came_from[neighbour] = cell
                following.append(neighbour)
        frontier = following
        steps += 1
    return -1, len(seen), came_from


def main(n: int):
    steps, seen, came_from = search(n)
    deepest = max(came_from)
    length = 0
    cell = deepest
    while cell != (0, 0):
        cell = came_from[cell]
        length += 1
    return steps, seen, deepest, length
