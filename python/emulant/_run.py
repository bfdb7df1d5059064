"""What a run came to."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Literal

Result = Literal["done", "exit", "raised", "limit", "rejected", "waiting"]


@dataclasses.dataclass(frozen=True)
class Waiting:
    """What a run waits for: answer entry `seq` with `emulant.resume`."""

    seq: int
    #: What is asked, for a person.
    sentence: str
    #: Was the call let through by a process that died before its answer was written? It may have happened or not.
    in_doubt: bool


@dataclasses.dataclass(frozen=True)
class Run:
    """A run, as far as it came.

    >>> import emulant
    >>> run = emulant.start("print('hello'); import sys; sys.exit(3)", journal=False)
    >>> run.result, run.exit_status, run.output
    ('exit', 3, 'hello\\n')
    """

    #: Names the run for `resume`, `replay` and `fork`, and for the command line; missing without a journal.
    id: str | None
    #: How it ended, in a word.
    result: Result
    #: As `emulant run` would have it.
    exit_status: int
    #: The exception, the limit or what it waits for, in one line.
    message: str
    #: What it wrote to standard output in this process.
    output: str
    #: What it wrote to standard error, and its traceback.
    errors: str
    #: Instructions spent.
    instructions: int
    #: Asks by kind.
    asks: dict[str, int]
    #: Calls that were refused.
    refused: int
    #: Tokens that models read and wrote.
    tokens_in: int
    tokens_out: int
    #: Wall time of this process.
    time_ms: int
    #: What it waits for.
    waiting: tuple[Waiting, ...]
    #: Where journals are kept, if not in the usual place.
    state: str | None = None
    #: What else the host tells.
    details: dict[str, Any] = dataclasses.field(default_factory=dict, repr=False)

    @staticmethod
    def _of(told: tuple[str, str, str], state: str | None) -> Run:
        report = json.loads(told[0])
        known = {name: report.pop(name) for name in _FIELDS}
        waiting = tuple(Waiting(**one) for one in report.pop("waiting"))
        return Run(id=report.pop("run"), output=told[1], errors=told[2], waiting=waiting, state=state, details=report, **known)


_FIELDS = ("result", "exit_status", "message", "instructions", "asks", "refused", "tokens_in", "tokens_out", "time_ms")


@dataclasses.dataclass(frozen=True)
class Replay:
    """A replay that went as recorded."""

    #: The run's whole standard output.
    output: str
    #: Its standard error and its traceback.
    errors: str
    #: Has the record an end? If not, it is the same as far as it goes.
    finished: bool
    #: How the run ended, in a word; missing when the record has no end.
    result: Result | None


@dataclasses.dataclass(frozen=True)
class Hole:
    """A place where a program asks a model."""

    kind: str
    name: str
    line: int
    #: The type of the answer, as Python writes it.
    type: str
    #: The same as a JSON Schema.
    schema: dict[str, Any]
