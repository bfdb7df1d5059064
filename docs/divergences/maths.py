"""How often the last bits of mathematical functions differ from CPython's, function by function.

    python3.12 docs/divergences/maths.py target/release/emulant run --journal none      a million arguments each
    python3.12 docs/divergences/maths.py --count 10000 target/debug/emulant run

The Python that runs this is the one that is compared with. The arguments follow from a fixed seed: half of them are
spread evenly over a small range, half over all sizes from 2**-40 to 2**40, inside of the function's domain.
"""

import argparse
import struct
import subprocess
import sys

# Name: how many arguments, and the domain of the first.
FUNCTIONS = {
    "acos": (1, "unit"), "acosh": (1, "from one"), "asin": (1, "unit"), "asinh": (1, "all"), "atan": (1, "all"),
    "atan2": (2, "all"), "atanh": (1, "unit"), "cbrt": (1, "all"), "cos": (1, "all"), "cosh": (1, "small"),
    "erf": (1, "small"), "erfc": (1, "small"), "exp": (1, "small"), "exp2": (1, "small"), "expm1": (1, "small"),
    "fmod": (2, "all"), "gamma": (1, "small"), "hypot": (2, "all"), "lgamma": (1, "all"), "log": (1, "positive"),
    "log10": (1, "positive"), "log1p": (1, "positive"), "log2": (1, "positive"), "pow": (2, "positive"),
    "sin": (1, "all"), "sinh": (1, "small"), "sqrt": (1, "positive"), "tan": (1, "all"), "tanh": (1, "small"),
}

PROGRAM = '''
import math, random, struct

def arguments(count, arity, domain):
    source = random.Random(20_24)
    for number in range(count):
        parts = []
        for place in range(arity):
            where = domain if place == 0 else "all"
            size = source.uniform(0, 1) if where == "unit" else source.uniform(0, 100)
            if number % 2 and where != "unit":
                # Exact steps only, so that both sides see the same arguments.
                size = math.ldexp(source.uniform(1, 2), source.randint(-40, 5 if where == "small" else 39))
            if where == "from one":
                size += 1
            if where in ("all", "small", "unit") and source.random() < 0.5:
                size = -size
            parts.append(size)
        # A large exponent of a large base only overflows.
        if arity == 2 and domain == "positive":
            parts[1] = math.fmod(parts[1], 40)
        yield parts

def results(name, count, arity, domain):
    function = getattr(math, name)
    block = []
    for parts in arguments(count, arity, domain):
        try:
            block.append(function(*parts))
        except (ValueError, OverflowError):
            block.append(math.nan)
        if len(block) == 1000:
            print(struct.pack("<1000d", *block).hex())
            block = []

results(NAME, COUNT, ARITY, DOMAIN)
'''


def values(command, name, count):
    arity, domain = FUNCTIONS[name]
    program = PROGRAM.replace("(NAME, COUNT, ARITY, DOMAIN)", repr((name, count, arity, domain)))
    done = subprocess.run([*command, "-c", program], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{name}: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return bytes.fromhex(done.stdout.replace("\n", ""))


def units_apart(one, two):
    """Between two floats, in units of the last place."""
    one, two = [number if number >= 0 else -(1 << 63) - number for number in struct.unpack("<2q", one + two)]
    return abs(one - two)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(FUNCTIONS), metavar="NAME,…")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    limits = ["--limit-instructions", str(10**13), "--limit-output", str(10**9), "--limit-memory", str(4 * 10**9)]
    print("| function | arguments | differ | per million | units apart, at most |\n| --- | ---: | ---: | ---: | ---: |")
    for name in options.only:
        ours = values(options.command + limits, name, options.count)
        theirs = values([sys.executable, "-I"], name, options.count)
        assert len(ours) == len(theirs) == 8 * options.count, name
        apart = []
        for at in range(0, len(ours), 8):
            if ours[at : at + 8] != theirs[at : at + 8]:
                apart.append(units_apart(ours[at : at + 8], theirs[at : at + 8]))
        rate = len(apart) * 1_000_000 / options.count
        print(f"| `{name}` | {options.count:,} | {len(apart):,} | {rate:,.0f} | {max(apart, default=0)} |", flush=True)


main()
