//! What a client of ours may do, whatever it speaks: run programs, go on with runs that wait, look at
//! the records of its runs, and call the tools behind us, each call through the gate.
//!
//! A client can grant nothing: tools, grants and model come from whoever starts the server. All here
//! blocks and knows no protocol; `protocol` speaks to clients.

mod front;
mod gateway;
mod program;
mod protocol;
mod desk;
mod http;
pub mod clients;
pub mod hook;

pub use gateway::{Heard, Session};
pub use http::{Address, listen};
pub use protocol::stdio;

use crate::answer::{LazyModel, Nobody, World};
use crate::keep::RunError;
use crate::options::{Approve, RunOptions};
use crate::replay::{self, Replayed, Said};
use crate::run::{Outcome, RunResult};
use crate::store::Store;
use crate::tools::{ToolBox, ToolsFile};
use crate::value::from_foreign;
use crate::{traceback, why};
use emulant_ask::{Limits, Request};
use emulant_compile::Holes;
use emulant_journal::Journal;
use emulant_machine::Stream;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Most output that one result carries, in bytes.
const OUTPUT_BYTES_MAX: u64 = 1 << 20;
/// Most entries or runs that one look at the journal gives.
const ROWS_MAX: usize = 200;
/// The name under which a run's options say whose it is.
const CLIENT: &str = "client";

/// What clients are offered, and with what rights.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Where journals are kept.
    pub state: PathBuf,
    /// Who the clients are, in journals: a client sees the runs of its own name only.
    pub client: String,
    /// Tools that programs may call; they are offered to clients too.
    pub tools_file: Option<PathBuf>,
    /// A program that is the server, as file name and text; none: programs of clients are run.
    pub program: Option<(String, String)>,
    /// The folder below which the built-in tools see files.
    pub root: Option<PathBuf>,
    /// Acting tools that run without a person's yes.
    pub allowed: BTreeSet<String>,
    /// The model that fills holes.
    pub model: String,
    /// Seconds that a run may take.
    pub seconds: u64,
    /// May the client itself say yes with `resume`?
    pub client_approves: bool,
    /// Are the arguments of the client's calls the user's own words, where they repeat no earlier answer?
    pub trusts_client: bool,
}

/// What a client asks for cannot be done, in a sentence for it.
pub type Refusal = String;

impl Offer {
    /// Is what is offered there?
    ///
    /// # Errors
    /// What is wrong with the tools file.
    pub fn check(&self) -> Result<(), Refusal> {
        let read = |path: &PathBuf| ToolsFile::read(path).map_err(|error| error.0);
        self.tools_file.as_ref().map(read).transpose().map(|_| ())
    }

