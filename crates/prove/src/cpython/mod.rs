//! CPython's own tests, read where a CPython is installed, run in the machine one method at a time.
//!
//! Nothing of them is copied: their text is read and compiled when it is imported. In place of
//! `test.support` they get small helpers of ours, by which a test that needs a file, a process, a
//! thread or a detail of CPython says so and is skipped.

pub mod installed;
pub mod library;
pub mod rules;
pub mod table;

use crate::conform::guarded;
use crate::pure::{self, Ended};
use emulant_ask::{Limits, Value};
use emulant_machine::code::Code;
use emulant_machine::{Library, Options};
use installed::Installed;
use library::TestLibrary;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const RUNNER: &str = include_str!("../../python/runner.py");
/// What one method may spend, its imports included.
const INSTRUCTIONS_MAX: u64 = 1_000_000_000;
/// A method within its instructions that takes longer hangs in our own code.
const HANG: Duration = Duration::from_secs(120);
/// Stands before each line in which the runner says something.
const MARK: char = '\x1e';

/// What became of one method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tested {
    /// Module inside the package `test`.
    pub module: String,
    /// Class.
    pub class: String,
    /// Method.
    pub method: String,
    /// What it came to.
    pub outcome: Outcome,
    /// Why it failed or was skipped, in one line.
    pub reason: String,
    /// Wall time in milliseconds.
    pub time_ms: u64,
}

/// The kinds of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Outcome { Passed, Failed, Skipped }

/// One test file, or one package of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileResult {
    /// Its name.
    pub name: String,
    /// Modules of it that could not be listed, each with its reason.
    pub refused: Vec<(String, String)>,
    /// Its methods.
    pub tests: Vec<Tested>,
}

impl FileResult {
    /// How many methods came to this.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.tests.iter().filter(|test| test.outcome == outcome).count()
    }
}

/// A method that is to run.
struct Method {
    file: usize,
    module: String,
    class: String,
    method: String,
}

/// What all machines of one campaign share.
struct Campaign {
    library: Arc<TestLibrary>,
    runner: Arc<Code>,
}

/// The library that every machine has.
pub fn own_library() -> Arc<dyn Library> {
    emulant_stdlib::library()
}

/// What is to run, and how.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Test files.
    pub names: Vec<String>,
    /// Only methods with this text in `Class.method`.
    pub only: Option<String>,
    /// How many methods run at the same time.
    pub threads: usize,
}

/// Run test files with this library of the machine. `progress` hears how many of how many methods are done.
pub fn run(installed: &Installed, library: Arc<dyn Library>, wanted: &Wanted, progress: &(dyn Fn(usize, usize) + Sync)) -> Vec<FileResult> {
    let options = emulant_compile::Options { file: "runner.py".into(), ..Default::default() };
    let runner = emulant_compile::compile(RUNNER, &options).expect("the runner is Python");
    let campaign = Campaign { library: Arc::new(TestLibrary::new(installed, library)), runner };
    let mut files: Vec<FileResult> = wanted.names.iter().map(|name| FileResult { name: name.clone(), ..FileResult::default() }).collect();
    let mut methods = Vec::new();
    for (index, file) in files.iter_mut().enumerate() {
        for module in installed.modules(&file.name) {
            match campaign.list(&module) {
                Ok(found) => methods.extend(found.into_iter().map(|(class, method)| Method { file: index, module: module.clone(), class, method })),
                Err(reason) => file.refused.push((module, reason)),
            }
        }
    }
    methods.retain(|one| wanted.only.as_deref().is_none_or(|part| format!("{}.{}", one.class, one.method).contains(part)));
    let next = AtomicUsize::new(0);
    let done: Mutex<BTreeMap<usize, Tested>> = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..wanted.threads.max(1) {
            scope.spawn(|| {
                while let Some((index, method)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|index| Some((index, methods.get(index)?))) {
                    let tested = campaign.test(method);
                    if let Ok(mut done) = done.lock() {
                        done.insert(index, tested);
                        progress(done.len(), methods.len());
                    }
                }
            });
        }
    });
    for (index, tested) in done.into_inner().unwrap_or_default() {
        files[methods[index].file].tests.push(tested);
    }
    files
}

