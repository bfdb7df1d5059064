//! The native half of the Python package: runs, resumes, replays and forks on the
//! host, with Python functions as answerers. The package's own modules make it pleasant;
//! nothing is decided in either half.

mod convert;
mod world;

use emulant_ask::Limits;
use emulant_compile::Holes;
use emulant_host::keep::RunError;
use emulant_host::options::{Approve, Grants, RunOptions};
use emulant_host::replay::{self, Replayed, Said};
use emulant_host::run::{Outcome, RunResult};
use emulant_host::store::{Store, StoreError};
use emulant_host::traceback;
use emulant_journal::Journal;
use emulant_machine::Stream;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use world::Answerers;

/// Report as JSON, standard output, standard error.
type Told = (String, String, String);

/// The native half of the package `emulant`.
#[pymodule]
mod _emulant {
    #[pymodule_export]
    use super::{fork, holes, journal, replay_run as replay, resume, start};
}

/// An error of the package, by the name of its class.
fn error(py: Python<'_>, class: &str, reason: impl Into<String>) -> PyErr {
    match py.import("emulant._errors").and_then(|module| module.getattr(class)?.call1((reason.into(),))) {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

fn usage(py: Python<'_>, reason: impl Into<String>) -> PyErr {
    error(py, "UsageError", reason)
}

fn store_error(py: Python<'_>, fault: &StoreError) -> PyErr {
    let class = match fault {
        StoreError::Run(_) | StoreError::Other(_) => "UsageError",
        StoreError::Journal(_) | StoreError::Damaged(_) => "JournalError",
        StoreError::Files(..) | StoreError::Database(_) => "HostError",
    };
    error(py, class, fault.to_string())
}

fn run_error(py: Python<'_>, fault: &RunError) -> PyErr {
    match fault {
        RunError::Store(fault) => store_error(py, fault),
        RunError::Journal(_) => error(py, "JournalError", fault.to_string()),
        RunError::Usage(_) => usage(py, fault.to_string()),
        RunError::Tools(_) | RunError::Interrupted => error(py, "HostError", fault.to_string()),
    }
}

/// The store in `folder`, or where the command line keeps it.
fn open_store(folder: Option<PathBuf>) -> Result<Store, StoreError> {
    let folder = folder.or_else(Store::default_folder);
    Store::open(&folder.ok_or_else(|| StoreError::Other("neither XDG_STATE_HOME nor HOME says where to keep journals: give state=".into()))?)
}

/// How a program is to be run; a dict, checked by the package.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Options {
    code: String,
    file: String,
    argv: Vec<String>,
    limits: [Option<u64>; 4],
    seconds: Option<u64>,
    hole_calls: bool,
    hole_stubs: bool,
    allow: Vec<String>,
    approve: String,
    eager: bool,
    seed: Option<u64>,
    model: String,
    tools_file: Option<PathBuf>,
    root: Option<PathBuf>,
}

fn run_options(options: Options, inputs: &Bound<'_, PyDict>) -> PyResult<RunOptions> {
    let defaults = Limits::default();
    let [instructions, memory, output, asks] = options.limits;
    let mut values = Vec::new();
    for (name, value) in inputs {
        values.push((name.extract::<String>()?, convert::from_python(&value)?));
    }
    Ok(RunOptions {
        inputs: values,
        argv: options.argv,
        limits: Limits {
            instructions: instructions.unwrap_or(defaults.instructions),
            memory_bytes: memory.unwrap_or(defaults.memory_bytes),
            output_bytes: output.unwrap_or(defaults.output_bytes),
            asks: asks.unwrap_or(defaults.asks),
            ..defaults
        },
        seconds: options.seconds,
        holes: Holes { calls: options.hole_calls, stubs: options.hole_stubs, ..Holes::default() },
        allowed: options.allow.into_iter().collect(),
        approve: match options.approve.as_str() {
            "now" => Approve::Now,
            "later" => Approve::Later,
            _ => Approve::Never,
        },
        eager: options.eager,
        seed: options.seed,
        model: options.model,
        tools_file: options.tools_file,
        root: options.root,
        ..RunOptions::new(options.file, options.code)
    })
}

/// Runs a program until it ends or waits.
#[pyfunction]
fn start(
    py: Python<'_>,
    options: Options,
    inputs: &Bound<'_, PyDict>,
    answerers: Answerers,
    journal: bool,
    state: Option<PathBuf>,
) -> PyResult<Told> {
    let options = run_options(options, inputs)?;
    let file = options.file.clone();
    answerers.run(py, &file, options.clone(), move |world| {
        let store = if journal { Some(open_store(state)?) } else { None };
        emulant_host::run::run(options, store, world)
    })
}

/// Answers what a run waits for, if `seq` is given, and goes on with it.
#[pyfunction]
#[pyo3(signature = (run, seq, said, answerers, state))]
fn resume(py: Python<'_>, run: &str, seq: Option<u64>, said: Option<&str>, answerers: Answerers, state: Option<PathBuf>) -> PyResult<Told> {
    let said = said.map(|text| parse_said(py, text)).transpose()?;
    let store = open_store(state).map_err(|fault| store_error(py, &fault))?;
    let id = store.find(run).map_err(|fault| store_error(py, &fault))?;
    let folder = store.folder().to_path_buf();
    let journal = store.journal(&id).map_err(|fault| store_error(py, &fault))?;
    drop(store);
    let (options, _) = RunOptions::of_run(journal.run().ok_or_else(|| usage(py, "the journal is empty"))?);
    let file = options.file.clone();
    answerers.run(py, &file, options, move |world| {
        let store = Store::open(&folder)?;
        match (seq, said) {
            (Some(seq), Some(said)) => replay::answer(store, &id, seq, &said, world),
            _ => replay::resume(store, &id, world),
        }
    })
}

/// What a person says: `{"answer": …}`, `{"failed": reason}` or `{"again": true}`.
fn parse_said(py: Python<'_>, text: &str) -> PyResult<Said> {
    let json: Json = serde_json::from_str(text).map_err(|fault| usage(py, fault.to_string()))?;
    Ok(match (json.get("again"), json.get("failed").and_then(Json::as_str)) {
        (Some(_), _) => Said::Again,
        (None, Some(reason)) => Said::Failed(reason.into()),
        (None, None) => Said::Json(json.get("answer").cloned().unwrap_or_default()),
    })
}

/// The recorded journal of RUN: an id, the beginning of one, or an exported file.
fn read_journal(py: Python<'_>, run: &str, state: Option<PathBuf>) -> PyResult<Journal> {
    let lines = journal(py, run, state)?;
    Journal::read(lines.split_inclusive('\n')).map_err(|fault| error(py, "JournalError", format!("{run}: {fault}")))
}

/// Runs again from the record alone. An entry that differs is in the report.
#[pyfunction(name = "replay")]
fn replay_run(py: Python<'_>, run: &str, state: Option<PathBuf>) -> PyResult<Told> {
    let journal = read_journal(py, run, state)?;
    let (mut output, mut errors) = (String::new(), String::new());
    let replayed = py.detach(|| {
        replay::replay(&journal, &mut |stream, text| match stream {
            Stream::Out => output.push_str(text),
            Stream::Err => errors.push_str(text),
        })
    });
    let report = match replayed.map_err(|fault| run_error(py, &fault))? {
        Replayed::Same { result, output_sha256 } => {
            if let RunResult::Raised(uncaught) = &result {
                errors.push_str(&traceback::text(uncaught));
            }
            json!({"replayed": "same", "result": result.name(), "exit_status": result.exit_status(), "message": result.message(), "output_sha256": output_sha256})
        }
        Replayed::Open { asks } => json!({"replayed": "open", "asks": asks}),
        Replayed::Differs { seq, what } => json!({"replayed": "differs", "seq": seq, "what": what}),
    };
    Ok((report.to_string(), output, errors))
}

/// Runs again with another answer at one entry, and goes on live.
#[pyfunction]
#[pyo3(signature = (run, at, said, allow, model, tools_file, root, answerers, state))]
#[allow(clippy::too_many_arguments)] // Called by keyword from the package alone.
fn fork(
    py: Python<'_>,
    run: &str,
    at: u64,
    said: &str,
    allow: Vec<String>,
    model: Option<String>,
    tools_file: Option<PathBuf>,
    root: Option<PathBuf>,
    answerers: Answerers,
    state: Option<PathBuf>,
) -> PyResult<Told> {
    let said = parse_said(py, said)?;
    let journal = read_journal(py, run, state.clone())?;
    let opening = journal.run().ok_or_else(|| usage(py, "the journal is empty"))?;
    let is_own = open_store(state.clone()).map_err(|fault| store_error(py, &fault))?.find(run).is_ok();
    let root = root.map(|root| (root, None));
    let grants = Grants { allowed: allow.into_iter().collect(), tools_file, root, policies: Vec::new(), model };
    let options = match is_own {
        true => RunOptions::of_fork(opening, grants),
        false => RunOptions::of_foreign(opening, grants).map_err(|reason| usage(py, reason))?,
    };
    let file = options.file.clone();
    answerers.run(py, &file, options.clone(), move |world| {
        let store = open_store(state)?;
        replay::fork(&journal, at, &said, options, Some(store), world)
    })
}

/// The lines of a run's journal.
#[pyfunction]
fn journal(py: Python<'_>, run: &str, state: Option<PathBuf>) -> PyResult<String> {
    let bytes = open_store(state).and_then(|store| store.bytes_of(run)).map_err(|fault| store_error(py, &fault))?;
    String::from_utf8(bytes).map_err(|_| error(py, "JournalError", format!("{run}: it is not UTF-8")))
}

/// Every hole as JSON: name, line, type, dress.
#[pyfunction]
fn holes(py: Python<'_>, code: &str, file: &str, hole_calls: bool, hole_stubs: bool) -> PyResult<String> {
    let options = emulant_compile::Options { file: file.into(), holes: Holes { calls: hole_calls, stubs: hole_stubs, ..Holes::default() }, ..Default::default() };
    let code = emulant_compile::compile(code, &options).map_err(|fault| error(py, "NotAProgram", traceback::rejected(file, &fault)))?;
    let listed: Vec<Json> = emulant_compile::holes(&code)
        .iter()
        .map(|hole| json!({"kind": hole.kind, "name": hole.name, "line": hole.line, "type": hole.shape.python(), "schema": hole.shape.json_schema()}))
        .collect();
    Ok(Json::from(listed).to_string())
}

/// The report of an outcome, with what only the result knows.
fn report(file: &str, outcome: &Outcome) -> (Json, String) {
    let mut json = outcome.report.to_json();
    let mut errors = String::new();
    match &outcome.result {
        RunResult::Raised(uncaught) => {
            json["raised"] = json!({"class": uncaught.class, "message": uncaught.message, "is_ask": uncaught.is_ask,
                "line": uncaught.frames.last().map(|frame| frame.span.line)});
            errors = traceback::text(uncaught);
        }
        RunResult::Rejected(fault) => {
            json["rejected"] = json!({"kind": fault.kind.name(), "message": fault.message, "line": fault.line});
            errors = traceback::rejected(file, fault);
        }
        RunResult::Limit(limit) => json["limit"] = json!(format!("{limit:?}").to_lowercase()),
        RunResult::Done { .. } | RunResult::Waiting(_) => {}
    }
    json["traceback"] = Json::String(errors.clone());
    (json, errors)
}
