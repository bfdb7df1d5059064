"""What labels, fuel, the write barrier and reclamation cost: every program on builds that lack one of them.

    python3 bench/features.py                  builds five machines, runs all programs, prints a table
    python3 bench/features.py --write          the same, and docs/cost_of_features.md
    python3 bench/features.py --only fib,memo --rounds 3

The machine runs alone (`crates/stdlib/examples/run.rs`: no host, no journal, nothing pending). "labelled" is the build
with everything, whose size came from an answer, so that all that derives from it has a label. A cell is the CPU time
over that of the build with everything; measured as `bench/run.py` tells: interleaved, medians, start-up taken off.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import run as bench

PAGE = bench.ROOT / "docs" / "cost_of_features.md"
PARTS = ["labels", "fuel", "barrier", "reclamation"]
WHOLE = "everything"
LABELLED = "labelled"
GIVEN = "\nfrom _emulant import tool\nprint(repr(main(tool('given')(x={size}))))\n"


def build(part: str, again: bool) -> Path:
    """The example without `part`, copied away before the next build takes its name."""
    place = bench.ROOT / "target" / "features" / part
    if not again and place.exists():
        return place
    command = ["cargo", "build", "--release", "-p", "emulant-stdlib", "--example", "run"]
    if part != WHOLE:
        command += ["--features", f"emulant-machine/without-{part}"]
    print(f"building the machine: {part if part == WHOLE else 'without ' + part} ...", file=sys.stderr)
    subprocess.run(command, check=True, cwd=bench.ROOT)
    place.parent.mkdir(exist_ok=True)
    shutil.copy(bench.ROOT / "target" / "release" / "examples" / "run", place)
    return place


def measure(programs: list[bench.Program], runtimes: list[bench.Runtime], rounds: int) -> dict:
    cells = {}
    with tempfile.TemporaryDirectory() as folder:
        for program in programs:
            files = {r.name: bench.write_drivers(Path(folder), program, r) for r in runtimes}
            row = {r.name: bench.Cell() for r in runtimes}
            for _ in range(rounds):
                for runtime in runtimes:
                    if not row[runtime.name].failure:
                        bench.measure_once(row[runtime.name], runtime, files[runtime.name], 120)
            answers = {cell.answer for cell in row.values() if not cell.failure}
            if len(answers) > 1:
                sys.exit(f"{program.name}: the builds differ in their results: {answers}")
            for cell in row.values():
                cell.refuse_absurd()
            cells[program.name] = row
            print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return cells


def table(programs: list[bench.Program], names: list[str], cells: dict, rounds: int) -> str:
    lines = [
        "What a part costs is what a build without it saves. The machine alone, CPU time over that of the build with",
        f"everything, medians of {rounds} interleaved rounds. Command: `python3 bench/features.py --write`.",
        "",
        "| program | everything | " + " | ".join(n if n == LABELLED else f"without {n}" for n in names[1:]) + " |",
        "| --- | ---: |" + " ---: |" * (len(names) - 1),
    ]
    ratios = {name: [] for name in names[1:]}
    for program in programs:
        whole = cells[program.name][WHOLE].seconds()
        shown = [f"{whole * 1000:.1f} ms" if whole else "-"]
        for name in names[1:]:
            seconds = cells[program.name][name].seconds()
            if whole and seconds:
                ratios[name].append(seconds / whole)
            shown.append(f"{seconds / whole:.2f}" if whole and seconds else "-")
        lines.append(f"| {program.name}({program.size}) | " + " | ".join(shown) + " |")
    means = [f"**{bench.geometric_mean(ratios[name]):.3f}**" for name in names[1:]]
    lines.append("| **geometric mean** | 1 | " + " | ".join(means) + " |")
    for program in programs:
        for name in names:
            if failure := cells[program.name][name].failure:
                lines.append(f"\n{program.name}, {name}: {failure}")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="programs, separated by commas")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-build", action="store_true", help="take the five machines that were built before")
    parser.add_argument("--write", action="store_true", help="write docs/cost_of_features.md")
    options = parser.parse_args()
    programs = bench.load_programs(set(options.only.split(",")) if options.only else None, "size")
    runtimes = [bench.Runtime(part, "", [str(build(part, not options.no_build))]) for part in [WHOLE, *PARTS]]
    runtimes.append(bench.Runtime(LABELLED, "", runtimes[0].command, after=GIVEN))
    names = [runtime.name for runtime in runtimes]
    text = table(programs, names, measure(programs, runtimes, options.rounds), options.rounds)
    print(text)
    if options.write:
        PAGE.write_text("# What labels, fuel, the write barrier and reclamation cost\n\n" + text)
    return 0


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(main())
