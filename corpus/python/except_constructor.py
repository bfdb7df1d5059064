"""Exceptions: what their constructors take by name, what can be set and deleted, texts of errors of encodings."""


def message(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(NameError("m", name="n").name, AttributeError("m", name="a", obj=3).obj, ImportError("m", name="x", path="y").path)
error = ImportError("m", name="x")
error.__init__("again")
print(error.name, error.args)
try:
    from math import no_such_name
except ImportError as found:
    print(found.name, found.msg.startswith("cannot import name"))
for call in (
    lambda: ImportError(invalid=1), lambda: AttributeError("m", bad=1), lambda: ValueError(x=1), lambda: SyntaxError("m", ("f", 1, 2)),
    lambda: SyntaxError("m", ("f", 1, 2, "t", 1)), lambda: setattr(ValueError(), "args", 1), lambda: delattr(ValueError(), "args"),
    lambda: delattr(ValueError(), "__cause__"), lambda: setattr(ValueError(), "__traceback__", 1),
):
    print(message(call))
error = ValueError()
error.__notes__ = 1
print(message(lambda: error.add_note("n")))
error = UnicodeEncodeError("baz", "xxxxx", 1, 5, "foo")
print(error)
error.end = 2
print(error)
print(UnicodeTranslateError("a\u0100", 1, 2, "why"), UnicodeTranslateError("abc", 0, 2, "why").reason)
