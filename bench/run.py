"""Run every benchmark program on every runtime found, side by side.

    python3 bench/run.py                 all programs, 7 rounds, a table on stdout
    python3 bench/run.py --write         the same, and BENCHMARKS.md in the project root
    python3 bench/run.py --traced        line traces against sys.settrace
    python3 bench/run.py --quick         small sizes, 3 rounds: does everything run?
    python3 bench/run.py --only fib,sieve --rounds 3 --json result.json

How a program is measured, alike for every runtime: the program's text plus one
line that prints `repr(main(size))` is run as a file in a process of its own, and
the CPU time (user + system) of that process is read when it ends. The same file
without the call is run beside it, and its median is taken off, so that start-up,
imports and compiling do not count. User and system time are added because the
kernel splits them by clock ticks; only their sum is exact. Rounds are interleaved:
every runtime runs a program once before any runs it again.

What it does not do: nothing is averaged over machines, no result is thrown away,
and a runtime whose result differs from the yardstick's gets no time at all.
"""

import argparse
import datetime
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("bench/run.py needs Python 3.11 or newer to run (it reads TOML).")

import tomllib

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
PROGRAMS = BENCH / "programs"
VENV = BENCH / ".venv"
MONTY = "pydantic-monty==1.4.0"
YARDSTICK = (3, 11)
# Less than this, measured as a difference of two processes, is noise (a clock tick is 4 ms).
LEAST_SECONDS = 0.004


# --- What is measured -------------------------------------------------------


@dataclass
class Program:
    name: str
    family: str
    size: int

    def text(self) -> str:
        return (PROGRAMS / f"{self.name}.py").read_text()


@dataclass
class Runtime:
    """A way to run a file: `command` plus the file's path."""

    name: str
    version: str
    command: list[str]
    note: str = ""
    # What the driver puts before and after the program's text.
    before: str = ""
    after: str = "\nprint(repr(main({size})))\n"
    # True when the answer is the last line of stdout; a tracer prints events instead.
    answers: bool = True


@dataclass
class Cell:
    """What one runtime did with one program."""

    work: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    answer: str | None = None
    failure: str | None = None

    def seconds(self) -> float | None:
        if self.failure or not self.work:
            return None
        return statistics.median(self.work) - statistics.median(self.base)

    def refuse_absurd(self) -> None:
        """No figure where the call is lost in the noise of the start-up: it would be anything, even below nothing."""
        seconds = self.seconds()
        if seconds is not None and seconds < LEAST_SECONDS:
            self.failure = f"no figure: {seconds * 1000:.1f} ms of work beside {statistics.median(self.base) * 1000:.1f} ms of start-up"


def load_programs(only: set[str] | None, key: str) -> list[Program]:
    with open(BENCH / "programs.toml", "rb") as source:
        table = tomllib.load(source)
    unknown = (only or set()) - set(table)
    if unknown:
        sys.exit(f"no such program: {', '.join(sorted(unknown))}; there are: {', '.join(table)}")
    missing = [name for name in table if not (PROGRAMS / f"{name}.py").exists()]
    unlisted = [p.stem for p in PROGRAMS.glob("*.py") if p.stem not in table]
    if missing or unlisted:
        sys.exit(f"programs.toml and programs/ differ: {', '.join(missing + unlisted)}")
    return [
        Program(name, row["family"], row[key])
        for name, row in table.items()
        if not only or name in only
    ]


# --- Who takes part ---------------------------------------------------------


def python_candidates() -> list[Path]:
    """Every python3.N on PATH and in pyenv; pyenv's shims only point at those."""
    found = []
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder)
        if path.name != "shims" and path.is_dir():
            found += sorted(path.glob("python3.[0-9]*"))
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found += sorted(pyenv.glob("*/bin/python3.[0-9]*"))
    found = [path for path in found if path.name.removeprefix("python3.").isdigit()]
    # A pyenv shim puts its version's folder on PATH, so the order there says little.
    return sorted(found, key=lambda path: ".pyenv" in path.parts)


