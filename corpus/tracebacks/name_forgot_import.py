"""The name of a standard module that was not imported."""

print(math.sqrt(4))
