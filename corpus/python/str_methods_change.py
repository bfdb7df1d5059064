"""String methods that make new strings: case, strip, replace, justify, translate."""

s = "Hello, World"
assert s.upper() == "HELLO, WORLD" and s.lower() == "hello, world" and s.swapcase() == "hELLO, wORLD" and "ab cd'ef 1gh".title() == "Ab Cd'Ef 1Gh"
assert "hELLO wORLD".capitalize() == "Hello world" and "Straße".casefold() == "strasse" and "ß".upper() == "SS" and "ǆ".title() == "ǅ"
assert "  x ".strip() == "x" and "  x ".lstrip() == "x " and "  x ".rstrip() == "  x" and "xxaxyx".strip("xy") == "a" and "abcba".lstrip("ab") == "cba"
assert s.replace("l", "L") == "HeLLo, WorLd" and s.replace("l", "", 2) == "Heo, World" and "ab".replace("", "-") == "-a-b-" and "aaa".replace("aa", "b") == "ba"
assert "ab".center(7, "*") == "***ab**" and "abc".center(6) == " abc  " and "ab".ljust(4, ".") == "ab.." and "ab".rjust(4) == "  ab" and "-5".zfill(5) == "-0005" and "+x".zfill(4) == "+00x"
assert "a\tb\tc".expandtabs(4) == "a   b   c" and "prefix-x".removeprefix("prefix-") == "x" and "x.py".removesuffix(".py") == "x" and "x".removesuffix("") == "x"
assert ",".join(["a", "b"]) == "a,b" and "".join([]) == "" and "-".join("abc") == "a-b-c" and ", ".join({"k": 1, "l": 2}) == "k, l"
table = str.maketrans({"a": "1", "b": None, ord("c"): "see"})
assert "abcd".translate(table) == "1seed" and "hello".translate(str.maketrans("el", "ip", "o")) == "hipp" and str.maketrans("ab", "xy") == {97: 120, 98: 121}
assert "ab" + "cd" == "abcd" and "ab" * 3 == "ababab" and 2 * "x" == "xx" and "ab" * 0 == "" and "abc" < "abd" < "b" and "Z" < "a" and "" < "a"
assert "abc"[1] == "b" and [c for c in "ab"] == ["a", "b"] and max("hello") == "o" and sorted("cab") == ["a", "b", "c"] and list(reversed("ab")) == ["b", "a"]
assert chr(8364) == "€" and ord("€") == 8364 and len("😀") == 1 and "😀"[0] == "😀" and "é".encode() == b"\xc3\xa9" and len("e\u0301") == 2
print(repr("it's"), repr('say "hi"'), repr("both ' and \""), repr("tab\t nl\n nul\0 bell\x07 del\x7f"), repr("é ü 日 😀 \u200b \xa0 \u2028"[:10]))
print(ascii("é日😀"), repr("\\"), str("x"), repr(""), "a\
b", "\N{BULLET}", "\u00e9\x41\101")


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: "a".center(5, "xy")) == "TypeError: The fill character must be exactly one character long"
assert message(lambda: ",".join([1])) == "TypeError: sequence item 0: expected str instance, int found"
assert message(lambda: "a".replace("b")) == "TypeError: replace expected at least 2 arguments, got 1"
assert message(lambda: str.maketrans("a", "bc")) == "ValueError: the first two maketrans arguments must have equal length"
assert message(lambda: "a".strip(1)) == "TypeError: strip arg must be None or str"
assert message(lambda: "a" - "b") == "TypeError: unsupported operand type(s) for -: 'str' and 'str'"
assert message(lambda: 1 + "a") == "TypeError: unsupported operand type(s) for +: 'int' and 'str'"
assert message(lambda: chr(1114112)) == "ValueError: chr() arg not in range(0x110000)"
assert message(lambda: "abc".foo) == "AttributeError: 'str' object has no attribute 'foo'"
