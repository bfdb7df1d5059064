"""exec, eval and compile: namespaces, results, errors in the text."""

x = 1
assert eval("x + 1") == 2 and eval("x", {"x": 5}) == 5 and eval("y", {}, {"y": 6}) == 6
space = {"start": 10}
exec("""
total = start
for i in range(3):
    total += i
def double(n):
    return n * 2 + total
class K:
    value = double(1)
""", space)
assert space["total"] == 13 and space["double"](2) == 17 and space["K"].value == 15
local = {}
exec("a = 1\nb = a + 1", {}, local)
assert local == {"a": 1, "b": 2}
code = compile("n * n", "<made>", "eval")
assert [eval(code, {"n": n}) for n in range(4)] == [0, 1, 4, 9]
exec("x = 99")
assert x == 99


def inside():
    x = 5
    exec("x = 6")
    return x, eval("x * 2")


assert inside() == (5, 10)


def message(text, run=exec):
    try:
        run(text, {})
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message("1 +") == "SyntaxError: invalid syntax (<string>, line 1)"
assert message("if x\n  pass") == "SyntaxError: expected ':' (<string>, line 1)"
assert message("  x = 1") == "IndentationError: unexpected indent (<string>, line 1)"
assert message("if 1:\nx") == "IndentationError: expected an indented block after 'if' statement on line 1 (<string>, line 2)"
assert message("(1, 2") == "SyntaxError: '(' was never closed (<string>, line 1)"
assert message("f(1))") == "SyntaxError: unmatched ')' (<string>, line 1)"
assert message("x = 'abc") == "SyntaxError: unterminated string literal (detected at line 1) (<string>, line 1)"
assert message("return 5") == "SyntaxError: 'return' outside function (<string>, line 1)"
assert message("break") == "SyntaxError: 'break' outside loop (<string>, line 1)"
assert message("continue") == "SyntaxError: 'continue' not properly in loop (<string>, line 1)"
assert message("def f():\n  nonlocal q") == "SyntaxError: no binding for nonlocal 'q' found (<string>, line 2)"
assert message("def f(a, a): pass") == "SyntaxError: duplicate argument 'a' in function definition (<string>, line 1)"
assert message("f(a=1, 2)") == "SyntaxError: positional argument follows keyword argument (<string>, line 1)"
assert message("1 = x") == "SyntaxError: cannot assign to literal here. Maybe you meant '==' instead of '='? (<string>, line 1)"
assert message("f() = 1") == "SyntaxError: cannot assign to function call here. Maybe you meant '==' instead of '='? (<string>, line 1)"
assert message("None = 1") == "SyntaxError: cannot assign to None (<string>, line 1)"
assert message("x = 5", eval) == "SyntaxError: invalid syntax (<string>, line 1)"
assert message("print 'x'") == "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)? (<string>, line 1)"
assert message("x = yield") == "SyntaxError: 'yield' outside function (<string>, line 1)"
assert message("def f():\n global x\n x: int") == "SyntaxError: annotated name 'x' can't be global (<string>, line 3)"
assert message("undefined") == "NameError: name 'undefined' is not defined"
assert message("a b") == "SyntaxError: invalid syntax (<string>, line 1)"
assert message("if x = 1: pass") == "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='? (<string>, line 1)"
assert message("[1, 2") == "SyntaxError: '[' was never closed (<string>, line 1)"
assert message("f'{x'") == "SyntaxError: f-string: expecting '}' (<string>, line 1)"
assert message("x = 08") == "SyntaxError: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers (<string>, line 1)"
print(local, x, inside())
