"""ExceptionGroup and except*: splitting, what is left over, nesting."""

group = ExceptionGroup("several", [ValueError(1), KeyError("k"), ExceptionGroup("inner", [ValueError(2), OSError("o")])])
assert str(group) == "several (3 sub-exceptions)" and group.message == "several" and len(group.exceptions) == 3
matching, rest = group.split(ValueError)
assert repr(matching.exceptions) == "(ValueError(1), ExceptionGroup('inner', [ValueError(2)]))"
assert repr(rest.exceptions) == "(KeyError('k'), ExceptionGroup('inner', [OSError('o')]))"
assert group.subgroup(TypeError) is None and len(group.subgroup(lambda e: isinstance(e, KeyError)).exceptions) == 1
log = []
try:
    try:
        raise group
    except* ValueError as some:
        log.append(("value", len(some.exceptions)))
    except* KeyError as some:
        log.append(("key", repr(some.exceptions)))
except ExceptionGroup as left:
    log.append(("left", repr(left)))
else:
    raise AssertionError("no exception")
assert log == [
    ("value", 2),
    ("key", "(KeyError('k'),)"),
    ("left", "ExceptionGroup('several', [ExceptionGroup('inner', [OSError('o')])])"),
]
try:
    raise ValueError("plain")
except* ValueError as wrapped:
    assert repr(wrapped) == "ExceptionGroup('', (ValueError('plain'),))"


def message(call):
    try:
        call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


assert message(lambda: ExceptionGroup("x", [])) == "ValueError: second argument (exceptions) must be a non-empty sequence"
assert message(lambda: ExceptionGroup("x", [1])) == "ValueError: Item 0 of second argument (exceptions) is not an exception"
assert message(lambda: ExceptionGroup("x", [KeyboardInterrupt()])) == (
    "TypeError: Cannot nest BaseExceptions in an ExceptionGroup"
)
assert type(BaseExceptionGroup("x", [ValueError()])) is ExceptionGroup
print(log)
