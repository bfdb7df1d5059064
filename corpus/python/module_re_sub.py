"""re: sub, subn, split: templates, functions, counts, empty matches."""

import re

print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub("a", "b", "aaa", count=2), re.subn("a", "b", "banana"))
print(re.sub(r"\d+", lambda m: str(int(m.group()) * 2), "a1b22"), re.sub("x*", "-", "abxd"), re.sub("", "-", "ab"), re.sub("b|", "-", "abc"))
print(re.sub(r"(?P<a>x)(y)?", r"[\g<a>\g<2>\g<0>]", "xy x"), re.sub(r"(a)", r"\1_\1", "a"), re.sub("a", r"\n\t\\", "a"), re.sub(r"(\d)", r"\g<1>0", "5"))
print(re.split(r"[,;]\s*", "a, b;c"), re.split(r"(-)", "a-b-c"), re.split("x", "axbxc", maxsplit=1), re.split(r"\b", "hi you"), re.split(r"(a)|b", "1a2b3"), re.split("", "ab"))
print(re.sub(r"^", "> ", "a\nb", flags=re.M), re.sub(r"\s+", " ", "  a \n b  ").strip(), re.sub(r"([A-Z])", r"_\1", "camelCaseName").lower(), re.sub(".", "", "a\nb"))
print(re.compile("o").sub("0", "foo", 1), re.sub(b"a", b"b", b"aa"), re.sub("(?i)A", "z", "aA"), re.purge())


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: re.sub("a", r"\1", "a")) == "error: invalid group reference 1 at position 1"
assert message(lambda: re.sub("a", r"\g<x>", "a")) == "IndexError: unknown group name 'x'"
assert message(lambda: re.sub("a", r"\q", "a")) == "error: bad escape \\q at position 0"
assert message(lambda: re.sub("a", 5, "a")) == "TypeError: decoding to str: need a bytes-like object, int found"
assert message(lambda: re.sub("a", lambda m: 5, "a")) == "TypeError: sequence item 0: expected str instance, int found"
