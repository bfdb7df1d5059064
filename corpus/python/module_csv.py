"""csv: reader, writer, DictReader, quoting, dialects."""

import csv
import io

text = 'name,age,note\nAnn,30,"likes ""tea"", and\ncake"\nBob,,\n'
rows = list(csv.reader(io.StringIO(text)))
print(rows)
print(list(csv.DictReader(io.StringIO(text)))[1], csv.DictReader(io.StringIO(text)).fieldnames)
out = io.StringIO()
w = csv.writer(out)
w.writerow(["a", 1, None, 2.5, 'q"x', "c,d", "l\nm"])
w.writerows([[1, 2], []])
print(repr(out.getvalue()))
out = io.StringIO()
d = csv.DictWriter(out, fieldnames=["x", "y"], delimiter=";", lineterminator="\n", restval="-")
d.writeheader()
d.writerow({"x": 1})
print(out.getvalue(), list(csv.reader(["a;b", "'c;d';e"], delimiter=";", quotechar="'")), list(csv.reader(["a  b"], delimiter=" ", skipinitialspace=True)))
try:
    d.writerow({"z": 1})
except ValueError as error:
    assert str(error) == "dict contains fields not in fieldnames: 'z'"
else:
    raise AssertionError("no exception")
