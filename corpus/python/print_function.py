"""print: separators, ends, several types, files, flush."""

import io
import sys

print(1, "two", 3.0, None, True, [1, "x"], {"k": (1,)}, {1}, b"b", 1j)
print("a", "b", sep="")
print("a", "b", sep=", ", end=".\n")
print("x", end="")
print()
print(sep="-")
print(*range(5), *"ab")
print("multi\nline")
print("no", "flush", flush=True)
buffer = io.StringIO()
print("to", "buffer", file=buffer, end="|")
print(5, file=buffer)
assert buffer.getvalue() == "to buffer|5\n"
print("standard", file=sys.stdout)
sys.stdout.write("written\n")
print("tab\tand unicode é 日 😀")
print(None, sep=None, end=None)


class Loud:
    def __str__(self):
        return "str!"

    def __repr__(self):
        return "repr!"


print(Loud(), [Loud()], f"{Loud()} {Loud()!r}", str(Loud()), (Loud(),), {Loud().__str__(): Loud()})
assert print("x", file=io.StringIO()) is None