def describe_python(path: Path) -> dict | None:
    question = (
        "import sys, json, platform, sysconfig;"
        "print(json.dumps(dict(minor=sys.version_info[:2], version=platform.python_version(),"
        "kind=platform.python_implementation(), compiler=platform.python_compiler(),"
        "real=sys.executable)))"
    )
    try:
        out = subprocess.run([path, "-I", "-c", question], capture_output=True, text=True, timeout=20)
        return json.loads(out.stdout) if out.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def find_pythons(extra: list[str]) -> list[Runtime]:
    """One CPython for each minor version from 3.11 on.

    One named by --python wins, then one on PATH outside pyenv: a distribution's
    build is usually the faster one, and the yardstick should not be a slow build.
    """
    chosen: dict[tuple, Runtime] = {}
    for path in [Path(p) for p in extra] + python_candidates():
        facts = describe_python(path)
        if facts is None:
            if str(path) in extra:
                sys.exit(f"--python {path}: cannot be run")
            continue
        minor = tuple(facts["minor"])
        if facts["kind"] != "CPython" or minor < YARDSTICK or minor in chosen:
            continue
        chosen[minor] = Runtime(
            name=f"CPython {minor[0]}.{minor[1]}",
            version=facts["version"],
            command=[str(path), "-I", "-S", "-B"],
            note=("pyenv build" if ".pyenv" in path.parts else "system build") + f", {facts['compiler']}",
        )
    if YARDSTICK not in chosen:
        sys.exit(
            "No CPython 3.11 found on PATH or in pyenv, and all ratios are to it. "
            "Install python3.11, or name one with --python /path/to/python3.11."
        )
    return [chosen[minor] for minor in sorted(chosen)]


def find_monty(install: bool) -> Runtime | str:
    """Monty's own command-line binary, which runs a file in its own process."""
    binary = VENV / "bin" / "monty"
    if not binary.exists() and install:
        print(f"making {VENV.relative_to(ROOT)} with {MONTY} ...", file=sys.stderr)
        try:
            if not (VENV / "bin" / "python").exists():
                subprocess.run([sys.executable, "-m", "venv", VENV], check=True, capture_output=True)
            subprocess.run(
                [VENV / "bin" / "python", "-m", "pip", "install", "-q", MONTY],
                check=True, capture_output=True, text=True,
            )
        except subprocess.CalledProcessError as error:
            lines = str(error.stderr or error).strip().splitlines()
            return f"Monty left out: could not install {MONTY} ({lines[-1] if lines else 'no message'})"
    if not binary.exists():
        return f"Monty left out: {MONTY} is not in bench/.venv (run once without --no-install)"
    version = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout.split()
    return Runtime("Monty", version[-1] if version else "?", [str(binary)], note="its CLI")


def find_emulant(path: str) -> Runtime | str:
    binary = Path(path)
    if not binary.exists():
        return f"Emulant left out: no {path} (build it with `cargo build --release`, or name it with --emulant)"
    out = subprocess.run([binary, "--version"], capture_output=True, text=True)
    version = out.stdout.split()[-1] if out.stdout.split() else "?"
    return Runtime("Emulant", version, [str(binary), "run", "--journal", "none"], note="labels, limits and write barrier on")


def untraced_runtimes(options) -> list[Runtime]:
    runtimes = find_pythons(options.python)
    for peer in (find_monty(not options.no_install), find_emulant(options.emulant)):
        if isinstance(peer, str):
            print(peer, file=sys.stderr)
        else:
            runtimes.append(peer)
    return runtimes


# The least that a tracer must do to know the locals on every line: copy them. It
# looks for no changes and writes nothing, which is in CPython's favour.
SETTRACE = '''
import sys as _sys

def _on_line(frame, event, argument):
    _seen = dict(frame.f_locals)
    return _on_line

def _tracer(frame, event, argument):
    return _on_line
'''


def traced_runtimes(options) -> list[Runtime]:
    yardstick = find_pythons(options.python)[0]
    tracer = Runtime(
        f"{yardstick.name} settrace", yardstick.version, yardstick.command,
        note="locals copied on each line, nothing written",
        before=SETTRACE,
        after="\n_sys.settrace(_tracer)\n_result = main({size})\n_sys.settrace(None)\nprint(repr(_result))\n",
    )
    runtimes = [yardstick, tracer]
    emulant = find_emulant(options.emulant)
    if isinstance(emulant, str):
        print(emulant, file=sys.stderr)
        return runtimes
    runtimes.append(emulant)
    if not options.trace_command:
        # `emulant trace` reads a recorded run; a command that traces a file at once has to be named.
        return runtimes
    binary = emulant.command[0]
    runtimes.append(
        Runtime(
            "Emulant trace", emulant.version, [binary, *options.trace_command.split()],
            note="events with locals, written as JSON lines", answers=False,
        )
    )
    return runtimes


# --- Running ----------------------------------------------------------------


@dataclass
class Outcome:
    cpu: float
    wall: float
    status: int
    out: str
    err: str


