//! `emulant mcp` driven by an MCP client that nobody here wrote: the one of the PyPI package
//! `mcp`, where `check.d/10-mcp.sh` has installed it.

mod support;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{Place, Ran, left_out};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The Python that has the client, if it is installed.
fn client() -> Option<PathBuf> {
    let python = here("../../.check/venv/bin/python");
    let has_client = Command::new(&python).args(["-c", "import mcp"]).output().is_ok_and(|output| output.status.success());
    if !has_client {
        left_out("`emulant mcp` driven by the client of the package `mcp`", "check.d/10-mcp.sh");
    }
    has_client.then_some(python)
}

/// Runs a script with `emulant` and arguments for it, in a folder of its own.
fn drive(python: &Path, script: &str, arguments: &[&str]) -> Ran {
    let place = Place::new();
    let mut command = Command::new(python);
    command.arg(here(script)).arg(env!("CARGO_BIN_EXE_emulant")).args(arguments).current_dir(place.path());
    command.env("XDG_STATE_HOME", place.path().join("state")).env("XDG_CACHE_HOME", place.path().join("cache"));
    Ran::of(command.output().expect("Python runs"))
}

#[test]
fn a_client_that_nobody_here_wrote_runs_programs() {
    let Some(python) = client() else { return };
    let ran = drive(&python, "tests/mcp_client.py", &["--root", "."]);
    assert_eq!((ran.status, ran.out.starts_with("all as it should be")), (0, true), "{}{}", ran.out, ran.err);
}
