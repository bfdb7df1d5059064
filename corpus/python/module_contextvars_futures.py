"""contextvars, concurrent.futures, atexit and importlib."""
import atexit
import contextvars
import importlib
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait

var = contextvars.ContextVar("var", default=5)
other = contextvars.ContextVar("other")
print(var.get(), var.name, other.get("none"), repr(other)[:24])
token = var.set(6)
context = contextvars.copy_context()
print(var.get(), context[var], token.old_value is contextvars.Token.MISSING, token.var is var, len(context), var in context)
def change():
    var.set(7)
    return var.get()
print(context.run(change), var.get(), context[var], sorted(v.name for v in context))
var.reset(token)
print(var.get())
for action in (lambda: other.get(), lambda: var.reset(token), lambda: context["x"], lambda: contextvars.ContextVar(1)):
    try:
        action()
    except (LookupError, RuntimeError, TypeError) as error:
        print(type(error).__name__)
with ThreadPoolExecutor(max_workers=3) as pool:
    futures = [pool.submit(pow, n, 2) for n in range(5)]
    print([f.result() for f in futures], list(pool.map(lambda a, b: a + b, [1, 2], [3, 4])))
    bad = pool.submit(int, "x")
    print(repr(bad.exception()), bad.done(), bad.cancelled())
    try:
        bad.result()
    except ValueError as error:
        print(error)
print(sorted(f.result() for f in as_completed(futures)), len(wait(futures).done))
future = Future()
future.add_done_callback(lambda f: print("called", f.result()))
future.set_result(1)
try:
    pool.submit(print)
except RuntimeError as error:
    print(error)
print(importlib.import_module("collections.abc").__name__, importlib.import_module("json") is __import__("json"))
atexit.register(print, "first in, last out")
atexit.register(print, "last", "in", sep="-")

@atexit.register
def bye():
    print("bye")
atexit.unregister(bye)
