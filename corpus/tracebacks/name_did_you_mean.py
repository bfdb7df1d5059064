"""A near miss of a local name gets a suggestion."""


def compute(values):
    counter = 0
    for value in values:
        counter += value
    return conter


compute([1, 2])
