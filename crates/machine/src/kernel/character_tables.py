"""Writes `character_tables.rs`, what `unicodedata` knows of each character, from the Python that runs it.

    python3.12 character_tables.py > character_tables.rs
"""

import sys
import unicodedata

ALL = range(0x110000)


def runs(function, default):
    found = []
    for code in ALL:
        value = function(chr(code))
        if value == default:
            continue
        if found and found[-1][1] == code - 1 and found[-1][2] == value:
            found[-1][1] = code
        else:
            found.append([code, code, value])
    return found


def shown(value):
    return f'"{value}"' if isinstance(value, str) else str(value)


def print_runs(name, doc, kind, function, default):
    table = runs(function, default)
    print(f"\n/// {doc}; all others: {shown(default)}.")
    print(f"pub(super) const {name}: [(u32, u32, {kind}); {len(table)}] = [")
    for start in range(0, len(table), 6):
        print("    " + ", ".join(f"({a:#x}, {b:#x}, {shown(c)})" for a, b, c in table[start : start + 6]) + ",")
    print("];")


def print_each(name, doc, kind, rows):
    print(f"\n/// {doc}.")
    print(f"pub(super) const {name}: [(u32, {kind}); {len(rows)}] = [")
    for start in range(0, len(rows), 6):
        print("    " + ", ".join(f"({a:#x}, {shown(b)})" for a, b in rows[start : start + 6]) + ",")
    print("];")


def number(value):
    return repr(float(value))


assert sys.version_info[:2] == (3, 12), "the tables follow CPython 3.12"
print("//! What `unicodedata` of CPython 3.12 knows of each character: data only, read by `character`.")
print("//! Written by `character_tables.py`; change that, not this.")
print_runs("CATEGORY", "General category", "&str", unicodedata.category, "Cn")
print_runs("BIDIRECTIONAL", "Class in text of two directions", "&str", unicodedata.bidirectional, "")
print_runs("COMBINING", "Combining class", "u8", unicodedata.combining, 0)
print_runs("MIRRORED", "Mirrored in text from right to left", "u8", unicodedata.mirrored, 0)
print_runs("WIDTH", "Width in East Asian text", "&str", unicodedata.east_asian_width, "N")
print_each(
    "DECOMPOSITION", "Decomposition", "&str",
    [(code, unicodedata.decomposition(chr(code))) for code in ALL if unicodedata.decomposition(chr(code))],
)
print_each(
    "NUMERIC", "Numeric value", "f64",
    [(code, unicodedata.numeric(chr(code))) for code in ALL if unicodedata.numeric(chr(code), None) is not None],
)
print_each(
    "DIGIT", "Value as a digit, where it is no decimal", "u8",
    [
        (code, unicodedata.digit(chr(code)))
        for code in ALL
        if unicodedata.digit(chr(code), None) is not None and unicodedata.decimal(chr(code), None) is None
    ],
)
