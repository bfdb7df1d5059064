//! Programs by grammar, run by CPython and by us: output, exception, message and traceback must be
//! equal. What differs is reduced to the smallest program that still does.
//!
//! One CPython runs many programs, each in a namespace of its own (`differ.py`).

use super::lazy::LIMITS;
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::generate::{Dialect, program};
use crate::pure::{self, Ended};
use serde::Deserialize;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "differ",
    shows: "generated programs have the output, exceptions and tracebacks that CPython 3.12 gives them",
    small: 0,
    full: 100_000,
    tried: &[("compared", 90), ("raised", 5)],
    run,
};

/// Programs that one CPython runs.
const BATCH: u64 = 250;
/// Rounds of reducing one program.
const ROUNDS_MAX: usize = 40;
/// Differing programs of a batch that are reduced.
const REDUCED_MAX: usize = 3;
const HARNESS: &str = include_str!("differ.py");

/// What a program did, as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Did {
    out: String,
    err: String,
    /// It took too long, or too much: nothing can be said.
    #[serde(default)]
    cut: bool,
}

/// The CPython that judges.
static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let is_312 = |command: &PathBuf| {
        let output = Command::new(command).args(["-I", "-c", "import sys; print(*sys.version_info[:2])"]).stderr(Stdio::null()).output();
        output.is_ok_and(|output| output.stdout.starts_with(b"3 12"))
    };
    let named = std::env::var_os("EMULANT_CPYTHON").map(PathBuf::from);
    let pyenv = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv/versions"));
    let versions = pyenv.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path().join("bin/python3")));
    let found = named.into_iter().chain([PathBuf::from("python3.12"), PathBuf::from("python3")]).chain(versions);
    let mut found: Vec<PathBuf> = found.collect();
    found.sort();
    found.into_iter().find(is_312)
});

fn run(order: &Order<'_>) -> Findings {
    let Some(python) = PYTHON.as_ref() else {
        return Findings { faults: Vec::from([Fault::new("no CPython 3.12 is here (EMULANT_CPYTHON names one)", "")]), ..Findings::default() };
    };
    let batch = BATCH.min(order.count.max(1));
    let (first, end) = (order.first, order.first.saturating_add(order.count));
    let batches = Order { first: 0, count: order.count.div_ceil(batch), worker: Vec::new(), paths: Vec::new(), ..*order };
    each(&batches, |number, findings| {
        let numbers: Vec<u64> = (first + number * batch..(first + (number + 1) * batch).min(end)).collect();
        findings.cases = numbers.len() as u64;
        let texts: Vec<String> = numbers.iter().map(|number| text(order.seed, *number)).collect();
        let theirs = cpython(python, &texts).map_err(|what| Fault::new(what, ""))?;
        let mut reduced = 0;
        for ((case, text), their) in numbers.iter().zip(&texts).zip(&theirs) {
            let Some(what) = differs(their, text, findings) else { continue };
            let small = if reduced < REDUCED_MAX { reduce(python, text, &what) } else { text.clone() };
            reduced += 1;
            let what = cpython(python, std::slice::from_ref(&small)).ok().and_then(|did| differs(&did[0], &small, &mut Findings::default())).unwrap_or(what);
            findings.faults.push(Fault { case: *case, what, text: small });
        }
        Ok(())
    })
}

fn text(seed: u64, case: u64) -> String {
    let mut dice = Dice::new(seed, case);
    let statements = 2 + dice.below(9);
    program(&mut dice, Dialect::Plain, statements)
}

/// How the two differ, if they do.
fn differs(their: &Did, text: &str, findings: &mut Findings) -> Option<String> {
    let ran = pure::run_within("program.py", text, LIMITS);
    if their.cut {
        findings.add("too long for CPython", 1);
        return None;
    }
    let err = match &ran.ended {
        Ended::Done { .. } => ran.errors.clone(),
        Ended::Raised { traceback, .. } => format!("{}{traceback}", ran.errors),
        Ended::Limit(_) => {
            findings.add("ended by a limit", 1);
            return None;
        }
        Ended::Unsupported(what) => {
            findings.add("not supported", 1);
            return Some(format!("not supported: {what}"));
        }
        Ended::SyntaxError(what) => format!("SyntaxError: {what}\n"),
    };
    findings.add("compared", 1);
    findings.add("raised", u64::from(matches!(ran.ended, Ended::Raised { .. })));
    if their.out != ran.output {
        return Some(first_difference("output", &their.out, &ran.output));
    }
    let (their, our) = (comparable(&their.err), comparable(&err));
    (their != our).then(|| first_difference("traceback", &their, &our))
}