def run_file(runtime: Runtime, path: Path, timeout: float, keep_out: bool = True) -> Outcome:
    """Run one file to its end and read the CPU time of its process (and children)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        sink = out if keep_out else subprocess.DEVNULL
        started = time.perf_counter()
        child = subprocess.Popen(
            [*runtime.command, str(path)], stdin=subprocess.DEVNULL, stdout=sink, stderr=err, cwd=path.parent
        )
        timer = threading.Timer(timeout, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        wall = time.perf_counter() - started
        # Popen must not wait for a process that is already gone.
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Outcome(
            usage.ru_utime + usage.ru_stime, wall, child.returncode,
            out.read().decode(errors="replace"), err.read().decode(errors="replace"),
        )


def write_drivers(folder: Path, program: Program, runtime: Runtime) -> tuple[Path, Path]:
    """The file with the call and the file without it, both with the program's name."""
    texts = (runtime.after.format(size=program.size), "\nprint(repr(0))\n")
    paths = []
    for kind, after in zip(("work", "base"), texts):
        place = folder / runtime.name.replace(" ", "_") / kind
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{program.name}.py"
        path.write_text(runtime.before + program.text() + after)
        paths.append(path)
    return paths[0], paths[1]


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def measure_once(cell: Cell, runtime: Runtime, files: tuple[Path, Path], timeout: float) -> None:
    work = run_file(runtime, files[0], timeout, keep_out=runtime.answers)
    if work.status != 0:
        why = "killed after %g s" % timeout if work.status == -9 else last_line(work.err) or last_line(work.out)
        cell.failure = why or f"exit status {work.status}"
        return
    base = run_file(runtime, files[1], timeout)
    if base.status != 0 and runtime.answers:
        cell.failure = f"without the call: {last_line(base.err)}"
        return
    cell.work.append(work.cpu)
    cell.base.append(base.cpu)
    if runtime.answers:
        answer = last_line(work.out)
        if cell.answer not in (None, answer):
            cell.failure = f"two runs, two results: {cell.answer} and {answer}"
        cell.answer = answer


def measure(programs, runtimes, rounds: int, timeout: float) -> dict[tuple[str, str], Cell]:
    cells = {(p.name, r.name): Cell() for p in programs for r in runtimes}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        files = {(p.name, r.name): write_drivers(Path(scratch), p, r) for p in programs for r in runtimes}
        for turn in range(rounds):
            for place, program in enumerate(programs):
                progress(turn, rounds, place, len(programs), program.name)
                # Another one goes first each time, so that no runtime always runs warm.
                start = (turn + place) % len(runtimes)
                for runtime in runtimes[start:] + runtimes[:start]:
                    cell = cells[program.name, runtime.name]
                    if not cell.failure:
                        measure_once(cell, runtime, files[program.name, runtime.name], timeout)
    progress(rounds, rounds, 0, len(programs), "")
    compare_answers(programs, runtimes, cells)
    for cell in cells.values():
        cell.refuse_absurd()
    return cells


def progress(turn, rounds, place, count, name):
    if sys.stderr.isatty():
        text = f"round {turn + 1}/{rounds}, {place + 1}/{count} {name}" if name else ""
        print(f"\r{text:<60}", end="" if name else "\r", file=sys.stderr, flush=True)


def compare_answers(programs, runtimes, cells) -> None:
    yardstick = runtimes[0]
    for program in programs:
        expected = cells[program.name, yardstick.name]
        if expected.failure:
            sys.exit(f"{program.name} fails on {yardstick.name}: {expected.failure}")
        for runtime in runtimes[1:]:
            cell = cells[program.name, runtime.name]
            if runtime.answers and not cell.failure and cell.answer != expected.answer:
                cell.failure = f"WRONG RESULT {cell.answer}, expected {expected.answer}"


def measure_startup(runtimes, rounds: int) -> dict[str, tuple[float, float]]:
    """CPU and wall seconds of a file that prints one number: medians."""
    figures = {r.name: ([], []) for r in runtimes if r.answers and not r.before}
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        path = Path(scratch) / "start.py"
        path.write_text("print(1 + 1)\n")
        for _ in range(rounds):
            for runtime in runtimes:
                if runtime.name in figures:
                    outcome = run_file(runtime, path, 60)
                    figures[runtime.name][0].append(outcome.cpu)
                    figures[runtime.name][1].append(outcome.wall)
    return {name: (statistics.median(cpu), statistics.median(wall)) for name, (cpu, wall) in figures.items()}


# --- Figures ----------------------------------------------------------------


def ratios(programs, runtimes, cells) -> dict[tuple[str, str], float | None]:
    table = {}
    for program in programs:
        yardstick = cells[program.name, runtimes[0].name].seconds()
        for runtime in runtimes:
            seconds = cells[program.name, runtime.name].seconds()
            both = seconds is not None and yardstick is not None
            table[program.name, runtime.name] = seconds / yardstick if both else None
    return table


