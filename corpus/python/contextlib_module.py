"""contextlib: contextmanager, suppress, ExitStack, closing, nullcontext, redirect_stdout."""

import io
from contextlib import ExitStack, closing, contextmanager, nullcontext, redirect_stdout, suppress

log = []


@contextmanager
def tag(name):
    log.append(f"<{name}>")
    try:
        yield name.upper()
    except ValueError as error:
        log.append(f"swallowed {error}")
    finally:
        log.append(f"</{name}>")


with tag("b") as text:
    log.append(text)
with tag("i"):
    raise ValueError("v")
try:
    with tag("u"):
        raise KeyError("through")
except KeyError:
    pass
assert log == ["<b>", "B", "</b>", "<i>", "swallowed v", "</i>", "<u>", "</u>"]
with suppress(KeyError, IndexError):
    [][0]
with ExitStack() as stack:
    names = [stack.enter_context(tag(n)) for n in "xy"]
    stack.callback(log.append, "callback")
assert names == ["X", "Y"] and log[-3:] == ["callback", "</y>", "</x>"]


class Thing:
    def close(self):
        log.append("closed")


with closing(Thing()) as thing:
    pass
assert log[-1] == "closed"
with nullcontext(5) as five:
    assert five == 5
buffer = io.StringIO()
with redirect_stdout(buffer):
    print("inside")
assert buffer.getvalue() == "inside\n"


@contextmanager
def twice():
    yield 1
    yield 2


@contextmanager
def never():
    if False:
        yield


def message(manager):
    try:
        with manager:
            pass
    except RuntimeError as error:
        return str(error)


assert message(twice()) == "generator didn't stop" and message(never()) == "generator didn't yield"


@tag("deco")
def decorated():
    log.append("body")


decorated()
assert log[-3:] == ["<deco>", "body", "</deco>"]
print(log)
