# emulant: holes calls
"""A slip of the pen stays the NameError that it is, also when holes are on."""


def compute_total(numbers):
    return sum(numbers)


try:
    compute_totl([1, 2])
except NameError as error:
    print(error)
try:
    pritn("x")
except NameError as error:
    print(error)
print(compute_total([1, 2]))
