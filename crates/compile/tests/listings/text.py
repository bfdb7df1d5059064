def f(name, width, value):
    print(f"{name!r:>{width}} = {value:.2f}!", f"{value=}", f"plain")
    return [1, 2, 3], {"a": 1, **name}, {*value}, (1, "b", None)