def geometric_mean(values: list[float]) -> float | None:
    return math.exp(sum(math.log(v) for v in values) / len(values)) if values else None


def mean_over(programs, name, table) -> tuple[float | None, int]:
    values = [table[p.name, name] for p in programs if table[p.name, name] is not None]
    return geometric_mean(values), len(values)


def head_to_head(programs, left: str, right: str, table) -> tuple[float | None, int]:
    """How many times faster `left` is than `right`, over what both can run."""
    values = [
        table[p.name, right] / table[p.name, left]
        for p in programs
        if table.get((p.name, left)) and table.get((p.name, right))
    ]
    return geometric_mean(values), len(values)


# --- Saying it --------------------------------------------------------------


def machine_facts() -> str:
    model = "unknown processor"
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        model = platform.processor() or model
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, load average {load:.1f}"


def results_table(programs, runtimes, cells, table) -> list[str]:
    yardstick, others = runtimes[0], runtimes[1:]
    lines = [
        "| program | family | " + f"{yardstick.name} | " + " | ".join(r.name for r in others) + " |",
        "| --- | --- |" + " ---: |" * len(runtimes),
    ]
    for program in programs:
        seconds = cells[program.name, yardstick.name].seconds()
        shown = "-" if seconds is None else f"{seconds * 1000:.1f} ms"
        row = [f"{program.name}({program.size})", program.family, shown]
        for runtime in others:
            value = table[program.name, runtime.name]
            row.append("-" if value is None else f"{value:.2f}")
        lines.append("| " + " | ".join(row) + " |")
    row = ["**geometric mean**", "", "1.00"]
    for runtime in others:
        value, count = mean_over(programs, runtime.name, table)
        row.append("-" if value is None else f"**{value:.2f}** (n={count})")
    lines.append("| " + " | ".join(row) + " |")
    return lines


def failures_list(programs, runtimes, cells) -> list[str]:
    lines = []
    for runtime in runtimes:
        for program in programs:
            failure = cells[program.name, runtime.name].failure
            if failure:
                lines.append(f"- {runtime.name}, `{program.name}`: {failure[:200]}")
    return lines


def report(title, programs, runtimes, cells, startup) -> list[str]:
    table = ratios(programs, runtimes, cells)
    lines = [f"## {title}", ""]
    lines += results_table(programs, runtimes, cells, table)
    lines += ["", f"Ratios of CPU time to {runtimes[0].name} at the same size; smaller is faster. `-`: cannot run it."]
    factor, count = head_to_head(programs, "Emulant", "Monty", table)
    if factor:
        lines += ["", f"Over what both run (n={count}), Emulant is {factor:.2f} times as fast as Monty."]
    failures = failures_list(programs, runtimes, cells)
    if failures:
        lines += ["", "Could not run:", ""] + failures
    lines += ["", "| runtime | version | start-up, CPU | start-up, wall | note |", "| --- | --- | ---: | ---: | --- |"]
    for runtime in runtimes:
        cpu, wall = startup.get(runtime.name, (None, None))
        times = "- | -" if cpu is None else f"{cpu * 1000:.1f} ms | {wall * 1000:.1f} ms"
        lines.append(f"| {runtime.name} | {runtime.version} | {times} | {runtime.note} |")
    return lines


def as_json(programs, runtimes, cells, startup) -> dict:
    table = ratios(programs, runtimes, cells)
    return {
        "machine": machine_facts(),
        "runtimes": [{"name": r.name, "version": r.version, "note": r.note} for r in runtimes],
        "startup_seconds": {name: {"cpu": cpu, "wall": wall} for name, (cpu, wall) in startup.items()},
        "geometric_means": {r.name: mean_over(programs, r.name, table)[0] for r in runtimes},
        "programs": {
            p.name: {
                "family": p.family,
                "size": p.size,
                "result": cells[p.name, runtimes[0].name].answer,
                "runtimes": {
                    r.name: {
                        "seconds": cells[p.name, r.name].seconds(),
                        "ratio": table[p.name, r.name],
                        "failure": cells[p.name, r.name].failure,
                        "work_seconds": cells[p.name, r.name].work,
                        "base_seconds": cells[p.name, r.name].base,
                    }
                    for r in runtimes
                },
            }
            for p in programs
        },
    }


