"""Assignment expressions: value, scope in comprehensions, where they bind."""

if (n := len("abcd")) > 3:
    assert n == 4
data = [1, 5, 2, 8]
assert [y for x in data if (y := x * 2) > 4] == [10, 16] and y == 16
assert any((witness := value) > 4 for value in data) and witness == 5


def inside():
    total = 0
    partial = [total := total + v for v in data]
    return partial, total


assert inside() == ([1, 6, 8, 16], 16)


def uses_global():
    global counted
    return [counted := v for v in data]


uses_global()
assert counted == 8
stack = [3, 2, 1]
popped = []
while stack and (top := stack.pop()) < 3:
    popped.append(top)
assert popped == [1, 2] and top == 3
assert (a := 1, b := 2) == (1, 2) and a + b == 3
print(f"{(z := 5)}", z)
text = "k=v"
if "=" in text and (parts := text.split("=")):
    key, value = parts
assert (key, value) == ("k", "v")


def f(x, y=(w := 7)):
    return x + y


assert f(1) == 8 and w == 7 and f((q := 2), y=q) == 4
print(inside(), popped)
