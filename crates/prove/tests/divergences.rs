//! Each page of `docs/divergences` has an example, what CPython says to it and what we say; both still hold.

use emulant_prove::pure::{self, Ended, Ran};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Instructions for an example.
const INSTRUCTIONS: u64 = 50_000_000;

struct Page {
    path: PathBuf,
    program: String,
    /// What CPython 3.12 writes; `None` where that is not the same everywhere and always.
    cpython: Option<String>,
    here: String,
}

/// The text of the first block that follows `after`.
fn block(text: &str, after: &str) -> Option<String> {
    let rest = &text[text.find(after)? + after.len()..];
    let start = rest.find('\n')? + 1;
    Some(rest[start..start + rest[start..].find("```")?].to_string())
}

fn pages() -> Vec<Page> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/divergences");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).expect("the pages are there").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a page");
        // A page about something that needs a host (files) has its examples elsewhere.
        if !text.contains("```python") {
            return None;
        }
        let part = |after: &str| block(&text, after);
        let program = part("```python").unwrap_or_else(|| panic!("{}: no example", path.display()));
        let here = part("Here:\n\n```text").unwrap_or_else(|| panic!("{}: not said what happens here", path.display()));
        let cpython = part("CPython 3.12:\n\n```text");
        Some(Page { path, program, cpython, here })
    };
    paths.into_iter().filter_map(read).collect()
}

/// Output, and the last line of the error.
fn shown(ran: &Ran) -> String {
    let end = match &ran.ended {
        Ended::Done { .. } => String::new(),
        Ended::Raised { class, message, .. } if message.is_empty() => format!("{class}\n"),
        Ended::Raised { class, message, .. } => format!("{class}: {message}\n"),
        Ended::Unsupported(what) | Ended::SyntaxError(what) => format!("{what}\n"),
        Ended::Limit(limit) => format!("limit: {limit:?}\n"),
    };
    ran.output.clone() + &end
}

#[test]
fn every_example_differs_as_its_page_says() {
    let pages = pages();
    assert!(pages.len() >= 10, "only {} pages were found", pages.len());
    for page in &pages {
        let got = shown(&pure::run("example.py", &page.program, INSTRUCTIONS));
        assert_eq!(got, page.here, "{}", page.path.display());
        assert_ne!(page.cpython.as_deref(), Some(page.here.as_str()), "{}: no difference", page.path.display());
    }
}

/// The command of a CPython 3.12, if one is found.
fn cpython() -> Option<PathBuf> {
    let mut candidates = vec![PathBuf::from("python3.12"), PathBuf::from("python3")];
    let versions = std::env::var_os("HOME").and_then(|home| std::fs::read_dir(Path::new(&home).join(".pyenv/versions")).ok());
    candidates.extend(versions.into_iter().flatten().flatten().map(|entry| entry.path().join("bin/python3")));
    candidates.into_iter().find(|command| {
        let output = Command::new(command).args(["-I", "-c", "import platform; print(platform.python_version())"]).stderr(Stdio::null()).output();
        output.is_ok_and(|output| output.stdout.starts_with(b"3.12."))
    })
}

#[test]
fn cpython_says_what_the_pages_say() {
    let Some(command) = cpython() else { return eprintln!("left out: no CPython 3.12 was found") };
    for page in pages() {
        let Some(expected) = &page.cpython else { continue };
        let output = Command::new(&command).args(["-I", "-X", "utf8", "-c", &page.program]).output().expect("CPython runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        let last = if output.status.success() { String::new() } else { errors.lines().last().map_or(String::new(), |line| format!("{line}\n")) };
        assert_eq!(&(String::from_utf8_lossy(&output.stdout).into_owned() + &last), expected, "{}", page.path.display());
    }
}
