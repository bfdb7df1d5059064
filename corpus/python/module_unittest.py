"""unittest: assertions and their messages, set-up order, results of a run."""

import io
import unittest

log = []


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        log.append("class up")

    def setUp(self):
        log.append("up")

    def tearDown(self):
        log.append("down")

    def test_a_passes(self):
        self.assertEqual(1 + 1, 2)
        self.assertTrue([1])
        self.assertIn(1, [1])
        self.assertIsNone(None)
        self.assertAlmostEqual(0.1 + 0.2, 0.3)
        with self.assertRaises(ZeroDivisionError) as caught:
            1 / 0
        self.assertEqual(str(caught.exception), "division by zero")
        with self.assertRaisesRegex(ValueError, "invalid"):
            int("x")

    def test_b_fails(self):
        self.assertEqual(1, 2, "own text")

    def test_c_error(self):
        {}["k"]

    @unittest.skip("not now")
    def test_d_skipped(self):
        pass

    def test_e_subtests(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)


stream = io.StringIO()
suite = unittest.defaultTestLoader.loadTestsFromTestCase(Sample)
result = unittest.TextTestRunner(stream=stream, verbosity=0).run(suite)
print(len(result.failures), len(result.errors), len(result.skipped), result.wasSuccessful())
assert log == ["class up"] + ["up", "down"] * 4
assert [t.id().split(".")[-1] for t, _ in result.errors] == ["test_c_error"]
case = unittest.TestCase()


def message(name, *args):
    try:
        getattr(case, name)(*args)
    except AssertionError as error:
        return str(error)


print(message("assertEqual", 1, 2), "|", message("assertEqual", "a", "b"), "|", message("assertTrue", 0), "|", message("assertIn", 1, [2]), "|", message("assertIsNone", 5))
print(message("assertEqual", [1, 2], [1, 3]))
print(message("assertEqual", {"a": 1}, {"a": 2}))
print(message("assertGreater", 1, 2), "|", message("assertIsInstance", 1, str), "|", message("assertAlmostEqual", 1.0, 1.1), "|", message("assertCountEqual", [1], [2]))
print(message("fail", "because"), "|", message("assertFalse", 1, "with text"), "|", message("assertIs", 1, 2), "|", message("assertRegex", "abc", "z"))
