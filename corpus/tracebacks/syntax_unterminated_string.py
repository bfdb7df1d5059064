"""A string that does not end on its line."""

name = "Ada
print(name)
