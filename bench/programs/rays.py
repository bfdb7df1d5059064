"""A ray tracer: vectors as objects with operators of their own, spheres that are hit or missed."""


class Vector:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / self.dot(self) ** 0.5)


class Sphere:
    def __init__(self, centre, radius, shade):
        self.centre = centre
        self.radius = radius
        self.shade = shade

    def distance(self, start, direction):
        to_centre = self.centre - start
        along = to_centre.dot(direction)
        gap = to_centre.dot(to_centre) - along * along
        inside = self.radius * self.radius - gap
        if inside < 0.0:
            return None
        distance = along - inside ** 0.5
        return distance if distance > 1e-6 else None

    def normal(self, point):
        return (point - self.centre).unit()


def trace(scene, start, direction, light, depth):
    nearest, hit = None, None
    for sphere in scene:
        distance = sphere.distance(start, direction)
        if distance is not None and (nearest is None or distance < nearest):
            nearest, hit = distance, sphere
    if hit is None:
        return 0.1
    point = start + direction * nearest
    normal = hit.normal(point)
    brightness = max(normal.dot(light), 0.0) * hit.shade
    if depth > 0:
        bounced = direction - normal * (2.0 * direction.dot(normal))
        brightness += 0.3 * trace(scene, point, bounced, light, depth - 1)
    return brightness


def main(n: int):
    scene = [Sphere(Vector(x - 2.0, (x * 7 % 5) * 0.4 - 0.8, 6.0 + x % 3), 0.9, 0.5 + x * 0.1) for x in range(5)]
    light = Vector(1.0, 1.0, -1.0).unit()
    eye = Vector(0.0, 0.0, -1.0)
    total = 0.0
    for row in range(n):
        for column in range(n):
            direction = Vector(column / n - 0.5, row / n - 0.5, 1.0).unit()
            total += trace(scene, eye, direction, light, 2)
    return round(total, 6)
