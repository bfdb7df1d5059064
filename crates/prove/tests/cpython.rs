//! The command for CPython's tests, on a small installation of our own: what passes, fails and is skipped.

use emulant_prove::cpython::{self, FileResult, Outcome, Wanted, installed::Installed};

const TESTS: &str = r#"
import unittest
from test import support
from test.support import os_helper, script_helper

class Small(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(len({1: 2}), 1)

    def test_fails(self):
        self.assertEqual(1, 2)

    def test_needs_a_file(self):
        os_helper.unlink(os_helper.TESTFN)

    def test_needs_a_process(self):
        script_helper.assert_python_ok('-c', 'pass')

    @support.cpython_only
    def test_detail(self):
        self.fail('not run')

    def test_c_api(self):
        import _testcapi

    def test_counts(self):
        import sys
        self.assertEqual(sys.getrefcount(self), 2)

    def test_never_ends(self):
        while True:
            pass

    def test_refused(self):
        self.assertEqual('\ud800', 1)

"#;

fn outcome(file: &FileResult, method: &str) -> (Outcome, String) {
    let test = file.tests.iter().find(|test| test.method == method).expect("the method was found");
    (test.outcome, test.reason.clone())
}

#[test]
fn each_method_of_a_test_file_is_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("test_small.py"), TESTS).expect("written");
    let installed = Installed { version: "3.12.0".into(), folder: folder.path().into() };
    let wanted = Wanted { names: vec!["test_small".into(), "test_absent".into()], only: None, threads: 2 };
    let files = cpython::run(&installed, cpython::own_library(), &wanted, &|_, _| {});
    let [small, absent] = files.as_slice() else { panic!("two files: {files:?}") };
    assert_eq!(small.refused, []);
    assert_eq!(outcome(small, "test_passes"), (Outcome::Passed, String::new()));
    assert_eq!(outcome(small, "test_fails").0, Outcome::Failed);
    assert!(outcome(small, "test_fails").1.starts_with("AssertionError: 1 != 2"), "{small:?}");
    assert_eq!(outcome(small, "test_needs_a_file"), (Outcome::Skipped, "needs a file".into()));
    assert_eq!(outcome(small, "test_needs_a_process"), (Outcome::Skipped, "needs a process".into()));
    assert_eq!(outcome(small, "test_detail"), (Outcome::Skipped, "needs details of CPython".into()));
    assert_eq!(outcome(small, "test_c_api"), (Outcome::Skipped, "needs the C API".into()));
    assert_eq!(outcome(small, "test_counts"), (Outcome::Skipped, "needs reference counts".into()));
    assert_eq!(outcome(small, "test_never_ends"), (Outcome::Failed, "limit: Instructions".into()));
    assert_eq!(outcome(small, "test_refused").0, Outcome::Failed);
    assert_eq!(absent.refused.len(), 1, "{absent:?}");
    assert!(!cpython::table::is_complete(&files));
    let page = cpython::table::markdown(&files, &installed.version);
    for line in ["| `test_small` | 4 | 1 | 3 | 5 | 25.0 |", "| 1 | needs reference counts |", "- Small.test_never_ends: `` limit: Instructions ``"] {
        assert!(page.lines().any(|known| known == line), "{line}:\n{page}");
    }
}
