"""A block that is not indented."""


def run():
print("hello")
