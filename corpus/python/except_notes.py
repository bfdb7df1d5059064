"""add_note and __notes__, and how format_exception shows them."""

import traceback

error = ValueError("base")
error.add_note("first note")
error.add_note("second\nnote")
assert error.__notes__ == ["first note", "second\nnote"] and str(error) == "base"
try:
    error.add_note(5)
except TypeError as wrong:
    assert str(wrong) == "note must be a str, not 'int'"
else:
    raise AssertionError("no exception")
assert traceback.format_exception_only(error) == ["ValueError: base\n", "first note\n", "second\n", "note\n"]
assert not hasattr(ValueError(), "__notes__")
try:
    raise error
except ValueError as caught:
    caught.add_note("third")
assert len(error.__notes__) == 3
print("".join(traceback.format_exception_only(error)), end="")
