"""Steps on a grid, with a direction that turns."""
import re


def solve(question):
    x, y, dx, dy = 0, 0, 0, 1
    steps = question.split("?", 1)[1].split("Options")[0]
    fixed = "Always face forward" in steps
    for step in steps.split("."):
        move = re.search(r"[Tt]ake (\d+) steps?(?: (forward|backward|left|right))?", step)
        if move:
            count, way = int(move[1]), move[2] or "forward"
            ways = {"forward": (dx, dy), "backward": (-dx, -dy), "left": (-dy, dx), "right": (dy, -dx)}
            x, y = x + count * ways[way][0], y + count * ways[way][1]
        elif "left" in step and not fixed:
            dx, dy = -dy, dx
        elif "right" in step and not fixed:
            dx, dy = dy, -dx
        elif "around" in step:
            dx, dy = -dx, -dy
    return "Yes" if (x, y) == (0, 0) else "No"
