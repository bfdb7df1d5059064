"""Floats in instance-free lists: a few bodies pull at each other in the plane."""

from math import sqrt


def build():
    bodies = []
    for index in range(5):
        bodies.append(
            [
                1.5 * index + 0.25,
                0.5 * index * index - 1.0,
                0.01 * index,
                0.02 - 0.004 * index,
                1.0 / (index + 1.0),
            ]
        )
    return bodies


def energy(bodies):
    total = 0.0
    for x, y, vx, vy, mass in bodies:
        total += 0.5 * mass * (vx * vx + vy * vy)
    for left in range(len(bodies)):
        for right in range(left + 1, len(bodies)):
            dx = bodies[left][0] - bodies[right][0]
            dy = bodies[left][1] - bodies[right][1]
            total -= bodies[left][4] * bodies[right][4] / sqrt(dx * dx + dy * dy + 0.05)
    return total


def advance(bodies, dt):
    count = len(bodies)
    for left in range(count):
        a = bodies[left]
        for right in range(left + 1, count):
            b = bodies[right]
            dx = a[0] - b[0]
            dy = a[1] - b[1]
            distance = dx * dx + dy * dy + 0.05
            pull = dt / (distance * sqrt(distance))
            a[2] -= dx * b[4] * pull
            a[3] -= dy * b[4] * pull
            b[2] += dx * a[4] * pull
            b[3] += dy * a[4] * pull
    for body in bodies:
        body[0] += dt * body[2]
        body[1] += dt * body[3]


def main(n: int):
    bodies = build()
    for _ in range(n):
        advance(bodies, 0.01)
    return round(energy(bodies), 9)
