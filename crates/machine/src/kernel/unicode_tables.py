"""Writes `unicode_tables.rs` from the tables of the Python that runs it.

Run it with CPython 3.12, so that the machine follows Unicode 15.0 as CPython
3.12 does, whatever Rust's own tables say:

    python3.12 unicode_tables.py > unicode_tables.rs
"""

import sys
import unicodedata
from re import _casefix

import _sre

ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def is_cased(letter):
    return (letter + "a").title().endswith("a")


def is_ignorable(letter):
    # A final sigma appears behind what is cased, with what is ignorable skipped first.
    final_behind_letter = (letter + "\u03a3").lower().endswith("\u03c2")
    return ("A" + letter + "\u03a3").lower().endswith("\u03c2") and not final_behind_letter


def runs(predicate):
    found = []
    for letter in ALL:
        if predicate(letter):
            code = ord(letter)
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return found


def print_ranges(name, doc, predicate):
    table = runs(predicate)
    print(f"\n/// {doc}")
    print(f"pub(super) const {name}: [(u32, u32); {len(table)}] = [")
    for start in range(0, len(table), 6):
        row = ", ".join(f"({low:#x}, {high:#x})" for low, high in table[start : start + 6])
        print(f"    {row},")
    print("];")


def print_decimals():
    starts = [ord(letter) for letter in ALL if unicodedata.decimal(letter, None) == 0]
    for start in starts:
        assert [unicodedata.decimal(chr(start + value)) for value in range(10)] == list(range(10))
    print("\n/// Code points of the zeros of all decimal digits; the nine others follow each.")
    print(f"pub(super) const DECIMAL_ZEROS: [u32; {len(starts)}] = [")
    for start in range(0, len(starts), 8):
        print("    " + ", ".join(f"{code:#x}" for code in starts[start : start + 8]) + ",")
    print("];")


def unlike(mapping, plain):
    """A mapping that says nothing where `plain` already says the same."""
    return lambda letter: None if mapping(letter) == plain(letter) else mapping(letter)


def print_mapping(name, doc, mapping):
    """One-to-one changes as (first, last, step, shift); longer ones as text."""
    simple, long = [], []
    for letter in ALL:
        mapped = mapping(letter)
        if mapped is None:
            continue
        if len(mapped) != 1:
            long.append((ord(letter), mapped))
            continue
        code, shift = ord(letter), ord(mapped) - ord(letter)
        if simple:
            first, last, step, old_shift = simple[-1]
            gap = code - last
            if shift == old_shift and (gap == step or (first == last and gap <= 2)):
                simple[-1] = (first, code, gap, shift)
                continue
        simple.append((code, code, 1, shift))
    print(f"\n/// {doc}, one to one: first, last, step, shift.")
    print(f"pub(super) const {name}: [(u32, u32, u32, i32); {len(simple)}] = [")
    for start in range(0, len(simple), 4):
        row = ", ".join(f"({a:#x}, {b:#x}, {c}, {d})" for a, b, c, d in simple[start : start + 4])
        print(f"    {row},")
    print("];")
    print(f"\n/// {doc}, one to many.")
    print(f"pub(super) const {name}_LONG: [(u32, &str); {len(long)}] = [")
    for code, mapped in long:
        text = "".join(f"\\u{{{ord(part):x}}}" for part in mapped)
        print(f'    ({code:#x}, "{text}"),')
    print("];")


def print_same_case():
    table = sorted(_casefix._EXTRA_CASES.items())
    print("\n/// Letters that a case-blind pattern matches beside the lower case of what it names.")
    print(f"pub(super) const EXTRA_CASES: [(u32, &[u32]); {len(table)}] = [")
    for code, others in table:
        print(f"    ({code:#x}, &[{', '.join(f'{other:#x}' for other in others)}]),")
    print("];")


assert sys.version_info[:2] == (3, 12), "the tables follow CPython 3.12"
print("//! Unicode tables of CPython 3.12: data only, read by `unicode`.")
print("//! Written by `unicode_tables.py`; change that, not this.")
print()
print("/// The version of Unicode that the tables follow.")
print(f'pub(super) const VERSION: &str = "{unicodedata.unidata_version}";')
print_ranges("ALPHA", "Letters (`str.isalpha`).", str.isalpha)
print_ranges("NUMERIC", "What `str.isnumeric` accepts.", str.isnumeric)
print_ranges("DIGIT", "What `str.isdigit` accepts.", str.isdigit)
print_decimals()
print_ranges("SPACE", "What `str.isspace` accepts.", str.isspace)
print_ranges("PRINTABLE", "What `repr` shows unescaped.", str.isprintable)
print_ranges("UPPER", "Upper-case letters.", str.isupper)
print_ranges("LOWER", "Lower-case letters.", str.islower)
print_ranges("TITLE", "Title-case letters.", lambda letter: unicodedata.category(letter) == "Lt")
print_ranges("CASED", "Letters that have a case.", is_cased)
print_ranges("CASE_IGNORABLE", "What is skipped in the search for a cased letter.", is_ignorable)
print_ranges("IDENTIFIER_START", "What an identifier may begin with.", str.isidentifier)
print_ranges(
    "IDENTIFIER_CONTINUE", "What an identifier may go on with.", lambda letter: ("a" + letter).isidentifier()
)
print_ranges(
    "PATTERN_CASED",
    "What a pattern that ignores case compares in lower case.",
    lambda letter: _sre.unicode_iscased(ord(letter)),
)
print_mapping("TO_UPPER", "Upper case", unlike(str.upper, str))
# A lone capital sigma is not final, so that the plain lower case comes out.
print_mapping("TO_LOWER", "Lower case", unlike(str.lower, str))
print_mapping("TO_TITLE", "Title case where it is not the upper case", unlike(str.title, str.upper))
print_mapping("TO_FOLD", "Folded case where it is not the lower case", unlike(str.casefold, str.lower))
print_mapping(
    "TO_LOWER_PATTERN",
    "Lower case in patterns where it is not the lower case of text",
    unlike(lambda letter: chr(_sre.unicode_tolower(ord(letter))), str.lower),
)
print_same_case()
