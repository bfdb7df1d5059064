"""The native half. Use the functions of `emulant`."""

from typing import Any

_Told = tuple[str, str, str]

def start(options: dict[str, Any], inputs: dict[str, Any], answerers: dict[str, Any], journal: bool, state: str | None) -> _Told: ...
def resume(run: str, seq: int | None, said: str | None, answerers: dict[str, Any], state: str | None) -> _Told: ...
def replay(run: str, state: str | None) -> _Told: ...
def fork(
    run: str,
    at: int,
    said: str,
    allow: list[str],
    model: str | None,
    tools_file: str | None,
    root: str | None,
    answerers: dict[str, Any],
    state: str | None,
) -> _Told: ...
def journal(run: str, state: str | None) -> str: ...
def holes(code: str, file: str, hole_calls: bool, hole_stubs: bool) -> str: ...
