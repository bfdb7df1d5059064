"""Frames as objects: of a call in progress, or of one that an exception passed."""

import builtins
from _emulant import frame_rows


class code:
    """Code that no function object stands for any more."""

    def __init__(self, row):
        self.co_filename, _, self.co_name, self.co_qualname, self.co_firstlineno = row[:5]

    def __repr__(self):
        return f'<code object {self.co_name} at {id(self):#x}, file "{self.co_filename}", line {self.co_firstlineno}>'


class frame:
    """A call, as it was when it was looked at. What is not known any more is missing."""

    def __init__(self, row, code):
        self.f_code = code
        self.f_lineno = row[1]
        self.f_back = None
        self.f_lasti = 0
        self.f_trace = None

    def clear(self):
        return None

    def __repr__(self):
        code = self.f_code
        return f'<frame at {id(self):#x}, file {code.co_filename!r}, line {self.f_lineno}, code {code.co_name}>'


code.__module__ = frame.__module__ = 'builtins'


def passed(row):
    return frame(row, code(row))


def live():
    """The calls in progress, the innermost first."""
    frames = []
    for row, globals, locals, function in frame_rows():
        one = frame(row, function.__code__ if function is not None else code(row))
        one.f_globals = globals
        one.f_locals = locals
        one.f_builtins = builtins.__dict__
        if frames:
            frames[-1].f_back = one
        frames.append(one)
    return frames
