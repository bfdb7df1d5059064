"""A call over several lines: the first line of what failed is shown."""


def combine(first, second, third):
    return first + second + third


value = combine(
    "a",
    "b",
    3,
)
