"""An exception through three functions, with markers under part of a line."""


def price(item):
    return item["cost"] * item["count"]


def total(items):
    return sum([price(item) for item in items])


def report(items):
    text = "total: " + str(total(items))
    return text


print("before")
print(report([{"cost": 2, "count": 3}, {"cost": 4}]))
