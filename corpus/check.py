"""Run every probe of the corpus with a Python command, and say which fail.

    python3 corpus/check.py                         with python3
    python3 corpus/check.py python3.12 -I           with another command
    python3 corpus/check.py --only 'class_*' emulant run
    python3 corpus/check.py --accept python3.12     write .out and .err anew

A probe in `python/` passes when it ends with status 0 (its asserts hold) and its
standard output equals the `.out` file beside it. One in `tracebacks/` passes when
it ends with status 1 (65 is as good for a syntax error) and its standard error
equals the `.err` file beside it, with the folder taken off the names of files (CPython
gives the main file's absolute path). The expected files were written by CPython 3.12.
"""

import argparse
import difflib
import fnmatch
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CORPUS = Path(__file__).resolve().parent


def run(command, path, timeout):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    try:
        done = subprocess.run(
            [*command, path.name], cwd=path.parent, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=timeout,
        )
    except subprocess.TimeoutExpired:
        return None, "", f"still running after {timeout:g} s"
    # CPython names the main file by its absolute path; the expected files name it bare.
    err = done.stderr.decode(errors="replace").replace(f"{path.parent}{os.sep}", "")
    return done.returncode, done.stdout.decode(errors="replace"), err


def difference(expected, got):
    lines = difflib.unified_diff(
        expected.splitlines(), got.splitlines(), "expected", "got", lineterm="", n=1
    )
    return "\n".join(f"    {line}" for line in list(lines)[:24])


def judge_probe(path, status, out, err):
    if status != 0:
        lines = err.strip().splitlines() or [f"exit status {status}"]
        return "\n".join(f"    {line}" for line in lines[-4:])
    expected = path.with_suffix(".out").read_text()
    return None if out == expected else difference(expected, out)


def judge_traceback(path, status, out, err):
    expected = path.with_suffix(".err").read_text()
    if err != expected:
        return difference(expected, err)
    # A text that is no Python never ran, which a host may tell apart.
    syntax = ("SyntaxError", "IndentationError", "TabError")
    allowed = (1, 65) if expected.strip().splitlines()[-1].startswith(syntax) else (1,)
    return None if status in allowed else f"    exit status {status}"


def accept(path, status, out, err):
    """Write what a probe should say, by what the command said."""
    if path.parent.name == "tracebacks":
        path.with_suffix(".err").write_text(err)
        return None if status == 1 else f"    exit status {status}"
    if status != 0:
        return judge_probe(path, status, out, err)
    path.with_suffix(".out").write_text(out)
    return None


def check(path, options):
    status, out, err = run(options.command, path, options.timeout)
    if options.accept:
        return accept(path, status, out, err)
    judge = judge_traceback if path.parent.name == "tracebacks" else judge_probe
    return judge(path, status, out, err)


def main():
    parser = argparse.ArgumentParser(description="Run the corpus with a Python command.")
    parser.add_argument("--only", metavar="GLOB", default="*", help="only files whose name without .py matches")
    parser.add_argument("--accept", action="store_true", help="write the expected files anew from this command")
    parser.add_argument("--timeout", type=float, default=30, help="seconds for each file (default 30)")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command (default: python3)")
    options = parser.parse_args()
    options.command = options.command or ["python3"]
    # Probes run inside their folder, so a relative path to the command must not depend on it.
    if os.sep in options.command[0]:
        options.command[0] = str(Path(options.command[0]).absolute())
    folders = (CORPUS / "python", CORPUS / "tracebacks")
    paths = [p for f in folders for p in sorted(f.glob("*.py")) if fnmatch.fnmatch(p.stem, options.only)]
    if not paths:
        sys.exit(f"no file matches {options.only}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(lambda path: check(path, options), paths))
    for path, failure in zip(paths, verdicts):
        if failure is not None:
            print(f"FAILED {path.parent.name}/{path.name}\n{failure}")
    passed = verdicts.count(None)
    print(f"corpus: passed {passed} of {len(paths)}")
    return 0 if passed == len(paths) else 1


if __name__ == "__main__":
    sys.exit(main())
