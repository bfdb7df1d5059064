//! What CPython does with a program: the measure for everything here.
//!
//! Programs run isolated (`-I`), in an empty folder, under a time limit. They are
//! trusted with the user's rights, so only corpora that may be run at all go in.

use crate::corpus::{Case, Expected};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long one program may take.
const TIME_MAX: Duration = Duration::from_secs(30);
/// Most output that is kept.
const OUTPUT_BYTES_MAX: u64 = 16 << 20;
/// Commands that may be a CPython other than 3.12, the closest to our language first.
const OTHERS: [&str; 4] = ["python3.11", "python3.13", "python3.10", "python3"];

/// A CPython, and what it said before.
pub struct Oracle {
    command: PathBuf,
    version: String,
    /// By program: did it pass? Programs of a corpus do not change, so this is kept between runs.
    known: Mutex<BTreeMap<String, bool>>,
    kept_in: Option<PathBuf>,
}

impl Oracle {
    /// The first CPython found, a 3.12 before all others. `cache` is a file that keeps verdicts between runs.
    pub fn find(cache: Option<PathBuf>) -> Option<Oracle> {
        let (command, version) = commands().into_iter().find_map(|command| version_of(&command).map(|version| (command, version)))?;
        let known = cache.as_ref().and_then(|path| std::fs::read_to_string(path).ok());
        let known = known.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Some(Oracle { command, version, known: Mutex::new(known), kept_in: cache })
    }

    /// Its version, as `3.12.1`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Does CPython pass this case? A program that takes too long does not.
    pub fn passes(&self, case: &Case) -> bool {
        let key = self.key(case);
        if let Some(known) = self.known.lock().ok().and_then(|known| known.get(&key).copied()) {
            return known;
        }
        let passed = run(&self.command, case).unwrap_or(false);
        if let Ok(mut known) = self.known.lock() {
            known.insert(key, passed);
        }
        passed
    }

    /// Keeps what was learned for the next run. Losing it costs time only.
    pub fn keep(&self) {
        let (Some(path), Ok(known)) = (&self.kept_in, self.known.lock()) else { return };
        let Ok(text) = serde_json::to_string(&*known) else { return };
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = std::fs::write(path, text);
    }

    fn key(&self, case: &Case) -> String {
        let mut digest = Sha256::new();
        digest.update(format!("{}\0{}\0", self.version, case.program));
        if let Expected::Output(output) = &case.expected {
            digest.update(output);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where a CPython may be: 3.12 on the path and under pyenv, then the others.
fn commands() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let versions = std::fs::read_dir(home.join(".pyenv/versions")).map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>());
    let mut ours = versions.unwrap_or_default();
    ours.retain(|folder| folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("3.12.")));
    ours.sort();
    let ours = ours.into_iter().rev().map(|folder| folder.join("bin/python3"));
    std::iter::once(PathBuf::from("python3.12")).chain(ours).chain(OTHERS.iter().map(PathBuf::from)).collect()
}

fn version_of(command: &Path) -> Option<String> {
    let script = "import sys, platform; print(sys.implementation.name, platform.python_version())";
    let output = Command::new(command).args(["-I", "-c", script]).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.trim().strip_prefix("cpython ").map(String::from)
}

fn run(command: &Path, case: &Case) -> std::io::Result<bool> {
    let folder = tempfile::tempdir()?;
    let program = folder.path().join("program.py");
    std::fs::write(&program, &case.program)?;
    let mut child = Command::new(command)
        .args(["-I", "-X", "utf8"])
        .arg(&program)
        .current_dir(folder.path())
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    // Read beside the waiting, so that a full pipe does not block the program.
    let stdout = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(OUTPUT_BYTES_MAX).read_to_end(&mut bytes);
        }
        bytes
    });
    let deadline = Instant::now() + TIME_MAX;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break Some(status),
            None if Instant::now() > deadline => {
                child.kill()?;
                child.wait()?;
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let output = reader.join().unwrap_or_default();
    let succeeded = status.is_some_and(|status| status.success());
    Ok(succeeded && case.expected.is_output(&output))
}

impl Expected {
    /// Does this output pass?
    pub fn is_output(&self, output: &[u8]) -> bool {
        match self {
            Expected::Success | Expected::Trace(_) => true,
            Expected::Output(expected) => expected.as_bytes() == output,
        }
    }
}
