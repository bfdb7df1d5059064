"""Runs programs that language models write: every step that leaves the program is an ask that is typed, checked and
recorded.

>>> import emulant
>>> run = emulant.run("print(sum(n * n for n in numbers))", inputs={"numbers": [1, 2, 3]}, journal=False)
>>> run.output
'14\\n'
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Union

from . import _emulant
from ._errors import (
    Abstained,
    AskError,
    AskFailed,
    EmulantError,
    HostError,
    JournalError,
    LimitReached,
    NotAProgram,
    ProgramError,
    Refused,
    ReplayDiffers,
    RunError,
    RunWaits,
    ToolError,
    UsageError,
)
from ._run import Hole, Replay, Run, Waiting
from ._tools import Tool, Tools, declared

__all__ = [
    "Abstained", "AskError", "AskFailed", "EmulantError", "Hole", "HostError", "JournalError", "LimitReached", "NotAProgram",
    "ProgramError", "Refused", "Replay", "ReplayDiffers", "Run", "RunError", "RunWaits", "Tool", "ToolError", "UsageError",
    "Waiting", "fork", "holes", "journal", "replay", "resume", "run", "start",
]  # fmt: skip

#: What to do when a call needs a person: ask this function, wait, or refuse.
Approve = Union[Callable[[str], bool], Literal["later", "never"]]
#: Fills holes: a name as `emulant run --model` takes it, or a function of one dict (name, instruction, arguments,
#: type, schema) that gives the answer.
Model = Union[str, Callable[[dict[str, Any]], Any]]
#: Names a run: what `start` gave, an id, the beginning of one, or an exported file.
RunLike = Union[Run, str, "os.PathLike[str]"]
State = Union[str, "os.PathLike[str]", None]

_NOTHING: Any = object()


def start(
    code: str,
    *,
    tools: Tools | None = None,
    inputs: Mapping[str, Any] | None = None,
    model: Model = "default",
    allow: Iterable[str] = (),
    approve: Approve = "never",
    stdin: str | Iterable[str] | None = None,
    on_output: Callable[[str, str], object] | None = None,
    tools_file: State = None,
    root: State = None,
    hole_calls: bool = False,
    hole_stubs: bool = False,
    eager: bool = False,
    seed: int | None = None,
    limit_instructions: int | None = None,
    limit_memory: int | None = None,
    limit_output: int | None = None,
    limit_asks: int | None = None,
    limit_seconds: int | None = None,
    argv: Sequence[str] = (),
    file: str = "program.py",
    journal: bool = True,
    state: State = None,
) -> Run:
    """Runs a program until it ends or waits for a person. What the program comes to is told, not raised.

    tools
        Functions that the program may call, by name. A plain function acts: see `Tool`.
    inputs
        Values that are predefined as globals: plain data and dataclasses.
    model
        Who fills holes; the default model is fetched when the first hole asks for it.
    allow
        Acting tools that run without asking.
    approve
        Who says yes or no to the others: a function of one sentence, "later" (the run waits), "never".
    stdin
        A text, or its lines one by one.
    on_output
        Called with "stdout" or "stderr" and a text as the program writes.
    tools_file, root
        MCP servers, and the folder below which the built-in tools see files, as on the command line.

    >>> import emulant
    >>> waits = emulant.start("print('got', input())", approve="later", state=tmp)
    >>> waits.result, [one.sentence for one in waits.waiting]
    ('waiting', ['input("")'])
    >>> emulant.resume(waits, waits.waiting[0].seq, "tea").output
    'got tea\\n'
    """
    if not isinstance(code, str):
        raise UsageError("code is a text")
    try:
        code.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"code has half a character at place {error.start}") from None
    for name in inputs or {}:
        if not isinstance(name, str) or not name.isidentifier():
            raise UsageError(f"{name!r} is no name for an input")
    numbers = {
        "seed": seed, "limit_instructions": limit_instructions, "limit_memory": limit_memory,
        "limit_output": limit_output, "limit_asks": limit_asks, "limit_seconds": limit_seconds,
    }  # fmt: skip
    for name, number in numbers.items():
        if number is not None and not (isinstance(number, int) and 0 <= number < 2**63):
            raise UsageError(f"{name} is a whole number from 0 to 2**63 - 1")
    options = {
        "code": code, "file": file, "argv": [file, *argv],
        "limits": [limit_instructions, limit_memory, limit_output, limit_asks], "seconds": limit_seconds,
        "hole_calls": hole_calls, "hole_stubs": hole_stubs, "allow": list(allow),
        "approve": "now" if callable(approve) else approve, "eager": eager, "seed": seed,
        "model": model if isinstance(model, str) else "python",
        "tools_file": None if tools_file is None else os.path.abspath(tools_file),
        "root": None if root is None else os.path.abspath(root),
    }  # fmt: skip
    if not callable(approve) and approve not in ("later", "never"):
        raise UsageError('approve is a function, "later" or "never"')
    if approve == "later" and not journal:
        raise UsageError('approve="later" needs a journal to wait in')
    answerers = _answerers(tools, model, approve, stdin, on_output)
    told = _emulant.start(options, dict(inputs or {}), answerers, journal, _path(state))
    return Run._of(told, _path(state))


def run(code: str, **options: Any) -> Run:
    """Runs a program to its end; takes what `start` takes. Raises what went wrong instead of telling it.

    >>> import emulant
    >>> def price(item: str) -> float:
    ...     return {"tea": 2.5, "cake": 4.0}[item]
    >>> code = '''
    ... from emulant import tools
    ... for item in ("tea", "coffee"):
    ...     try:
    ...         print(item, tools.price(item))
    ...     except KeyError as error:
    ...         print("no", error)
    ... '''
    >>> print(emulant.run(code, tools={"price": emulant.Tool(price, acts=False)}, journal=False).output, end="")
    tea 2.5
    no 'coffee'
    """
    return _checked(start(code, **options))


def resume(
    run: RunLike,
    seq: int | None = None,
    answer: Any = _NOTHING,
    *,
    failed: str | None = None,
    again: bool = False,
    tools: Tools | None = None,
    model: Model = "default",
    approve: Callable[[str], bool] | None = None,
    stdin: str | Iterable[str] | None = None,
    on_output: Callable[[str, str], object] | None = None,
    state: State = None,
) -> Run:
    """Answers entry `seq` of a run that waits, in any process, and goes on; without `seq`, goes on with a run that was
    killed. Grants and options are those of the start; functions have to be given again.

    `failed` says that it did not work, and `again` that a call in doubt did not happen: it is made now.

    >>> import emulant
    >>> sent = []
    >>> def send(to: str) -> None:
    ...     sent.append(to)
    >>> code = "from emulant import tools; tools.send(to='ada'); print('sent')"
    >>> waits = emulant.start(code, tools={"send": send}, approve="later", state=tmp)
    >>> sent
    []
    >>> emulant.resume(waits, waits.waiting[0].seq, True, tools={"send": send}).output, sent
    ('sent\\n', ['ada'])
    """
    said = None if seq is None else _said(answer, failed, again)
    state = _state(run, state)
    model = model if callable(model) else "default"
    told = _emulant.resume(_name(run), seq, said, _answerers(tools, model, approve or "never", stdin, on_output), state)
    return Run._of(told, state)


def replay(run: RunLike, *, state: State = None) -> Replay:
    """Runs again from the record: no model, no tool, no network. Raises `ReplayDiffers` at the first entry that does.

    >>> import emulant
    >>> run = emulant.run("import random; print(random.random())", state=tmp)
    >>> emulant.replay(run).output == run.output
    True
    """
    report, output, errors = _emulant.replay(_name(run), _state(run, state))
    told = json.loads(report)
    if told["replayed"] == "differs":
        raise ReplayDiffers(told["seq"], told["what"])
    return Replay(output=output, errors=errors, finished=told["replayed"] == "same", result=told.get("result"))


def fork(
    run: RunLike,
    at: int,
    answer: Any = _NOTHING,
    *,
    failed: str | None = None,
    again: bool = False,
    allow: Iterable[str] = (),
    tools: Tools | None = None,
    model: Model | None = None,
    approve: Callable[[str], bool] | None = None,
    stdin: str | Iterable[str] | None = None,
    on_output: Callable[[str, str], object] | None = None,
    tools_file: State = None,
    root: State = None,
    state: State = None,
) -> Run:
    """Another run: the same up to entry `at`, which gets another answer, and live from there on. Grants are given anew;
    an exported file may come from anybody, so that its tools file, folder and model are given anew too.

    >>> import emulant
    >>> ask = "from emulant import ask; print('yes' if ask[bool]('Is it late?') else 'no')"
    >>> run = emulant.run(ask, model=lambda hole: True, state=tmp)
    >>> seq = next(line["seq"] for line in emulant.journal(run) if line["type"] == "ask")
    >>> run.output, emulant.fork(run, seq, False).output
    ('yes\\n', 'no\\n')
    """
    state = _state(run, state)
    answerers = _answerers(tools, model or "default", approve or "never", stdin, on_output)
    named = None if model is None else model if isinstance(model, str) else "python"
    said, places = _said(answer, failed, again), (_path(tools_file), _path(root))
    return Run._of(_emulant.fork(_name(run), at, said, list(allow), named, *places, answerers, state), state)


def journal(run: RunLike, *, state: State = None) -> list[dict[str, Any]]:
    """The entries of a run's journal, in order."""
    return [json.loads(line) for line in _emulant.journal(_name(run), _state(run, state)).splitlines()]


