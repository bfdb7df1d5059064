"""difflib: matchers, close matches and diffs."""
import difflib

a = "one two three four five six".split()
b = "one too three five six seven".split()
matcher = difflib.SequenceMatcher(None, a, b)
print(matcher.ratio(), matcher.quick_ratio(), matcher.real_quick_ratio(), matcher.get_matching_blocks(), matcher.get_opcodes())
print(list(matcher.get_grouped_opcodes(1)), matcher.find_longest_match())
print(difflib.SequenceMatcher(lambda c: c == " ", "private Thread currentThread;", "private volatile Thread currentThread;").ratio())
print(difflib.get_close_matches("appel", ["ape", "apple", "peach", "puppy"]), difflib.get_close_matches("x", ["y"]), difflib.get_close_matches("wheel", ["well", "hello", "while"], n=1, cutoff=0.5))
one = ["  1. Beautiful is better\n", "  2. Explicit\n", "  3. Simple\n", "same\n"]
two = ["  1. Beautifull is better\n", "  3.   Simple\n", "  4. Complicated\n", "same\n"]
print("".join(difflib.ndiff(one, two)))
print("".join(difflib.unified_diff(one, two, "before.py", "after.py", "2020", "2021")))
print("".join(difflib.context_diff(one, two, "before.py", "after.py", n=1)))
print(list(difflib.restore(difflib.ndiff(one, two), 1)) == one, list(difflib.restore(difflib.ndiff(one, two), 2)) == two)
print(list(difflib.unified_diff([], ["x"], lineterm="")), list(difflib.unified_diff(["x"], ["x"])), list(difflib.diff_bytes(difflib.unified_diff, [b"\xff"], [b"a"], lineterm=b"")))
for action in (lambda: difflib.get_close_matches("a", [], n=0), lambda: difflib.get_close_matches("a", [], cutoff=2), lambda: list(difflib.unified_diff([b"x"], ["y"])), lambda: list(difflib.restore([], 3))):
    try:
        action()
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
text = "ab" * 150
print(difflib.SequenceMatcher(None, text, text + "c").ratio(), difflib.SequenceMatcher(None, text, text + "c", autojunk=False).ratio())
