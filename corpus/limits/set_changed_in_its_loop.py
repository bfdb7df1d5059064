# ends: raised RuntimeError: Set changed size during iteration
d = {1}
for k in d:
    d.add(k + 1)
