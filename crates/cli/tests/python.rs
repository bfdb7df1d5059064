//! The Python package: its own tests, with the package that `check.d/20-python.sh` built.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The interpreter of the test environment, if it has the package.
fn python() -> Option<PathBuf> {
    let python = root().join(".check/venv/bin/python");
    let has = Command::new(&python).args(["-c", "import emulant"]).output().is_ok_and(|output| output.status.success());
    if !has {
        eprintln!("left out: the Python package is not built; check.d/20-python.sh does it");
    }
    has.then_some(python)
}

fn passes(command: &mut Command) {
    let output = command.current_dir(root()).output().expect("it starts");
    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{told}");
}

#[test]
fn the_package_passes_its_tests() {
    let Some(python) = python() else { return };
    passes(Command::new(python).args(["-m", "unittest", "discover", "--start-directory", "python/tests"]));
}

#[test]
fn its_types_hold() {
    let Some(python) = python() else { return };
    passes(Command::new(python).args(["-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", "/dev/null", "python/emulant"]));
}
