//! Runs corpora in fresh machines, in parallel, and judges each program by what
//! CPython makes of it.
//!
//! A wrong answer, an unsupported construct, a limit and an internal error are
//! four different things; a panic or a hang of ours ends one program, not the rest.

use crate::corpus::{Case, Expected};
use crate::oracle::Oracle;
use crate::pure::{self, Ended};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What one program may spend, in instructions.
pub const INSTRUCTIONS_MAX: u64 = 2_000_000_000;
/// A program within its instructions that takes longer than this hangs in our own code.
const HANG: Duration = Duration::from_secs(300);
/// Stack of the thread that runs a program: that of an ordinary main thread.
const STACK_BYTES: usize = 8 << 20;
/// What a traced program may spend; its trace is kept in memory.
const TRACED_INSTRUCTIONS_MAX: u64 = 20_000_000;
/// Longest reason that is shown, in characters.
const REASON_CHARS_MAX: usize = 160;

/// What became of one program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Its corpus.
    pub corpus: String,
    /// Its name there.
    pub id: String,
    /// Does CPython pass it? Unknown without a CPython.
    pub cpython: Option<bool>,
    /// What we made of it.
    pub verdict: Verdict,
    /// Why it failed, in one line; empty when it passed.
    pub reason: String,
    /// Instructions spent.
    pub instructions: u64,
    /// Wall time in milliseconds.
    pub time_ms: u64,
}

impl Judged {
    /// Does it count? Only what CPython passes does.
    pub fn counts(&self) -> bool {
        self.cpython != Some(false)
    }
}

/// The kinds of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It did what it must.
    Passed,
    /// It ran and did something else.
    Wrong,
    /// It needs what we do not have, and we said so.
    Unsupported,
    /// A budget ran out.
    Limit,
    /// A fault of ours: a panic or a hang.
    Internal,
}

impl Verdict {
    /// As reports show it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Wrong => "wrong",
            Verdict::Unsupported => "unsupported",
            Verdict::Limit => "limit",
            Verdict::Internal => "internal",
        }
    }
}

/// Judge all cases with `threads` workers. `progress` hears the number of finished ones.
pub fn conform(cases: &[Case], oracle: Option<&Oracle>, threads: usize, progress: &(dyn Fn(usize) + Sync)) -> Vec<Judged> {
    let next = AtomicUsize::new(0);
    let judged: Mutex<BTreeMap<usize, Judged>> = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(index) else { return };
                    let one = judge(case, oracle);
                    if let Ok(mut judged) = judged.lock() {
                        judged.insert(index, one);
                        progress(judged.len());
                    }
                }
            });
        }
    });
    judged.into_inner().unwrap_or_default().into_values().collect()
}

/// Judge one case.
pub fn judge(case: &Case, oracle: Option<&Oracle>) -> Judged {
    let started = Instant::now();
    let ran = run_guarded(case);
    let time_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (verdict, reason, instructions) = match ran {
        Err(fault) => (Verdict::Internal, fault, 0),
        Ok(ran) => {
            let (verdict, reason) = verdict_of(case, &ran);
            (verdict, reason, ran.instructions)
        }
    };
    // Traces were recorded from CPython: it passes them by definition.
    let recorded = matches!(case.expected, Expected::Trace(_));
    let cpython = if recorded { Some(true) } else { oracle.map(|oracle| oracle.passes(case)) };
    Judged { corpus: case.corpus.clone(), id: case.id.clone(), cpython, verdict, reason: one_line(&reason), instructions, time_ms }
}

fn run_guarded(case: &Case) -> Result<pure::Ran, String> {
    let (case, id) = (case.clone(), file_name(&case.id));
    guarded(HANG, move || match &case.expected {
        Expected::Trace(expected) => traced(&id, &case.program, expected),
        _ => pure::run_in_folder(&id, &case.program, INSTRUCTIONS_MAX),
    })
}

/// Does the work in a thread of its own, so that neither a panic nor a hang takes us along.
pub(crate) fn guarded<T: Send + 'static>(time_max: Duration, work: impl FnOnce() -> T + Send + 'static) -> Result<T, String> {
    let (send, receive) = channel();
    let work = move || {
        let done = catch_unwind(AssertUnwindSafe(work));
        let _ = send.send(done.map_err(|panic| panic_text(&*panic)));
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    thread.map_err(|error| format!("no thread: {error}"))?;
    match receive.recv_timeout(time_max) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout) => Err(format!("hangs: no end within {} seconds", time_max.as_secs())),
        Err(RecvTimeoutError::Disconnected) => Err("its thread vanished".into()),
    }
}

/// A traced run as a run whose output is the first event that differs.
fn traced(file: &str, program: &str, expected: &[Json]) -> pure::Ran {
    let got = pure::traced(file, program, TRACED_INSTRUCTIONS_MAX).unwrap_or_default();
    let shown = |event: Option<&Json>| event.map_or("the end".into(), Json::to_string);
    let differs = (0..expected.len().max(got.len())).find(|&index| expected.get(index) != got.get(index));
    let message = differs.map(|index| format!("event {}: expected {}, got {}", index + 1, shown(expected.get(index)), shown(got.get(index))));
    let ended = match message {
        None => Ended::Done { status: 0 },
        Some(message) => Ended::Raised { class: "trace".into(), message, line: 0, traceback: String::new() },
    };
    pure::Ran { output: String::new(), errors: String::new(), ended, instructions: 0 }
}

fn file_name(id: &str) -> String {
    let name = id.rsplit('/').next().unwrap_or(id);
    if name.ends_with(".py") { name.into() } else { format!("{name}.py") }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string()).or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", text.unwrap_or_default())
}

