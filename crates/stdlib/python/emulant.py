"""What a program says to be helped: `emulate` and `ask` leave a step to a model, `tools` acts.

The compiler turns `@emulate` functions and calls of `ask` into asks; what stands here is
what is left of the names at run time.
"""

import _emulant

AskError = _emulant.AskError
Refused = _emulant.Refused
AskFailed = _emulant.AskFailed
Abstained = _emulant.Abstained
ToolError = _emulant.ToolError

__all__ = ['Abstained', 'AskError', 'AskFailed', 'Refused', 'ToolError', 'ask', 'emulate', 'tools']


def emulate(function=None, **options):
    """Marks a function without a body: a model answers its calls."""
    if function is not None:
        return function
    return emulate


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
