"""The package, as somebody uses it who never saw the inside. Run with `python -m unittest discover python/tests`."""

import dataclasses
import doctest
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import emulant
from emulant import Tool

TOOLS = "from emulant import tools\n"


class Place(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.state = folder.name

    def run_(self, code, **options):
        return emulant.run(code, state=self.state, **options)

    def start(self, code, **options):
        return emulant.start(code, state=self.state, **options)


class Values(Place):
    def test_plain_data_crosses_both_ways_unchanged(self):
        values = [None, True, 0, -(2**63), 2**63, 10**40, 1.5, float("inf"), -0.0, "é\n", b"\x00\xff", [1, [2]], (1, (2,)), {3}, {"a": {1: (2,)}}]
        got = []
        code = TOOLS + "for value in values:\n    tools.keep(value=value)\nprint(repr(values))"
        run = self.run_(code, inputs={"values": values}, tools={"keep": Tool(lambda value: got.append(value), acts=False)})
        self.assertEqual(repr(got), repr(values))
        self.assertEqual(run.output, repr(values) + "\n")

    def test_a_dataclass_is_a_record(self):
        @dataclasses.dataclass
        class Point:
            x: int
            y: int

        self.assertEqual(self.run_("print(point['x'] + point['y'])", inputs={"point": Point(1, 2)}).output, "3\n")

    def test_what_is_not_plain_is_refused_with_its_type(self):
        with self.assertRaisesRegex(TypeError, "object"):
            self.run_("pass", inputs={"x": object()})
        loop = []
        loop.append(loop)
        with self.assertRaisesRegex(TypeError, "contains itself"):
            self.run_("pass", inputs={"x": loop})
        with self.assertRaises(emulant.ProgramError) as caught:
            self.run_(TOOLS + "tools.f()", tools={"f": Tool(lambda: object(), acts=False)})
        self.assertEqual(caught.exception.type, "TypeError")


class Tools(Place):
    def test_a_plain_function_acts_and_needs_a_grant(self):
        sent = []
        code = TOOLS + "tools.send(to='ada')\nprint('sent')"
        tools = {"send": lambda to: sent.append(to)}
        with self.assertRaises(emulant.Refused) as caught:
            self.run_(code, tools=tools)
        self.assertEqual((caught.exception.run.exit_status, caught.exception.run.refused, sent), (67, 1, []))
        self.assertEqual(self.run_(code, tools=tools, allow=["send"]).output, "sent\n")
        asked = []
        self.assertEqual(self.run_(code, tools=tools, approve=lambda sentence: not asked.append(sentence)).output, "sent\n")
        self.assertIn("send", asked[0])
        with self.assertRaises(emulant.Refused):
            self.run_(code, tools=tools, approve=lambda sentence: False)
        self.assertEqual(sent, ["ada", "ada"])

    def test_arguments_are_checked_against_the_signature(self):
        def add(a: int, b: int = 1) -> int:
            return a + b

        tools = {"add": Tool(add, acts=False)}
        self.assertEqual(self.run_(TOOLS + "print(tools.add(2), tools.add(a=2, b=3))", tools=tools).output, "3 5\n")
        for call in ("tools.add('x')", "tools.add(1, 2, 3)", "tools.add(c=1)"):
            with self.assertRaises(emulant.ProgramError):
                self.run_(TOOLS + call, tools=tools)

    def test_an_exception_of_a_tool_is_the_programs(self):
        class Odd(Exception):
            pass

        def fail(kind: str):
            raise {"key": KeyError("k"), "odd": Odd("o"), "no": emulant.Refused("not today"), "tool": emulant.ToolError("t")}[kind]

        code = TOOLS + "from emulant import Refused, ToolError\nfor kind in ('key', 'odd', 'no', 'tool'):\n    try:\n        tools.fail(kind)\n    except Exception as error:\n        print(type(error).__name__, error)"
        output = self.run_(code, tools={"fail": Tool(fail, acts=False)}).output
        self.assertEqual(output, "KeyError 'k'\nToolError Odd: o\nRefused not today\nToolError t\n")

    def test_tools_of_one_run_are_in_its_journal_and_a_replay_calls_none(self):
        calls = []
        tools = {"get": Tool(lambda n: calls.append(n) or n * 2, acts=False)}
        run = self.run_(TOOLS + "print([tools.get(n=n) for n in range(3)])", tools=tools)
        self.assertEqual((calls, run.asks), ([0, 1, 2], {"call": 3}))
        replay = emulant.replay(run)
        self.assertEqual((replay.output, replay.finished, replay.result, calls), (run.output, True, "done", [0, 1, 2]))
        lines = emulant.journal(run)
        self.assertEqual([line["seq"] for line in lines], list(range(len(lines))))

    def test_names_that_no_program_can_call(self):
        async def later():
            return 1

        for tools in ({"a b": print}, {"f": 3}, {"f": lambda *args: None}, {"f": later}):
            with self.assertRaises(emulant.UsageError):
                self.run_("pass", tools=tools)


class Endings(Place):
    def test_each_ending_has_its_exception(self):
        with self.assertRaises(emulant.ProgramError) as caught:
            self.run_("def f():\n    return 1 / 0\nf()")
        error = caught.exception
        self.assertEqual((error.type, error.message, error.line), ("ZeroDivisionError", "division by zero", 2))
        self.assertIn("Traceback (most recent call last):", error.run.errors)
        with self.assertRaises(emulant.NotAProgram) as caught:
            self.run_("x = (")
        self.assertEqual(caught.exception.run.exit_status, 65)
        with self.assertRaises(emulant.LimitReached) as caught:
            self.run_("while True: pass", limit_instructions=10_000)
        self.assertEqual(caught.exception.limit, "instructions")
        with self.assertRaises(emulant.LimitReached) as caught:
            self.run_("while True: pass", limit_seconds=1, limit_instructions=10**15)
        self.assertEqual(caught.exception.limit, "seconds")
        self.assertEqual(emulant.replay(caught.exception.run).result, "limit")
        with self.assertRaises(emulant.RunWaits) as caught:
            self.run_("input()", approve="later")
        self.assertEqual(len(caught.exception.waiting), 1)
        with self.assertRaises(emulant.AskFailed):
            self.run_("from emulant import ask\nask[int]('n')", model=lambda hole: "three")
        self.assertEqual(self.run_("import sys; sys.exit(3)").exit_status, 3)

    def test_wrong_use_is_told(self):
        for wrong in ({"seed": 2**70}, {"limit_asks": -1}, {"limit_seconds": "3"}, {"inputs": {"a b": 1}}, {"inputs": {1: 1}}, {"approve": "maybe"}, {"approve": "later", "journal": False}, {"tools_file": "/nowhere.json"}, {"root": "/nowhere"}):
            with self.assertRaises(emulant.UsageError):
                self.run_("pass", **wrong)
        with self.assertRaises(emulant.UsageError):
            emulant.replay("nosuchrun", state=self.state)
        with self.assertRaises(emulant.UsageError):
            emulant.resume("nosuchrun", 1, True, state=self.state)

    def test_a_changed_journal_is_found(self):
        run = self.run_("print(input())", stdin=["a"])
        path = os.path.join(self.state, "run.jsonl")
        with open(path, "w") as file:
            for line in _lines(run):
                file.write(line.replace('"a"', '"b"'))
        with self.assertRaises(emulant.JournalError):
            emulant.replay(path, state=self.state)


def _lines(run):
    from emulant import _emulant

    return _emulant.journal(run.id, run.state).splitlines(keepends=True)


class Models(Place):
    def test_a_function_fills_holes_under_their_type(self):
        holes = []

        def model(hole):
            holes.append(hole)
            return {"mood": "good", "n": 2}.get(hole["name"], 7)

        code = "from typing import Literal\nfrom emulant import ask, emulate\n@emulate\ndef mood(text: str) -> Literal['good', 'bad']:\n    'The mood.'\nprint(mood('hi'), ask[int]('how many?') + 1)"
        self.assertEqual(self.run_(code, model=model).output, "good 8\n")
        self.assertEqual(holes[0]["instruction"], "The mood.")
        self.assertEqual(holes[0]["arguments"], {"text": "hi"})
        self.assertEqual(holes[0]["schema"], {"enum": ["good", "bad"]})
        self.assertEqual(holes[1]["type"], "int")

    def test_a_fork_leaves_at_one_answer(self):
        code = "from emulant import ask\nprint(ask[int]('a'), ask[int]('b'))"
        run = self.run_(code, model=lambda hole: 1)
        seq = [line["seq"] for line in emulant.journal(run) if line.get("type") == "ask"][1]
        other = emulant.fork(run, seq, 5)
        self.assertEqual((other.output, run.id != other.id), ("1 5\n", True))
        with self.assertRaisesRegex(emulant.UsageError, "expected int"):
            emulant.fork(run, seq, "five")

    def test_an_exported_run_grants_nothing_to_its_fork(self):
        run = self.run_("print(input())", stdin=["a"], root=self.state, model="script:/nowhere.json")
        seq = next(line["seq"] for line in emulant.journal(run) if line["type"] == "ask")
        path = os.path.join(self.state, "run.jsonl")
        with open(path, "w") as file:
            file.writelines(_lines(run))
        with self.assertRaisesRegex(emulant.UsageError, "recorded elsewhere"):
            emulant.fork(path, seq, "b", state=self.state)
        self.assertEqual(emulant.fork(path, seq, "b", model="default", state=self.state).output, "b\n")

    def test_holes_are_listed(self):
        (hole,) = emulant.holes("from emulant import ask\nx: int = ask('n?')")
        self.assertEqual((hole.type, hole.line, hole.schema), ("int", 2, {"type": "integer"}))
        with self.assertRaises(emulant.NotAProgram):
            emulant.holes("x = (")


class Suspending(Place):
    def test_a_waiting_run_goes_on_in_another_process(self):
        run = self.start("for i in range(2):\n    print(i, input())", approve="later")
        self.assertEqual((run.result, run.exit_status, run.output), ("waiting", 75, ""))
        code = f"import emulant; run = emulant.resume({run.id!r}, {run.waiting[0].seq}, 'x', state={self.state!r}); print(run.output, run.waiting[0].seq)"
        output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        head, seq = output.rsplit(" ", 1)
        self.assertEqual(head, "0 x\n")
        done = emulant.resume(run, int(seq), "y")
        self.assertEqual((done.result, done.output), ("done", "1 y\n"))
        with self.assertRaisesRegex(emulant.UsageError, "finished"):
            emulant.resume(run, int(seq), "y")

    def test_an_interrupt_in_a_tool_leaves_the_call_in_doubt(self):
        def send():
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.run_(TOOLS + "tools.send()\nprint('sent')", tools={"send": send}, allow=["send"])
        run = _newest(self.state)
        waits = emulant.resume(run, tools={"send": send}, state=self.state)
        self.assertTrue(waits.waiting[0].in_doubt)
        self.assertEqual(emulant.resume(waits, waits.waiting[0].seq, again=True, tools={"send": lambda: None}).output, "sent\n")

    @unittest.skipUnless(hasattr(signal, "raise_signal"), "signals")
    def test_a_signal_from_another_thread_ends_a_run_that_computes(self):
        # Whoever starts a process in the background may have it ignore the signal.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        timer = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            self.run_("while True: pass", limit_instructions=10**15)


def _newest(state):
    import sqlite3

    with sqlite3.connect(os.path.join(state, "journal.db")) as database:
        return database.execute("SELECT id FROM runs ORDER BY id DESC").fetchone()[0]


class Output(Place):
    def test_output_comes_while_the_program_runs(self):
        told = []
        code = TOOLS + "print('before')\ntools.look()\nprint('after')\nimport sys\nprint('oops', file=sys.stderr)"
        seen = []
        run = self.run_(code, tools={"look": Tool(lambda: seen.extend(told), acts=False)}, on_output=lambda stream, text: told.append((stream, text)))
        self.assertEqual(seen, [("stdout", "before\n")])
        self.assertEqual((run.output, run.errors), ("before\nafter\n", "oops\n"))

    def test_half_a_character_is_no_program(self):
        with self.assertRaisesRegex(emulant.UsageError, "half a character at place 7"):
            self.run_("print('\ud800')")

    def test_lines_of_input(self):
        self.assertEqual(self.run_("print(input(), input())", stdin="a\nb\n").output, "a b\n")
        self.assertEqual(self.run_("print(input(), input())", stdin=iter(["c", "d"])).output, "c d\n")
        with self.assertRaises(emulant.ProgramError) as caught:
            self.run_("input()", stdin="")
        self.assertEqual(caught.exception.type, "EOFError")


class Sharing(Place):
    def test_a_tool_may_run_a_program(self):
        inner = Tool(lambda: self.run_("print(6 * 7, end='')").output, acts=False)
        self.assertEqual(self.run_(TOOLS + "print(tools.inner())", tools={"inner": inner}).output, "42\n")

    def test_what_a_tool_gives_back_is_data_or_the_programs_exception(self):
        loop = []
        loop.append(loop)
        for value, kind in ((loop, "TypeError"), ((n for n in ()), "TypeError"), ("\ud800", "UnicodeEncodeError"), (10**5000, "ValueError")):
            code = TOOLS + "try:\n    tools.f()\nexcept Exception as error:\n    print(type(error).__name__)"
            self.assertEqual(self.run_(code, tools={"f": Tool(lambda: value, acts=False)}).output, kind + "\n")
        with self.assertRaisesRegex(emulant.AskFailed, "cannot be recorded"):
            self.run_(TOOLS + "tools.f()", tools={"f": Tool(lambda: "a" * (65 << 20), acts=False)})

    def test_runs_go_side_by_side_and_hold_no_lock(self):
        outputs = []
        code = TOOLS + "print(sum(tools.get(n=n) for n in range(20)))"
        tools = {"get": Tool(lambda n: n, acts=False)}
        threads = [threading.Thread(target=lambda: outputs.append(self.run_(code, tools=tools).output)) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        self.assertEqual(outputs, ["190\n"] * 4)


def load_tests(loader, tests, _):
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    for module in (emulant, emulant._errors, emulant._run, emulant._tools):
        tests.addTests(doctest.DocTestSuite(module, extraglobs={"tmp": folder.name}))
    return tests


if __name__ == "__main__":
    unittest.main()
