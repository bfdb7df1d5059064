"""ast.literal_eval: values as Python writes them."""
import ast

for text in ("1", " -1.5", "1_000", "0x1f", "1+2j", "-3-4j", "'a' \"b\" '''c\n'''", r"'\n\x41\u00e9\N{BULLET}'", r"r'\d'", "b'\\xff'", "[1, 'x', None]", "(1,)", "()", "{}", "{'a': (1, [2]), 'b': {3, 4}}", "set()", "True", "...", "\t[\n1,\n# c\n2]", "{1: 2,}", "1,2"):
    print(repr(text), repr(ast.literal_eval(text)))
for text in ("a", "f(1)", "1 + 1", "[1, x]", "__import__('os')", "1 if True else 2", "f'a'", "-'a'", "1j+1", "{1: f()}", "lambda: 0", "not True"):
    try:
        print(ast.literal_eval(text))
    except ValueError as error:
        print(repr(text), str(error).split(" object")[0].split(": <")[0])
for text in ("", "[1,", "1 2", "01", "'abc", "{1:}", "$"):
    try:
        print(ast.literal_eval(text))
    except SyntaxError as error:
        print(repr(text), error.msg)
try:
    ast.literal_eval("{[]: 1}")
except TypeError as error:
    print(error)