impl Campaign {
    /// Classes and methods of a module, or why they are not known.
    fn list(&self, module: &str) -> Result<Vec<(String, String)>, String> {
        let ran = self.machine(module, "", "")?;
        let said = said(&ran.output);
        if let Some([_, _, reason, ..]) = said.iter().find(|line| line.first().is_some_and(|word| word == "skipped")).map(Vec::as_slice) {
            return Err(reason.clone());
        }
        if let Some(reason) = self.library.refused(module).or_else(|| fault(&ran.ended)) {
            return Err(reason);
        }
        let test = |line: Vec<String>| match line.as_slice() {
            [word, class, method, ..] if word == "test" => Some((class.clone(), method.clone())),
            _ => None,
        };
        Ok(said.into_iter().filter_map(test).collect())
    }

    fn test(&self, method: &Method) -> Tested {
        let started = Instant::now();
        let excuse = rules::excuse(&method.module, &method.class, &method.method);
        let (outcome, reason) = match excuse {
            Some(reason) => (Outcome::Skipped, reason.to_string()),
            None => self.outcome(method),
        };
        let time_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Tested { module: method.module.clone(), class: method.class.clone(), method: method.method.clone(), outcome, reason, time_ms }
    }

    fn outcome(&self, method: &Method) -> (Outcome, String) {
        let ran = match self.machine(&method.module, &method.class, &method.method) {
            Ok(ran) => ran,
            Err(fault) => return (Outcome::Failed, fault),
        };
        let said = said(&ran.output);
        let Some([outcome, kind, text, line]) = said.last().map(Vec::as_slice) else {
            return (Outcome::Failed, fault(&ran.ended).unwrap_or_else(|| "it ended and said nothing".into()));
        };
        match outcome.as_str() {
            "passed" => (Outcome::Passed, String::new()),
            "skipped" => (Outcome::Skipped, text.clone()),
            _ => match rules::missing(kind, text) {
                Some(reason) => (Outcome::Skipped, reason),
                None => (Outcome::Failed, self.library.without_place(&format!("{kind}: {text} (line {line})"))),
            },
        }
    }

    /// A machine of its own, in a thread of its own.
    fn machine(&self, module: &str, class: &str, method: &str) -> Result<pure::Ran, String> {
        let inputs = [("module_name", format!("test.{module}")), ("class_name", class.into()), ("method_name", method.into())];
        let inputs = inputs.map(|(name, text)| (name.to_string(), Value::Str(text))).into();
        let (library, runner): (Arc<dyn Library>, _) = (self.library.clone(), self.runner.clone());
        let limits = Limits { instructions: INSTRUCTIONS_MAX, ..Limits::default() };
        guarded(HANG, move || pure::run_without_files(library, runner, limits, Options { inputs, ..Options::default() }))
    }
}

/// Lines that the runner wrote, as fields.
fn said(output: &str) -> Vec<Vec<String>> {
    let field = |text: &str| text.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\");
    // A test may have left a line unfinished before.
    let lines = output.lines().filter_map(|line| line.split_once(MARK).map(|(_, said)| said));
    lines.map(|line| line.split('\t').map(field).collect()).collect()
}

/// Why a machine did not get to its end.
fn fault(ended: &Ended) -> Option<String> {
    match ended {
        Ended::Done { .. } => None,
        Ended::Limit(limit) => Some(format!("limit: {limit:?}")),
        Ended::Raised { class, message, line, .. } => Some(format!("{class}: {message} (line {line})")),
        Ended::SyntaxError(what) | Ended::Unsupported(what) => Some(what.clone()),
    }
}
