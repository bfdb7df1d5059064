//! Runs a program whose holes somebody answers: a script, a generator, or a model
//! that the caller brings. No tool, no person, no journal.

use crate::pure::{Ended, Ran, drive, reply};
use emulant_ask::{Answer, Hole, Limits, Request};
use emulant_compile::{CompileError, ErrorKind, Holes};
use emulant_machine::{Machine, Reply};
use std::collections::BTreeMap;

/// A program, and how its holes behave.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// File name.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Holes that are on.
    pub holes: Holes,
    /// Do statements tell that they completed?
    pub reached: bool,
    /// Settings of the library's forms.
    pub settings: BTreeMap<String, String>,
    /// What it may spend.
    pub limits: Limits,
}

/// Answers holes that are independent of each other.
pub type Answerer<'a> = &'a mut dyn FnMut(&[&Hole]) -> Vec<Answer>;

/// What a program did, and what it asked.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What it did.
    pub ran: Ran,
    /// Holes asked, in order.
    pub asks: Vec<Hole>,
}

/// Run a program.
pub fn run(program: &Program, answer: Answerer) -> Answered {
    let options = emulant_compile::Options {
        file: program.file.clone(),
        holes: program.holes,
        reached: program.reached,
        ..emulant_compile::Options::default()
    };
    let code = match emulant_compile::compile(&program.text, &options) {
        Ok(code) => code,
        Err(error) => return Answered { ran: rejected(&error), asks: Vec::new() },
    };
    let options = emulant_machine::Options { settings: program.settings.clone(), ..emulant_machine::Options::default() };
    let machine = Machine::new(emulant_stdlib::library(), program.limits, options);
    let mut asks = Vec::new();
    let ran = drive(machine, code, |open| {
        let holes: Vec<&Hole> = open.iter().filter_map(|ask| if let Request::Emulate(hole) = &ask.request { Some(hole) } else { None }).collect();
        let mut answers = answer(&holes).into_iter();
        asks.extend(holes.into_iter().cloned());
        let nobody = || Answer::Failed { reason: "nobody answered".into() };
        let replies = open.iter().map(|ask| match &ask.request {
            Request::Emulate(_) => (ask.id, Reply::Answer(answers.next().unwrap_or_else(nobody))),
            _ => (ask.id, reply(ask)),
        });
        replies.collect()
    });
    Answered { ran, asks }
}

fn rejected(error: &CompileError) -> Ran {
    let ended = match error.kind {
        ErrorKind::NotSupported => Ended::Unsupported(error.to_string()),
        kind => Ended::SyntaxError(format!("{}: {} (line {})", kind.name(), error.message, error.line)),
    };
    Ran { output: String::new(), errors: String::new(), ended, instructions: 0 }
}

/// Every record of a `.jsonl` file, or of all such files in a folder whose name begins so.
///
/// # Errors
/// What cannot be read, and why.
pub fn records(path: &std::path::Path, prefix: &str) -> Result<Vec<serde_json::Value>, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut files = vec![path.to_path_buf()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|error| at(&error))?;
        files = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        let name = |path: &std::path::Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
        files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl") && name(path));
        files.sort();
    }
    let mut all = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            all.push(serde_json::from_str(line).map_err(|error| format!("{}, line {}: {error}", file.display(), number + 1))?);
        }
    }
    match all.is_empty() {
        true => Err(at(&"no records are here")),
        false => Ok(all),
    }
}
