"""Notes follow the message, also those of several lines."""

error = ValueError("bad value")
error.add_note("seen in row 3")
error.add_note("first line\nsecond line")
raise error
