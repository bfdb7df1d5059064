"""int() and float() of text: spaces, signs, underscores, bases, other digits."""

for text in ["5", " 5 ", "+5", "-5", "- 5", "5.0", "1_0", "_1", "1_", "0x1f", "0b1", "", " ", "٣", "1e3", "५५", "--1", "5a", "\t7\n", "०"]:
    try:
        i = int(text)
    except ValueError as error:
        i = str(error)
    try:
        f = float(text)
    except ValueError as error:
        f = str(error)
    print(repr(text), i, f)
for text, base in [("ff", 16), ("0xff", 16), ("0b11", 2), ("11", 2), ("0o17", 0), ("017", 0), ("z", 36), ("12", 2), ("1", 1), ("0", 0), ("0x", 16), ("-0xA", 16)]:
    try:
        print(text, base, int(text, base))
    except ValueError as error:
        print(text, base, error)
for text in ["inf", "-Infinity", "nan", "NaN", "infinit", "1e400", "-1e-400", "1.e5", ".5e-3", "1e", "e5", "0x1p3", "1__0.0", "1_0.0_1"]:
    try:
        print(text, float(text))
    except ValueError as error:
        print(text, error)
