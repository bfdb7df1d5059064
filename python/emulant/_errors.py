"""What can go wrong, told apart: wrong use, this computer, a damaged journal, and what a program came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._run import Run, Waiting


class EmulantError(Exception):
    """Everything that this package raises."""


class UsageError(EmulantError, ValueError):
    """What was given does not fit: no such run, an answer of the wrong type, two tools of one name."""


class HostError(EmulantError):
    """This computer is in the way: no disk, no tool server."""


class JournalError(EmulantError):
    """A journal is damaged."""


class NotAProgram(EmulantError):
    """The text has a syntax error, or uses what is not supported. `run` is missing where nothing was run."""

    run: Run | None = None


class ReplayDiffers(EmulantError):
    """A replay did not go as recorded: entry `seq` differs, and `what` says how."""

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(f"entry {seq} differs: {what}")
        self.seq = seq
        self.what = what


class RunError(EmulantError):
    """What a program came to, other than its end. `run` tells the rest."""

    def __init__(self, message: str, run: Run) -> None:
        super().__init__(message)
        self.run = run


class ProgramError(RunError):
    """An exception that the program did not catch.

    >>> import emulant
    >>> try:
    ...     emulant.run("{}['x']", journal=False)
    ... except emulant.ProgramError as error:
    ...     print(error.type, error.message, error.line)
    KeyError 'x' 1
    """

    def __init__(self, message: str, run: Run, type: str, text: str, line: int | None) -> None:
        super().__init__(message, run)
        #: Name of the exception's class.
        self.type = type
        #: Its text.
        self.message = text
        #: The line that raised it.
        self.line = line


class AskError(ProgramError):
    """The exception is an ask's."""


class Refused(AskError):
    """The gate or a person said no. A tool may raise it with one text: the program gets it as its own `Refused`."""

    def __init__(self, message: str, *details: object) -> None:
        _init(self, message, details)


class Abstained(AskError):
    """The answerer declined. A tool or a model may raise it with one text."""

    def __init__(self, message: str, *details: object) -> None:
        _init(self, message, details)


class AskFailed(AskError):
    """Nobody could answer."""


class ToolError(AskError):
    """A tool failed. A tool may raise it with one text."""

    def __init__(self, message: str, *details: object) -> None:
        _init(self, message, details)


def _init(error: AskError, message: str, details: tuple[object, ...]) -> None:
    if details:
        AskError.__init__(error, message, *details)  # type: ignore[arg-type]
    else:
        Exception.__init__(error, message)


class LimitReached(RunError):
    """A limit ended the run; `limit` is one of instructions, memory, output, asks, seconds."""

    def __init__(self, message: str, run: Run, limit: str) -> None:
        super().__init__(message, run)
        self.limit = limit


class RunWaits(RunError):
    """The run waits for a person: `waiting` says for what. Go on with `emulant.resume`."""

    def __init__(self, message: str, run: Run, waiting: tuple[Waiting, ...]) -> None:
        super().__init__(message, run)
        self.waiting = waiting
