"""string: constants, Template, capwords, Formatter."""

import string

print(string.ascii_lowercase, string.ascii_uppercase, string.digits, string.hexdigits, string.octdigits, repr(string.whitespace), string.punctuation, len(string.printable), string.ascii_letters[:3])
t = string.Template("$who likes ${what}s for $$5")
print(t.substitute(who="Ann", what="tea"), t.safe_substitute(who="Bo"), string.capwords("the  quick fox"), string.capwords("a-b-c", "-"), t.template)


class Shout(string.Formatter):
    def format_field(self, value, spec):
        return super().format_field(value, spec).upper()


print(Shout().format("{} and {x:>4}", "one", x="b"), string.Formatter().vformat("{0}", ("z",), {}))
for call, kind, text in [
    (lambda: t.substitute(who="x"), KeyError, "'what'"),
    (lambda: string.Template("$ x").substitute(), ValueError, "Invalid placeholder in string: line 1, col 1"),
]:
    try:
        call()
    except kind as error:
        assert str(error) == text, str(error)
    else:
        raise AssertionError("no exception")
