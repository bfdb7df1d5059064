"""What a program says to be helped: `emulate` and `ask` leave a step to a model, `tools` acts.

The compiler turns `@emulate` functions and calls of `ask` into asks, and takes `@example`
and `@raises` off them; what stands here is what is left of the names at run time.
"""

import _emulant
from _failed import HoleError

AskError = _emulant.AskError
Refused = _emulant.Refused
AskFailed = _emulant.AskFailed
Abstained = _emulant.Abstained
ToolError = _emulant.ToolError

__all__ = ['Abstained', 'AskError', 'AskFailed', 'HoleError', 'Refused', 'ToolError', 'ask', 'auto', 'emulate', 'ensures', 'example',
           'raises', 'synthesize', 'tools']


def emulate(function=None, **options):
    """Marks a function without a body: a model answers its calls."""
    if function is not None:
        return function
    return emulate


def example(*args, returns=None, **kwargs):
    """`@example(arguments, returns=answer)` on a function that a model answers or writes: a solved call."""
    def decorate(function):
        # The compiler reads the examples of an `@emulate` function; what is written once reads them here.
        function.__examples__ = [(args, kwargs, returns), *getattr(function, '__examples__', ())]
        return function
    return decorate


def raises(*classes):
    """`@raises(LookupError)` on an `@emulate` function: exceptions that an answer may be."""
    raise TypeError('@raises stands on a function with @emulate')


def synthesize(function=None):
    """A function without a body that a model writes once; see `_synthesized.py` for what it must pass."""
    if function is None:
        return synthesize
    from _synthesized import written
    return written(function)


def auto(function=None, *, after=5):
    """Answered call by call, and written once `after` different calls are known."""
    if function is None:
        return lambda function: auto(function, after=after)
    from _synthesized import written
    return written(function, after)


def ensures(check, message=''):
    """`@ensures(check)`: each answer must pass; the check takes the answer, or the answer and the arguments.

    It runs in the machine under fuel and asks nobody. An answer that does not pass goes back with the reason;
    after the third the call raises HoleError.
    """
    def decorate(function):
        from _holes import checked
        return checked(function, check, message)
    return decorate


def __getattr__(name):
    # Loaded on first use: most programs emulate no tools and make none.
    if name in ('Emulated', 'Observation', 'rehearse'):
        import _emulated
        return getattr(_emulated, name)
    raise AttributeError(f"module 'emulant' has no attribute {name!r}")


class _Ask:
    """`ask(question)` and `ask[type](question)`: a model answers."""

    def __getitem__(self, type):
        return self

    def __call__(self, *args, **kwargs):
        raise TypeError('ask must be called by its own name')

    def __repr__(self):
        return '<ask>'


class _Tools:
    """The tools of this run, as attributes."""

    def __getattr__(self, name):
        return _emulant.tool(name)

    def __repr__(self):
        return '<tools>'


ask = _Ask()
tools = _Tools()