def write_markdown(sections: list[list[str]], command: str, rounds: int) -> Path:
    lines = [
        "# Benchmarks",
        "",
        f"Measured {datetime.date.today().isoformat()} on {machine_facts()}.",
        f"Command: `{command}`. Medians of {rounds} interleaved rounds, CPU time of the process",
        "that did the work, minus that of the same file without the call. All results were compared.",
        "How it is measured is told at the top of `bench/run.py`; the programs are in `bench/programs/`.",
        "",
    ]
    for section in sections:
        lines += section + [""]
    path = ROOT / "BENCHMARKS.md"
    path.write_text("\n".join(lines).rstrip() + "\n")
    return path


# --- The command ------------------------------------------------------------


def parse_options():
    parser = argparse.ArgumentParser(
        description="Run the benchmark programs on CPython, Monty and Emulant, side by side.",
        epilog="example: python3 bench/run.py --only fib,dispatch --rounds 3",
    )
    parser.add_argument("--emulant", default=str(ROOT / "target" / "release" / "emulant"), metavar="PATH",
                        help="the emulant binary (default target/release/emulant)")
    parser.add_argument("--latency", default=str(ROOT / "target" / "release" / "examples" / "latency"), metavar="PATH",
                        help="the program that measures the machine alone (cargo build --release -p emulant-stdlib --example latency)")
    parser.add_argument("--python", action="append", default=[], metavar="PATH",
                        help="a CPython to use for its version, before any found on PATH; may be repeated")
    parser.add_argument("--only", metavar="NAMES", help="program names, separated by commas")
    parser.add_argument("--rounds", type=int, help="rounds (default 7; 3 with --quick)")
    parser.add_argument("--timeout", type=float, default=60, help="seconds of wall time a program may take (default 60)")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds; the ratios are coarse")
    parser.add_argument("--traced", action="store_true", help="compare `emulant trace` with sys.settrace")
    parser.add_argument("--trace-command", default="", metavar="WORDS",
                        help="words between the binary and the file of a command that traces a file at once")
    parser.add_argument("--no-install", action="store_true", help="do not make bench/.venv")
    parser.add_argument("--json", metavar="PATH", help="write all figures to this file ('-': stdout)")
    parser.add_argument("--write", action="store_true", help="write BENCHMARKS.md")
    options = parser.parse_args()
    if options.rounds is None:
        options.rounds = 3 if options.quick else 7
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if options.write and (options.quick or options.only or options.traced):
        parser.error("--write measures everything: leave out --quick, --only and --traced")
    return options


def latency_section(options) -> list[str]:
    """What the machine alone takes, as the example `latency` of the library tells it."""
    command = "cargo run --release -p emulant-stdlib --example latency"
    lines = ["## Latencies and sizes", ""]
    if not Path(options.latency).exists():
        print(f"latencies left out: no {options.latency} (cargo build --release -p emulant-stdlib --example latency)", file=sys.stderr)
        return lines + [f"Not measured this time: `{command}`."]
    out = subprocess.run([options.latency], capture_output=True, text=True, timeout=600)
    if out.returncode != 0:
        sys.exit(f"{options.latency} failed: {last_line(out.stderr)}")
    return lines + out.stdout.strip().splitlines() + ["", f"The machine alone, without host and journal, best of several rounds, wall time: `{command}`."]


def run_section(options, traced: bool):
    only = {name.strip() for name in options.only.split(",")} if options.only else None
    programs = load_programs(only, "traced" if traced or options.quick else "size")
    runtimes = traced_runtimes(options) if traced else untraced_runtimes(options)
    cells = measure(programs, runtimes, options.rounds, options.timeout)
    startup = measure_startup(runtimes, options.rounds)
    title = "Every line traced" if traced else "Plain runs"
    lines = report(title, programs, runtimes, cells, startup)
    wrong = any((cell.failure or "").startswith("WRONG") for cell in cells.values())
    return lines, as_json(programs, runtimes, cells, startup), wrong


def main() -> int:
    options = parse_options()
    kinds = [options.traced]
    sections, figures, wrong = [], {}, False
    for traced in kinds:
        lines, numbers, section_wrong = run_section(options, traced)
        sections.append(lines)
        figures["traced" if traced else "plain"] = numbers
        wrong = wrong or section_wrong
        if options.json != "-":
            print("\n".join(lines) + "\n")
    if not options.traced and not options.only:
        sections.append(latency_section(options))
        if options.json != "-":
            print("\n".join(sections[-1]) + "\n")
    if options.json == "-":
        print(json.dumps(figures, indent=1))
    elif options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1) + "\n")
    if options.write:
        command = "python3 bench/run.py --write"
        print(f"wrote {write_markdown(sections, command, options.rounds).name}", file=sys.stderr)
    # A wrong result is a failure of the benchmark, a missing peer is not.
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
