"""textwrap and pprint: layout of text and of data."""

import pprint
import textwrap

text = "The quick brown fox jumps over the lazy dog and runs away from the hounds."
print(textwrap.fill(text, 30))
print(textwrap.wrap(text, 20)[:2], textwrap.shorten(text, 25), textwrap.shorten(text, 25, placeholder="..."))
print(textwrap.dedent("""\
    first
      second
    third
"""), end="")
print(textwrap.indent("a\n\nb", "> "), textwrap.fill("one two three", 9, initial_indent="* ", subsequent_indent="  "), sep="\n")
pprint.pprint({"b": [1, 2], "a": {"x": None}})
pprint.pprint({"key": list(range(30)), "other": "text " * 10}, width=50)
pprint.pprint([["nested", ["list"] * 3]] * 3, width=30)
print(pprint.pformat((1,)), pprint.pformat("a" * 5), pprint.pformat({1, 3, 2}))