fn verdict_of(case: &Case, ran: &pure::Ran) -> (Verdict, String) {
    match &ran.ended {
        Ended::Unsupported(what) => (Verdict::Unsupported, what.clone()),
        Ended::SyntaxError(what) => (Verdict::Wrong, what.clone()),
        Ended::Limit(limit) => (Verdict::Limit, format!("limit: {limit:?}")),
        Ended::Raised { class, message, line, .. } => {
            let reason = format!("{class}: {message} (line {line})");
            (if is_missing(class, message) { Verdict::Unsupported } else { Verdict::Wrong }, reason)
        }
        Ended::Done { status } if *status != 0 => {
            let last = ran.errors.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let named = ran.errors.lines().find(|line| is_error_line(line)).unwrap_or_default();
            (Verdict::Wrong, format!("exit status {status}: {named} … {last}"))
        }
        Ended::Done { .. } if case.expected.is_output(ran.output.as_bytes()) => (Verdict::Passed, String::new()),
        Ended::Done { .. } => (Verdict::Wrong, difference(&case.expected, &ran.output)),
    }
}

/// The line of a test report that names an exception.
fn is_error_line(line: &str) -> bool {
    let class = line.split(':').next().unwrap_or_default();
    (class.ends_with("Error") || class.ends_with("Exception")) && !class.contains(' ')
}

/// Did we say that we do not have something?
fn is_missing(class: &str, message: &str) -> bool {
    match class {
        "ModuleNotFoundError" | "ImportError" | "NotSupported" => true,
        "AttributeError" => message.starts_with("module '"),
        _ => message.starts_with("not supported: "),
    }
}

fn difference(expected: &Expected, output: &str) -> String {
    let Expected::Output(expected) = expected else { return String::new() };
    let lines = expected.lines().map(Some).chain(std::iter::repeat(None)).zip(output.lines().map(Some).chain(std::iter::repeat(None)));
    for (number, (wanted, got)) in lines.enumerate() {
        match (wanted, got) {
            (None, None) => return "output differs in line breaks".into(),
            (wanted, got) if wanted != got => {
                let shown = |line: Option<&str>| line.map_or("the end".into(), |line| format!("{line:?}"));
                return format!("output line {}: expected {}, got {}", number + 1, shown(wanted), shown(got));
            }
            _ => {}
        }
    }
    String::new()
}

fn one_line(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match flat.char_indices().nth(REASON_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &flat[..end]),
        None => flat,
    }
}

/// How one corpus went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The corpus.
    pub corpus: String,
    /// Programs that count and passed.
    pub passed: usize,
    /// Programs that count: with a CPython, those that it passes.
    pub of: usize,
    /// Programs in the corpus.
    pub programs: usize,
    /// Failures that count, by kind.
    pub failures: BTreeMap<&'static str, usize>,
}

/// One summary for each corpus, in the order of appearance.
pub fn summaries(judged: &[Judged]) -> Vec<Summary> {
    let mut all: Vec<Summary> = Vec::new();
    for one in judged {
        let at = all.iter().position(|summary| summary.corpus == one.corpus).unwrap_or_else(|| {
            all.push(Summary { corpus: one.corpus.clone(), ..Summary::default() });
            all.len() - 1
        });
        let summary = &mut all[at];
        summary.programs += 1;
        if !one.counts() {
            continue;
        }
        summary.of += 1;
        match one.verdict {
            Verdict::Passed => summary.passed += 1,
            other => *summary.failures.entry(other.name()).or_default() += 1,
        }
    }
    all
}

/// Reasons of failures that count, without places and numbers, the most frequent first.
pub fn reasons(judged: &[Judged]) -> Vec<(usize, Verdict, String)> {
    let mut counts: BTreeMap<(Verdict, String), usize> = BTreeMap::new();
    for one in judged.iter().filter(|one| one.counts() && one.verdict != Verdict::Passed) {
        *counts.entry((one.verdict, general(&one.reason))).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().map(|((verdict, reason), count)| (count, verdict, reason)).collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.cmp(&b.2)));
    rows
}

/// The reason with numbers as `N` and without the line it stands in.
fn general(reason: &str) -> String {
    let reason = reason.rsplit_once(" (line ").map_or(reason, |(before, _)| before);
    let mut out = String::new();
    for c in reason.chars().take(110) {
        match c.is_ascii_digit() {
            true if out.ends_with('N') => {}
            true => out.push('N'),
            false => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_different_line_is_named() {
        let expected = Expected::Output("a\nb\n".into());
        assert_eq!(difference(&expected, "a\nc\n"), "output line 2: expected \"b\", got \"c\"");
        assert_eq!(difference(&expected, "a\n"), "output line 2: expected \"b\", got the end");
        assert_eq!(difference(&expected, "a\nb"), "output differs in line breaks");
    }

    #[test]
    fn only_what_cpython_passes_counts() {
        let judged = |id: &str, cpython, verdict| Judged {
            corpus: "c".into(), id: id.into(), cpython: Some(cpython), verdict, reason: "line 12 of 3 (line 4)".into(), instructions: 0, time_ms: 0,
        };
        let all = [judged("1", true, Verdict::Passed), judged("2", true, Verdict::Wrong), judged("3", false, Verdict::Wrong)];
        let summary = &summaries(&all)[0];
        assert_eq!((summary.passed, summary.of, summary.programs), (1, 2, 3));
        assert_eq!(reasons(&all), [(1, Verdict::Wrong, "line N of N".to_string())]);
    }
}
