"""String methods that look: find, index, count, startswith, split, partition, is*."""

s = "the cat sat on the mat"
assert s.find("at") == 5 and s.rfind("at") == 20 and s.find("dog") == -1 and s.find("the", 1) == 15 and s.find("the", 1, 10) == -1 and s.find("") == 0
assert s.index("cat") == 4 and s.rindex("the") == 15 and s.count("at") == 3 and s.count("") == len(s) + 1 and "aaa".count("aa") == 1
assert s.startswith("the") and s.startswith(("x", "th")) and s.startswith("cat", 4) and s.endswith("mat") and not s.endswith("mat", 0, 5)
assert s.split() == ["the", "cat", "sat", "on", "the", "mat"] and s.split(" ", 2) == ["the", "cat", "sat on the mat"]
assert s.rsplit(" ", 1) == ["the cat sat on the", "mat"] and " a  b ".split() == ["a", "b"] and " a  b ".split(" ") == ["", "a", "", "b", ""]
assert "".split() == [] and "".split(",") == [""] and "a,b,".split(",") == ["a", "b", ""] and " x y ".split(None, 1) == ["x", "y "]
assert s.partition(" cat ") == ("the", " cat ", "sat on the mat") and s.rpartition(" ") == ("the cat sat on the", " ", "mat")
assert "abc".partition("x") == ("abc", "", "") and "abc".rpartition("x") == ("", "", "abc")
assert "a\nb\r\nc\x0bd\u2028e".splitlines() == ["a", "b", "c", "d", "e"] and "a\n\nb\n".splitlines(True) == ["a\n", "\n", "b\n"] and "".splitlines() == []
checks = ["isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isspace", "islower", "isupper", "istitle", "isidentifier", "isascii", "isprintable"]
for text in ["abc", "ABC", "Abc Def", "123", "12a", "", " \t", "½", "²", "é", "a_1", "1a", "x\n", "Ⅷ", "日本"]:
    print(repr(text), [name for name in checks if getattr(text, name)()])


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: s.index("dog")) == "ValueError: substring not found"
assert message(lambda: s.find(1)) == "TypeError: must be str, not int"
assert message(lambda: s.startswith(1)) == "TypeError: startswith first arg must be str or a tuple of str, not int"
assert message(lambda: s.startswith(["a"])) == "TypeError: startswith first arg must be str or a tuple of str, not list"
assert message(lambda: s.split(1)) == "TypeError: must be str or None, not int"
assert message(lambda: s.split("")) == "ValueError: empty separator" and message(lambda: s.partition("")) == "ValueError: empty separator"
assert message(lambda: 1 in "abc") == "TypeError: 'in <string>' requires string as left operand, not int"
assert message(lambda: s.count()) == "TypeError: count() takes at least 1 argument (0 given)"
