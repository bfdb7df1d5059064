"""argparse: kinds of arguments, help, and what goes wrong."""
import argparse
import sys

sys.stderr = sys.stdout
parser = argparse.ArgumentParser(prog="tool", description="Does a thing to many files, and says at length what it does while it does so.", epilog="The end.")
parser.add_argument("files", nargs="+", metavar="FILE", help="what to read")
parser.add_argument("-n", "--number", type=int, default=3, help="how many (default: %(default)s)")
parser.add_argument("-v", "--verbose", action="count", default=0)
parser.add_argument("--mode", choices=["fast", "slow"], default="fast", help="how to go")
parser.add_argument("--flag", action=argparse.BooleanOptionalAction, default=True)
parser.add_argument("--pair", nargs=2, type=float, metavar=("X", "Y"))
parser.add_argument("--tag", action="append")
parser.add_argument("--version", action="version", version="%(prog)s 1.0")
group = parser.add_argument_group("output", "where it goes")
either = group.add_mutually_exclusive_group()
either.add_argument("-o", "--out")
either.add_argument("--quiet", action="store_true")
print(parser.parse_args(["a", "b", "-vv", "--number=7", "--pair", "1", "2.5", "--tag", "x", "--tag=y", "--no-flag"]))
print(parser.parse_args(["-n5", "--mo", "slow", "a"]))
print(parser.parse_known_args(["a", "--what", "-q"]))
print(parser.format_usage(), parser.format_help(), sep="|")
for line in ([], ["a", "-n", "x"], ["a", "--mode", "odd"], ["a", "--pair", "1"], ["a", "-o", "x", "--quiet"], ["a", "--nope"], ["--version"], ["--fl", "a", "--n"]):
    try:
        print(parser.parse_args(line))
    except SystemExit as error:
        print("exit", error.code)
parser = argparse.ArgumentParser(prog="git", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
commands = parser.add_subparsers(dest="command", required=True, help="what to do")
add = commands.add_parser("add", help="adds", aliases=["a"])
add.add_argument("path")
add.add_argument("--force", action="store_true", help="even so")
add.set_defaults(run=len)
commit = commands.add_parser("commit", help="commits")
commit.add_argument("-m", "--message", default="none", help="says")
print(parser.parse_args(["add", "x", "--force"]), parser.parse_args(["commit", "-m", "text"]))
parser.print_help()
add.print_help()
for line in ([], ["push"], ["commit", "--help"]):
    try:
        parser.parse_args(line)
    except SystemExit as error:
        print("exit", error.code)
def even(text):
    if int(text) % 2:
        raise argparse.ArgumentTypeError(f"{text} is odd")
    return int(text)
parser = argparse.ArgumentParser(prog="p", exit_on_error=False)
parser.add_argument("number", type=even)
parser.add_argument("rest", nargs=argparse.REMAINDER)
for line in (["2", "-x", "y"], ["3"], ["a"]):
    try:
        print(parser.parse_args(line))
    except argparse.ArgumentError as error:
        print(error)
print(argparse.Namespace(a=1, b="x") == argparse.Namespace(b="x", a=1), "a" in argparse.Namespace(a=1))
