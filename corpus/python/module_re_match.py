"""re: match, search, fullmatch, groups, spans, flags, lookaround, backreferences."""

import re

m = re.search(r"(?P<year>\d{4})-(\d\d)", "on 2024-05-06")
print(m, m.group(), m.group(1), m["year"], m.groups(), m.groupdict(), m.span(), m.start(2), m.end("year"), m[0], m.lastindex, m.lastgroup, m.re.pattern)
print(re.match("a", "ba"), re.fullmatch("a+", "aaa"), re.match("", "x").span(), re.search("b", "abc").string, bool(re.search("z", "a")))
print(re.findall(r"\w+", "the cat, sat"), re.findall(r"(\w)(\d)", "a1 b2"), re.findall(r"(a)|b", "ab"), re.findall("", "ab"), re.findall(r"x*", "axxb"))
print([x.span() for x in re.finditer(r"a|(?=b)", "aab")], re.findall(r"(?<=\$)\d+", "$5 6 $77"), re.findall(r"(?<!\d)\d\b", "12 3"), re.findall(r"(\w)\1", "aabbc"))
print(re.findall(r"(?i)abc", "ABC abc"), re.findall(r"^\w", "a\nb", re.M), re.findall(r"a.b", "a\nb axb", re.S), re.findall(r"""a  # comment
   b""", "ab", re.X), re.search(r"(?P<q>['\"]).*?(?P=q)", "say 'hi \"x'").group())
print(re.match(r"(a)?(b)?c", "bc").groups(), re.match(r"(a)?c", "c").groups("none"), re.match(r"(?:ab)+", "ababa").end(), re.findall(r"a{2,3}?", "aaaaa"), re.findall("a{,2}", "aaa"))
print(re.findall(r"[^\W\d_]+", "abc_1 é2"), re.findall(r"[a-c\-\]]", "a-]d"), re.findall(r"\bfoo\b", "foo food"), re.findall(r"\s", "a b\tc"), re.findall(r"(?a)\w", "aé"))
p = re.compile(r"(\d+)([a-z])?", re.I)
print(p, p.groups, p.groupindex, p.flags & re.I != 0, p.match("12X").expand(r"\2-\1"), p.search("x9", 1).pos, p.match("a1", 1).group())
print(re.search(r"(?>a+)b", "aaab").group(), re.search(r"a++b", "aab").group(), re.search(r"(?(1)a|b)|(c)", "b").group(), re.escape("a.b*c d-e"))


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: re.compile("(")) == "error: missing ), unterminated subpattern at position 0"
assert message(lambda: re.compile("a)")) == "error: unbalanced parenthesis at position 1"
assert message(lambda: re.compile("*a")) == "error: nothing to repeat at position 0"
assert message(lambda: re.compile("[a")) == "error: unterminated character set at position 0"
assert message(lambda: re.compile(r"\1")) == "error: invalid group reference 1 at position 1"
assert message(lambda: re.compile("a**")) == "error: multiple repeat at position 2"
assert message(lambda: re.compile("[z-a]")) == "error: bad character range z-a at position 1"
assert message(lambda: re.compile(r"(?<=a+)b")) == "error: look-behind requires fixed-width pattern"
assert message(lambda: m.group(9)) == "IndexError: no such group" and message(lambda: m["zz"]) == "IndexError: no such group"
assert message(lambda: re.match("a", 5)) == "TypeError: expected string or bytes-like object, got 'int'"
assert message(lambda: re.match("a", b"a")) == "TypeError: cannot use a string pattern on a bytes-like object"
assert re.error.__name__ == "error" and isinstance(m, re.Match) and isinstance(p, re.Pattern)
