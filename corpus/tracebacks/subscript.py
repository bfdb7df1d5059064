rows = {"a": [1, 2, 3]}
print(rows["a"][1])
print(rows["a"][7])
