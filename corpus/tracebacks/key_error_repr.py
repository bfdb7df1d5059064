"""KeyError shows the repr of its key; the key here is a tuple."""

table = {("a", 1): True}
for key in [("a", 1), ("a", 2)]:
    table[key]
