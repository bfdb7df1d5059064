//! `emulant search`: one program for all instances of a task. A model writes several, the one that is
//! right most often on half of the instances is chosen, and the other half says what it is worth.

use crate::common::{self, Telling, Trouble};
use clap::Args;
use emulant_ask::{Limits, Value};
use emulant_host::options::RunOptions;
use emulant_host::value::from_foreign;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The search is a program like any other: it asks, and is recorded and replayed.
const PROGRAM: &str = "import _search\n_search.run(task, programs, shown)\n";
/// Instructions for a program that is tried, and for the search itself.
const INSTRUCTIONS_EACH: u64 = 200_000_000;
const INSTRUCTIONS: u64 = 400_000_000;

/// What `search` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant search corpus/search/initials.json --programs 5 --save initials.py\n\n\
    DATA is a task as in corpus/typed: {\"signature\": \"def f(text: str) -> str\", \"doc\": \"…\",\n\
    \"cases\": [{\"in\": [\"Ann Lee\"], \"out\": [\"A. L.\"]}, …]}, where out lists what is right. Every second case\n\
    is held out. Programs run without files, tools, network or model, and under limits.")]
pub struct Arguments {
    /// The task
    #[arg(value_name = "DATA")]
    data: PathBuf,
    /// Programs to be written
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=100))]
    programs: u64,
    /// Solved instances that each writer is shown
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=50))]
    shown: u64,
    /// Who writes, as in `emulant run`
    #[arg(long, value_name = "NAME|URL", default_value = "default")]
    model: String,
    /// Write the chosen program to a file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// Searches.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    emulant_model::parse_spec(&arguments.model).map_err(|error| Trouble::usage(format!("--model: {error}")))?;
    let task = task(&arguments.data)?;
    let defaults = Limits::default();
    let options = RunOptions {
        inputs: [("task", task), ("programs", Value::Int(arguments.programs as i64)), ("shown", Value::Int(arguments.shown as i64))].map(|(name, value)| (name.to_string(), value)).to_vec(),
        limits: Limits { instructions: INSTRUCTIONS + arguments.programs * INSTRUCTIONS_EACH, ..defaults },
        model: arguments.model,
        ..RunOptions::new("search.py", PROGRAM)
    };
    let store = common::store(state)?;
    let outcome = common::with_world(&options.clone(), |world| emulant_host::run::run(options, Some(store), world))?;
    let status = common::finish("search.py", &outcome, Telling::WhenAsked);
    let found = outcome.notes.iter().find(|(name, _)| name == "searched").map(|(_, value)| value.to_plain_json());
    match (found, &arguments.save) {
        (Some(found), Some(path)) => super::bench::typed::write(path, found["source"].as_str().unwrap_or_default())?,
        (None, _) if status == 0 => return Ok(1),
        _ => {}
    }
    Ok(status)
}

/// The task in a file, looked at as far as the search relies on it.
fn task(path: &Path) -> Result<Value, Trouble> {
    let name = path.display().to_string();
    let wrong = |what: &str| Trouble { status: common::DATA, reason: format!("{name}: {what}; see emulant search --help") };
    let file = std::fs::File::open(path).map_err(|error| Trouble::usage(format!("{name}: {error}")))?;
    let json: Json = common::json(&name, &super::run::read(file, &name)?)?;
    let is_case = |case: &Json| case["in"].is_array() && case["out"].as_array().is_some_and(|out| !out.is_empty());
    match (json["signature"].as_str(), json["cases"].as_array()) {
        (None, _) => Err(wrong("it has no signature")),
        (_, Some(cases)) if cases.len() >= 2 && cases.iter().all(is_case) => Ok(from_foreign(&json)),
        _ => Err(wrong("its cases are not two or more of in and out")),
    }
}
