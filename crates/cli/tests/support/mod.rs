//! A folder of its own for each test, and the binary run in it.
#![allow(dead_code)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A place where a test runs programs.
pub struct Place {
    folder: tempfile::TempDir,
}

/// What the binary did.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    pub fn new() -> Place {
        Place { folder: tempfile::tempdir().expect("a folder for the test") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).expect("the test can write");
        path
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emulant"));
        command.args(arguments).current_dir(self.path());
        command.env("XDG_STATE_HOME", self.path().join("state")).env("XDG_CACHE_HOME", self.path().join("cache"));
        command.stdin(Stdio::null());
        command
    }

    /// Runs the binary without a terminal and without input.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        // A session of its own has no terminal, so that nobody can be asked.
        let output = self.command(arguments).output().expect("the binary runs");
        Ran::of(output)
    }

    /// The id of the newest run.
    pub fn newest(&self) -> String {
        let listed = self.run(&["journal", "list"]);
        listed.out.split_whitespace().next().expect("there is a run").to_string()
    }
}

impl Ran {
    pub fn of(output: Output) -> Ran {
        Ran {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Says what a test leaves out because something is not installed; past the test harness, which hides
/// what passing tests print.
pub fn left_out(what: &str, step: &str) {
    let text = format!("left out: {what} ({step} installs what it needs)\n");
    std::io::stderr().write_all(text.as_bytes()).expect("standard error takes text");
}

/// The project's own data.
pub fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus").join(name)
}
