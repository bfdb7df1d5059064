"""The format mini-language: fill, align, sign, width, grouping, types."""

cases = [
    (42, ["d", "5d", "<5d", "^5d", "05d", "+d", " d", "x", "#X", "#b", "o", "#o", "c", "e", ".1f", "n", "*^9d", "=+6d", ",d", "_b"]),
    (-42, ["d", "06d", "=6d", "x", "#06x", "+d", "(^7d"]),
    (1234567890, [",", "_", "15,d", "_x", "#_x", "e", ".3g", "%"]),
    (3.14159, ["", "f", ".2f", "8.3f", "+.1e", "g", ".3g", "E", "G", "%", ".1%", "010.2f", "<10.2f|", "n", ".0f", "#.0f"]),
    (0.5, [".0f", ".0%", "g"]),
    (1e16, ["", "g", ",", "f", ".3e"]),
    (1.0, ["", "g", ".1g", "#g", "f"]),
    (float("inf"), ["", "f", "08f", "+", "e"]),
    (float("nan"), ["", "f", "6.1f"]),
    (-0.0, ["", "f", "+", ".0f", "z.1f"]),
    ("text", ["", "10", ">10", "^10", ".2", "*<8.3", "s"]),
    (True, ["", "d", "5", "x"]),
    (1 + 2j, ["", ".1f", ">12"]),
]
lines = []
for value, specs in cases:
    for spec in specs:
        try:
            lines.append(f"{value!r}:{spec} -> {format(value, spec)!r}")
        except ValueError as error:
            lines.append(f"{value!r}:{spec} -> {error}")
assert format(42, "*^9d") == "***42****" and format(-42, "#06x") == "-0x02a" and format(1234567890, "_x") == "4996_02d2"
assert format(3.14159, "010.2f") == "0000003.14" and format("text", "*<8.3") == "tex*****" and format(0.5, ".0f") == "0"


def message(value, spec):
    try:
        format(value, spec)
    except ValueError as error:
        return str(error)


assert message(5, "s") == "Unknown format code 's' for object of type 'int'"
assert message(5.0, "d") == "Unknown format code 'd' for object of type 'float'"
assert message("a", "+") == "Sign not allowed in string format specifier"
assert message("a", "=5") == "'=' alignment not allowed in string format specifier"
assert message("a", ",") == "Cannot specify ',' with 's'."
assert message(5, "+c") == "Sign not allowed with integer format specifier 'c'"
assert message(5, ",x") == "Cannot specify ',' with 'x'."
assert message(5, ".") == "Format specifier missing precision"
print("\n".join(lines))
