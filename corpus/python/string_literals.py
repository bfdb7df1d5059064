"""String literals: prefixes, escapes, raw, triple, concatenation, bytes."""

print("a\tb\\n\x41\u00e9\U0001F600\101\0end".replace("\0", "<nul>"))
print(r"raw \n \x", R'also', b"\x00\xff\\", rb"\x", "", 'single "double"', "it's", """triple "quoted" text""", '''other''')
print("one " "two " 'three', ("wrapped "
      "lines"), "continued \
here", len("\
"))
print("""first
second\
 joined
  indented""")
print(len("\n"), len(r"\n"), "\a\b\f\v".encode(), "\N{GREEK SMALL LETTER PI}", "tab	inside", u"unicode prefix")
assert "\x61" == "a" == "\u0061" == "\141" and b"\x61" == b"a" and "\"" == '"' and "a" "b" == "ab"
assert len("é") == 1 and len("é".encode()) == 2 and "\r\n" == chr(13) + chr(10) and "\u00e9" == "é"
assert f"{'x'}" "y" r"\z" == "xy\\z" and rb"\d" == b"\\d" and ("x" "y", "z") == ("xy", "z")
