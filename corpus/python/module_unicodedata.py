"""unicodedata: facts about characters, names and normal forms."""
import unicodedata as u

for c in "Aé½²Ⅷ٣あ한𝄞\n \u0301(\u202e中":
    print(ascii(c), u.category(c), u.bidirectional(c), u.combining(c), u.mirrored(c), u.east_asian_width(c), repr(u.decomposition(c)), u.numeric(c, None), u.digit(c, None), u.decimal(c, None), u.name(c, "none"))
print(u.lookup("SNOWMAN"), u.lookup("latin small letter e with acute"), u.lookup("HANGUL SYLLABLE GAG"), u.lookup("CJK UNIFIED IDEOGRAPH-4E2D"), ascii(u.lookup("LINE FEED")), u.unidata_version)
for form in ("NFC", "NFD", "NFKC", "NFKD"):
    print(form, [ascii(u.normalize(form, text)) for text in ("é", "e\u0301", "ﬁ①", "한글", "\u212b", "a\u0323\u0307", "ﷺ", "\u0344")], u.is_normalized(form, "é"))
print("".join(c for c in u.normalize("NFD", "Crème Brûlée") if not u.combining(c)))
for action in (lambda: u.name("\n"), lambda: u.lookup("NO SUCH"), lambda: u.numeric("a"), lambda: u.digit("½"), lambda: u.decimal("²"), lambda: u.category("ab"), lambda: u.category(1), lambda: u.normalize("NFX", "a"), lambda: u.normalize("NFC", 1), lambda: u.name("")):
    try:
        print(action())
    except (ValueError, KeyError, TypeError) as error:
        print(type(error).__name__, error)
