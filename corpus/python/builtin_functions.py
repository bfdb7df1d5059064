"""Built-in functions on ordinary values: results and their types."""

print(abs(-5), all([1, 2]), any([]), bin(10), bool("x"), chr(97), divmod(17, 5), hex(255), oct(8), ord("a"), pow(2, 10), round(3.14159, 2))
print(max(3, 1, 2), min([4, 2]), max("abc", key=lambda c: -ord(c)), max([], default="none"), min({"b": 1, "a": 2}), sum([1.5, 2]), sum([[1], [2]], []))
print(list(enumerate("ab", start=1)), list(zip([1, 2], "ab", (True, False))), list(map(str, [1, 2])), list(filter(lambda x: x > 1, [1, 2, 3])))
print(sorted("hello"), list(reversed([1, 2])), len({1: 2}), isinstance(5, (str, int)), issubclass(bool, int), callable(print), type(5), type(None))
print(repr("a"), ascii("é"), str(5), int("5"), float("2"), list("ab"), tuple([1]), set([1]), dict(a=1), frozenset(), bytes(2), complex(1))
print(hash(5), hash("a") == hash("a"), id(5) == id(5), format(5, "03"), getattr([], "append")(1), hasattr("", "join"), iter([]).__class__.__name__)
print("a", "b", sep="-", end="!\n")
print()
print(*[1, 2, 3], sep="")
print("no newline", end="")
print("", None, True, 1.0, [None], sep="|")
assert vars()["__name__"] == "__main__" and dir([])[-1] == "sort"
assert slice(1, 2).stop == 2 and type(object()) is object and type(type) is type and isinstance(type, object)
assert eval("1 + 2") == 3 and eval("a * 2", {"a": 4}) == 8
space = {}
exec("x = 5\ndef f(): return x", space)
assert space["f"]() == 5
code = compile("[i for i in range(3)]", "text", "eval")
assert eval(code) == [0, 1, 2]


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: eval("1 +")) == "SyntaxError: invalid syntax (<string>, line 1)"
assert message(lambda: print(1, colour=2)) == "TypeError: 'colour' is an invalid keyword argument for print()"
assert message(lambda: abs()) == "TypeError: abs() takes exactly one argument (0 given)"
assert message(lambda: isinstance(1)) == "TypeError: isinstance expected 2 arguments, got 1"
assert message(lambda: sum(5)) == "TypeError: 'int' object is not iterable"
assert message(lambda: round(1.5, "a")) == "TypeError: 'str' object cannot be interpreted as an integer"
assert message(lambda: list(1, 2)) == "TypeError: list expected at most 1 argument, got 2"
assert message(lambda: type(1, 2)) == "TypeError: type() takes 1 or 3 arguments"
assert message(lambda: reversed(5)) == "TypeError: 'int' object is not reversible"
assert message(lambda: enumerate()) == "TypeError: enumerate() missing required argument 'iterable'"
assert message(lambda: filter(1)) == "TypeError: filter expected 2 arguments, got 1"
assert message(lambda: input.x) == "AttributeError: 'builtin_function_or_method' object has no attribute 'x'"