    /// Runs the program in `arguments`, and gives its report with its output.
    ///
    /// # Errors
    /// What is wrong with the arguments, or with this computer.
    pub fn run_program(&self, arguments: &Map<String, Json>) -> Result<Json, Refusal> {
        let code = arguments.get("code").and_then(Json::as_str).ok_or("`code` is a text")?;
        let inputs = match arguments.get("inputs") {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Object(map)) => map.iter().map(|(name, value)| (name.clone(), from_foreign(value))).collect(),
            Some(_) => return Err("`inputs` is an object".into()),
        };
        let options = RunOptions {
            inputs,
            limits: Limits { output_bytes: OUTPUT_BYTES_MAX, ..Limits::default() },
            seconds: Some(self.seconds),
            holes: Holes { calls: arguments.get("hole_calls") == Some(&Json::Bool(true)), ..Holes::default() },
            ..self.options("program.py", code)
        };
        let store = self.store()?;
        self.told(&options.clone(), |world| crate::run::run(options, Some(store), world))
    }

    /// Goes on with a run of this client: with an answer to the entry that it waits for, or, without one, with what
    /// was answered elsewhere.
    ///
    /// # Errors
    /// When there is no such run, the answer does not fit, or a person must give it.
    pub fn resume(&self, arguments: &Map<String, Json>) -> Result<Json, Refusal> {
        let run = arguments.get("run").and_then(Json::as_str).ok_or("`run` is a text")?;
        let (store, id, journal) = self.own(run)?;
        let (seq, answer) = match (arguments.get("seq").and_then(Json::as_u64), arguments.get("answer")) {
            (Some(seq), Some(answer)) => (seq, answer),
            (None, None) => return self.told(&options_of(&journal)?, |world| replay::resume(store, &id, world)),
            _ => return Err("`seq` and `answer` go together".into()),
        };
        self.may_say(&journal, &id, seq, answer)?;
        self.settle(&id, seq, answer.clone())
    }

    /// Answers entry `seq` of a run in a person's name, and goes on with it.
    ///
    /// # Errors
    /// When the run is not this client's, or the answer does not fit.
    pub fn settle(&self, run: &str, seq: u64, answer: Json) -> Result<Json, Refusal> {
        let (store, id, journal) = self.own(run)?;
        self.told(&options_of(&journal)?, |world| replay::answer(store, &id, seq, &Said::Json(answer), world))
    }

    /// May the client itself give this answer? A no harms nobody, and a line of input is the program's own affair.
    fn may_say(&self, journal: &Journal, run: &str, seq: u64, answer: &Json) -> Result<(), Refusal> {
        let approval = journal.exchange_at(seq).is_some_and(|exchange| exchange.waits_for().is_some());
        match approval && !self.client_approves && *answer != Json::Bool(false) {
            true => Err(format!("a person must say so: emulant answer {run} {seq} true")),
            false => Ok(()),
        }
    }

    /// The client's runs, the newest first, or the entries of one.
    ///
    /// # Errors
    /// When there is no such run.
    pub fn journal(&self, arguments: &Map<String, Json>) -> Result<Json, Refusal> {
        if let Some(run) = arguments.get("run").and_then(Json::as_str) {
            let (_, id, journal) = self.own(run)?;
            let rows = why::rows(&journal);
            let entries: Vec<Json> = rows.iter().take(ROWS_MAX).map(|(seq, text)| json!({"seq": seq, "entry": text})).collect();
            return Ok(json!({"run": id, "entries": entries, "left_out": rows.len().saturating_sub(ROWS_MAX)}));
        }
        let store = self.store()?;
        let is_own = |id: &str| store.journal(id).is_ok_and(|journal| self.is_own(&journal));
        let rows = store.list().map_err(|error| error.to_string())?;
        let own = rows.iter().take(10 * ROWS_MAX).filter(|row| is_own(&row.id)).take(ROWS_MAX);
        let runs: Vec<Json> = own.map(|row| json!({"run": row.id, "state": row.state.name(), "file": row.file, "entries": row.lines})).collect();
        Ok(json!({"runs": runs}))
    }

    /// The options that all runs of this client share.
    fn options(&self, file: &str, text: &str) -> RunOptions {
        let beside = self.tools_file.as_ref().and_then(|file| file.parent()).map(std::path::Path::to_path_buf);
        RunOptions {
            allowed: self.allowed.clone(),
            approve: Approve::Later,
            model: self.model.clone(),
            root: self.root.clone().or(beside),
            tools_file: self.tools_file.clone(),
            settings: [(CLIENT.to_string(), self.client.clone())].into(),
            ..RunOptions::new(file, text)
        }
    }

    fn store(&self) -> Result<Store, Refusal> {
        Store::open(&self.state).map_err(|error| error.to_string())
    }

    /// A run of this client. Runs of others are not there for it.
    fn own(&self, run: &str) -> Result<(Store, String, Journal), Refusal> {
        let store = self.store()?;
        let id = store.find(run).map_err(|error| error.to_string())?;
        let journal = store.journal(&id).map_err(|error| error.to_string())?;
        match self.is_own(&journal) {
            true => Ok((store, id, journal)),
            false => Err(format!("there is no run {run}")),
        }
    }

    fn is_own(&self, journal: &Journal) -> bool {
        journal.run().is_some_and(|run| RunOptions::of_run(run).0.settings.get(CLIENT) == Some(&self.client))
    }

    /// Runs with what the options name, nobody at a terminal, and the output kept.
    fn told(&self, options: &RunOptions, act: impl FnOnce(World<'_>) -> Result<Outcome, RunError>) -> Result<Json, Refusal> {
        let mut tools = ToolBox::of(options).map_err(|error| error.0)?;
        let mut model = LazyModel::new(options.model.clone(), |_| {});
        let (mut output, mut errors) = (String::new(), String::new());
        let mut sink = |stream: Stream, text: &str| match stream {
            Stream::Out => output.push_str(text),
            Stream::Err => errors.push_str(text),
        };
        let outcome = act(World { tools: &mut tools, model: &mut model, person: &mut Nobody, sink: &mut sink });
        let outcome = outcome.map_err(|error| error.to_string())?;
        match &outcome.result {
            RunResult::Raised(uncaught) => errors.push_str(&traceback::text(uncaught)),
            RunResult::Rejected(error) => errors.push_str(&traceback::rejected(&options.file, error)),
            _ => {}
        }
        let mut json = outcome.report.to_json();
        json["output"] = Json::String(output);
        json["errors"] = Json::String(errors);
        Ok(json)
    }

    /// What a waiting run wants to be told, as a question for a person: the entry, whether it wants yes or no, and
    /// the sentence. `None` when it does not wait, or is in doubt, which nobody at a client can settle.
    fn question(&self, report: &Json) -> Option<Question> {
        let run = report["run"].as_str()?.to_string();
        let waiting = report["waiting"].as_array()?.first()?;
        let (seq, sentence) = (waiting["seq"].as_u64()?, waiting["sentence"].as_str()?.to_string());
        let (_, _, journal) = self.own(&run).ok()?;
        let exchange = journal.exchange_at(seq)?;
        match &exchange.ask.request {
            _ if exchange.waits_for().is_some() => Some(Question { run, seq, sentence, yes_or_no: true }),
            Request::Input { prompt } => Some(Question { run, seq, sentence: prompt.clone(), yes_or_no: false }),
            _ => None,
        }
    }

    /// All that a run wrote, also before this process knew it.
    fn whole_output(&self, run: &str) -> Option<String> {
        let (_, _, journal) = self.own(run).ok()?;
        let mut output = String::new();
        let mut sink = |stream: Stream, text: &str| if stream == Stream::Out { output.push_str(text) };
        match replay::replay(&journal, &mut sink) {
            Ok(Replayed::Same { .. } | Replayed::Open { .. }) => Some(output),
            _ => None,
        }
    }

    /// A secret of this store, for sealing what clients hand back.
    fn secret(&self) -> Result<Vec<u8>, Refusal> {
        let key = self.store()?.key().map_err(|error| error.to_string())?;
        // Nobody sees this signature, and only the key's owner can make it.
        Ok(key.sign_bytes("emulant request state", self.client.as_bytes()).into_bytes())
    }
}

/// What a run wants to be told.
#[derive(Clone, Debug)]
struct Question {
    run: String,
    seq: u64,
    sentence: String,
    /// An approval; else a line of input.
    yes_or_no: bool,
}

fn options_of(journal: &Journal) -> Result<RunOptions, Refusal> {
    journal.run().map(|run| RunOptions::of_run(run).0).ok_or_else(|| "the journal is empty".into())
}