def holes(code: str, *, hole_calls: bool = False, hole_stubs: bool = False, file: str = "program.py") -> list[Hole]:
    """Every hole of a program with its type, before anything runs.

    >>> import emulant
    >>> [(hole.name, hole.type) for hole in emulant.holes("if is_fruit('fig'): pass", hole_calls=True)]
    [('is_fruit', 'bool')]
    """
    return [Hole(**hole) for hole in json.loads(_emulant.holes(code, file, hole_calls, hole_stubs))]


def _checked(run: Run) -> Run:
    if run.result in ("done", "exit"):
        return run
    if run.result == "waiting":
        raise RunWaits(run.message, run, run.waiting)
    if run.result == "limit":
        raise LimitReached(run.message, run, run.details["limit"])
    if run.result == "rejected":
        error = NotAProgram(run.message)
        error.run = run
        raise error
    raised = run.details["raised"]
    kinds = {kind.__name__: kind for kind in (Refused, AskFailed, Abstained, ToolError)}
    kind = kinds.get(raised["class"].removeprefix("emulant."), AskError) if raised["is_ask"] else ProgramError
    raise kind(run.message, run, raised["class"], raised["message"], raised["line"])


def _answerers(tools: Any, model: Any, approve: Any, stdin: Any, on_output: Any) -> dict[str, Any]:
    lines: Iterator[str] | None = None
    if stdin is not None:
        lines = iter(stdin.splitlines() if isinstance(stdin, str) else stdin)
    return {
        **declared(tools), "model": model if callable(model) else None, "approve": approve if callable(approve) else None,
        "stdin": lines, "on_output": on_output,
    }  # fmt: skip


def _said(answer: Any, failed: str | None, again: bool) -> str:
    if (answer is not _NOTHING) + (failed is not None) + again != 1:
        raise UsageError("give one of answer, failed= and again=")
    if again:
        return '{"again": true}'
    try:
        return json.dumps({"failed": failed} if failed is not None else {"answer": answer})
    except (TypeError, ValueError) as error:
        raise UsageError(f"an answer is plain JSON: {error}") from None


def _name(run: RunLike) -> str:
    if isinstance(run, Run):
        if run.id is None:
            raise UsageError("the run has no journal")
        return run.id
    return os.fspath(run)


def _state(run: RunLike, state: State) -> str | None:
    return run.state if state is None and isinstance(run, Run) else _path(state)


def _path(path: State) -> str | None:
    return None if path is None else os.path.abspath(path)