/// A traceback without what is known to differ: frames of the library, which is Python there and not here, and
/// suggestions for names, which look among names of comprehensions there.
fn comparable(traceback: &str) -> String {
    let mut out = String::new();
    let mut skipping = false;
    for line in traceback.lines() {
        if line.trim_start_matches([' ', '|']).starts_with("File \"") {
            skipping = !line.contains("File \"program.py\"") && !line.contains("File \"<");
        } else if !line.starts_with("    ") {
            skipping = false;
        }
        if !skipping {
            let shown = if line.starts_with("NameError") { line.split(". Did you mean: ").next().unwrap_or_default() } else { line };
            out.push_str(shown);
            out.push('\n');
        }
    }
    out
}

fn first_difference(what: &str, their: &str, our: &str) -> String {
    let at = their.lines().zip(our.lines()).position(|(a, b)| a != b).unwrap_or(their.lines().count().min(our.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("the end").to_string();
    format!("{what}, line {}: CPython {:?}, here {:?}", at + 1, line(their), line(our))
}

/// Has CPython run programs.
fn cpython(python: &PathBuf, texts: &[String]) -> Result<Vec<Did>, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut child = Command::new(python)
        .args(["-I", "-X", "utf8", "-W", "ignore", "-c", HARNESS])
        .current_dir(folder.path())
        .env("PYTHONHASHSEED", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let input = json!(texts).to_string();
    let mut stdin = child.stdin.take().ok_or("no pipe")?;
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    writer.join().map_err(|_| "the writer died")?.map_err(|error| error.to_string())?;
    let did: Result<Vec<Did>, _> = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(serde_json::from_slice).collect();
    match did {
        Ok(did) if did.len() == texts.len() => Ok(did),
        _ => Err(format!("CPython: {}: {}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

/// The smallest program found that differs in the same respect.
fn reduce(python: &PathBuf, text: &str, what: &str) -> String {
    let respect = |what: &str| what.split([',', ':']).next().unwrap_or_default().to_string();
    let wanted = respect(what);
    let mut best = text.to_string();
    for _ in 0..ROUNDS_MAX {
        let candidates = smaller(&best);
        let Ok(theirs) = cpython(python, &candidates) else { return best };
        let still = |(text, their): &(&String, &Did)| {
            // What is left must be a program, and no other one: leaving out what binds a name proves nothing.
            let broken = ["SyntaxError", "IndentationError", "NameError", "UnboundLocalError"].iter().any(|name| their.err.contains(name));
            !broken && differs(their, text, &mut Findings::default()).is_some_and(|what| respect(&what) == wanted)
        };
        match candidates.iter().zip(&theirs).find(still) {
            Some((smaller, _)) => best.clone_from(smaller),
            None => break,
        }
    }
    best
}

/// Programs with less in them, the smallest first.
fn smaller(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let end = lines[at + 1..].iter().position(|other| !other.trim().is_empty() && indent(other) <= indent(line)).map_or(lines.len(), |more| at + 1 + more);
        let without: Vec<&str> = lines[..at].iter().chain(&lines[end..]).copied().collect();
        found.push(without.join("\n") + "\n");
        if end > at + 1 {
            let less = lines[at + 1..end].iter().map(|line| line.get(4..).unwrap_or_default());
            let unwrapped: Vec<&str> = lines[..at].iter().copied().chain(less).chain(lines[end..].iter().copied()).collect();
            found.push(unwrapped.join("\n") + "\n");
        }
        found.extend(shorter(line).into_iter().map(|shorter| {
            let mut lines: Vec<&str> = lines.clone();
            lines[at] = &shorter;
            lines.join("\n") + "\n"
        }));
    }
    found.retain(|smaller| smaller.len() < text.len());
    found.sort_by_key(String::len);
    found.dedup();
    found.truncate(400);
    found
}

/// A line with one bracketed part replaced by something plain.
fn shorter(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, open) in line.char_indices().filter(|(_, c)| "([{".contains(*c)) {
        let mut depth = 0;
        let close = line[start..].char_indices().find(|(_, c)| {
            depth += i32::from("([{".contains(*c)) - i32::from(")]}".contains(*c));
            depth == 0
        });
        let Some((length, _)) = close else { continue };
        let inner = &line[start + 1..start + length];
        if inner.len() < 4 {
            continue;
        }
        let replacements: &[&str] = if open == '(' { &["0", "", "'a'"] } else { &["0", ""] };
        for other in replacements {
            found.push(format!("{}{other}{}", &line[..=start], &line[start + length..]));
        }
        if open == '(' {
            found.push(format!("{}0{}", &line[..start], &line[start + length + 1..]));
        }
    }
    found
}
