//! Taking back what a run did. Undoing is a run of its own: a program of the calls
//! that take the acts back, the latest first, behind the same gate and in a journal
//! of its own. So it can be looked at before, is resumed after a crash, and shows
//! what it did.

use crate::answer::World;
use crate::kept;
use crate::keep::RunError;
use crate::narrow;
use crate::options::{Approve, RunOptions};
use crate::origin::texts;
use crate::predicate::Python;
use crate::rules::Rules;
use crate::run::{self, shown_call};
use crate::store::Store;
use emulant_ask::{Answer, Call, Predicate, Request, Value};
use emulant_gate::{Declaration, Effect, Gate, Operation, Provenance, SchemaCheck};
use emulant_journal::{Exchange, Journal, Outcome, Parent};
use emulant_machine::label::Level;
use std::collections::BTreeSet;
use std::path::Path;

/// File name of programs that undo.
pub const FILE: &str = "<undo>";
/// The built-in tool that puts back what was kept.
pub const RESTORE: &str = "restore_before";

/// How much of a run is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of it.
    All,
    /// What happened at this entry and behind it.
    From(u64),
    /// What depended on the answer to this entry.
    Answer(u64),
}

/// One act of a run, and how it is taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The entry that asked for it.
    pub seq: u64,
    /// The call, to be shown.
    pub shown: String,
    /// How.
    pub how: How,
}

/// How an act is taken back.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// By this call.
    Call(Call),
    /// It was taken back before.
    Done,
    /// It cannot be.
    Cannot(String),
    /// Nobody knows whether it happened.
    InDoubt,
}

/// What there is to undo, the latest act first. `done`: entries that were undone before. `folder` is the
/// store's.
///
/// # Errors
/// When the journal is empty, or there is no such entry.
pub fn plan(journal: &Journal, which: Which, done: &BTreeSet<u64>, folder: &Path) -> Result<Vec<Step>, String> {
    let run = journal.run().ok_or("the journal is empty")?;
    let (_, tools) = RunOptions::of_run(run);
    let chosen = chosen(journal, which)?;
    // What a fork took over was done by its parent, and is undone there.
    let is_own = |exchange: &&Exchange| match (&run.parent, &exchange.answer) {
        (Some(_), Some(settled)) => settled.entry.at_us >= run.started_us,
        _ => true,
    };
    let acts = journal.exchanges().iter().rev().filter(|exchange| exchange.acts && chosen.contains(&exchange.ask.id)).filter(is_own);
    let step = |exchange: &Exchange| {
        let Request::Call(call) = &exchange.ask.request else { return None };
        let how = match &exchange.answer {
            None if exchange.in_doubt() => How::InDoubt,
            None => return None,
            Some(_) if !was_executed(exchange) => return None,
            Some(_) if done.contains(&exchange.seq) => How::Done,
            Some(_) => how(exchange, call, &tools, folder).unwrap_or_else(How::Cannot),
        };
        Some(Step { seq: exchange.seq, shown: shown_call(call), how })
    };
    Ok(acts.filter_map(step).collect())
}

/// Ids of the asks that are to be undone.
fn chosen(journal: &Journal, which: Which) -> Result<BTreeSet<u64>, String> {
    let all = journal.exchanges();
    let known = |seq: u64| journal.exchange_at(seq).ok_or_else(|| format!("there is no entry {seq}"));
    match which {
        Which::All => Ok(all.iter().map(|exchange| exchange.ask.id).collect()),
        Which::From(seq) => {
            let first = known(seq)?.ask.id;
            Ok(all.iter().map(|exchange| exchange.ask.id).filter(|id| *id >= first).collect())
        }
        Which::Answer(seq) => {
            // Labels name all answers that flowed in, also by way of others; a tool's own answer depends on
            // what it was given.
            let mut bad = BTreeSet::from([known(seq)?.ask.id]);
            for exchange in all {
                let origins = exchange.ask.seen.iter().flat_map(|seen| seen.data.iter().chain(&seen.choice));
                if origins.map(|origin| origin.ask).any(|ask| bad.contains(&ask)) {
                    bad.insert(exchange.ask.id);
                }
            }
            Ok(bad)
        }
    }
}

fn was_executed(exchange: &Exchange) -> bool {
    let refused = matches!(exchange.answered(), Some(Answer::Refused { .. } | Answer::Stopped));
    match exchange.later_verdicts().find(|verdict| verdict.stage == "execution") {
        Some(verdict) => verdict.outcome == Outcome::Pass,
        // Journals of earlier versions have no such stage: what has an answer was executed.
        None => !refused && exchange.later_verdicts().all(|verdict| verdict.stage != "scan"),
    }
}

fn how(exchange: &Exchange, call: &Call, tools: &[Declaration], folder: &Path) -> Result<How, String> {
    let tool = tools.iter().find(|tool| tool.name == call.tool).ok_or("its tool is not declared any more")?;
    let kept = exchange.later_verdicts().filter(|verdict| verdict.stage == "execution").find_map(|verdict| kept::digest(&verdict.reason));
    match (tool.contract.effect, &tool.contract.inverse, kept) {
        (Effect::Staged, _, Some(digest)) => {
            kept::get(folder, digest)?;
            Ok(How::Call(Call { tool: RESTORE.into(), arguments: vec![("kept".into(), Value::str(digest))] }))
        }
        (Effect::Staged, _, None) => Err("what was there before was not kept".into()),
        (Effect::Inverse, Some(inverse), kept) => {
            let result = match exchange.answered() {
                Some(Answer::Value { value, .. }) => value.clone(),
                _ => return Err("it failed, and may have happened in part".into()),
            };
            let before = kept.map(|digest| kept::get(folder, digest)).transpose()?;
            operation(inverse, call, Some(&result), before.as_ref()).map(How::Call)
        }
        (Effect::Delayed, ..) => Err("it was sent".into()),
        _ => Err("it cannot be undone".into()),
    }
}

/// The call that an operation of a contract stands for.
///
/// # Errors
/// When an expression has no value.
pub(crate) fn operation(operation: &Operation, call: &Call, result: Option<&Value>, before: Option<&Value>) -> Result<Call, String> {
    let mut names: Vec<(String, Value)> = call.arguments.clone();
    names.retain(|(name, _)| !["args", "result", "before"].contains(&name.as_str()));
    names.push(("args".into(), Value::dict(call.arguments.iter().cloned())));
    names.extend(result.map(|result| ("result".to_string(), result.clone())));
    names.extend(before.map(|before| ("before".to_string(), before.clone())));
    let python = Python::default();
    let argument = |(name, expression): &(String, String)| {
        let value = python.value(expression, &names).map_err(|why| format!("{}: {expression}: {why}", operation.tool))?;
        Ok((name.clone(), value))
    };
    Ok(Call { tool: operation.tool.clone(), arguments: operation.arguments.iter().map(argument).collect::<Result<_, String>>()? })
}

/// Entries of a run that runs of [`undo`] have taken back.
///
/// # Errors
/// When the store fails, or one of those runs is in doubt.
pub fn done(store: &Store, run: &str) -> Result<BTreeSet<u64>, RunError> {
    let mut done = BTreeSet::new();
    for row in store.list()? {
        if row.file != FILE {
            continue;
        }
        let journal = store.journal(&row.id)?;
        let Some(opening) = journal.run().filter(|opening| opening.parent.as_ref().is_some_and(|parent| parent.run == run)) else { continue };
        let lines: Vec<&str> = opening.program.text.lines().collect();
        if let Some(doubt) = journal.in_doubt().next() {
            let reason = format!("entry {} of the undoing run {} may have happened or not: answer it first (emulant answer {} {} …)", doubt.seq, row.id, row.id, doubt.seq);
            return Err(RunError::Usage(reason));
        }
        for exchange in journal.exchanges() {
            let line = usize::try_from(exchange.ask.site.line).ok().and_then(|line| lines.get(line.wrapping_sub(1)));
            let entry = line.and_then(|line| line.rsplit_once("# entry ")).and_then(|(_, seq)| seq.parse().ok());
            if let (Some(seq), Some(Answer::Value { .. })) = (entry, exchange.answered()) {
                done.insert(seq);
            }
        }
    }
    Ok(done)
}

/// The program that takes these steps.
pub fn program(run: &str, steps: &[Step]) -> String {
    let mut text = format!("# Takes back what run {run} did, the latest first.\nfrom emulant import tools\n");
    for step in steps {
        if let How::Call(call) = &step.how {
            let arguments: Vec<String> = call.arguments.iter().map(|(name, value)| format!("{name}={}", literal(value))).collect();
            text.push_str(&format!("tools.{}({})  # entry {}\n", call.tool, arguments.join(", "), step.seq));
        }
    }
    text
}

/// A value as Python writes it.
fn literal(value: &Value) -> String {
    let list = |items: &[Value]| items.iter().map(literal).collect::<Vec<_>>().join(", ");
    match value {
        Value::None => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(int) => int.to_string(),
        Value::Big(digits) => digits.clone(),
        Value::Float(float) if float.is_finite() => format!("{float:?}"),
        Value::Float(float) => format!("float('{float}')"),
        // JSON's escapes are Python's too.
        Value::Str(text) => serde_json::Value::String(text.clone()).to_string(),
        Value::Bytes(bytes) => format!("bytes([{}])", bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")),
        Value::List(items) => format!("[{}]", list(items)),
        Value::Set(items) => format!("set([{}])", list(items)),
        Value::Tuple(items) => format!("tuple([{}])", list(items)),
        Value::Dict(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{}: {}", literal(key), literal(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::Record(_, fields) => {
            let pairs: Vec<String> = fields.iter().map(|(key, value)| format!("{}: {}", serde_json::Value::from(key.as_str()), literal(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// What stands in the program of these steps and was chosen by nobody outside: trusted arguments of the calls that
/// are taken back, trusted parts of their results, the contract's own words, and digests. All else that the program says is somebody else's, as it was in the run.
fn trusted_words(journal: &Journal, steps: &[Step], schemas: &dyn SchemaCheck) -> Result<String, String> {
    let (options, tools) = RunOptions::of_run(journal.run().ok_or("the journal is empty")?);
    let options = RunOptions { manifest: Default::default(), ..options };
    let rules = Rules::new(&options, &tools, &[], schemas)?;
    let mut words: Vec<String> = Vec::new();
    for step in steps {
        let How::Call(taken_back) = &step.how else { continue };
        let Some(exchange) = journal.exchange_at(step.seq) else { continue };
        let Request::Call(call) = &exchange.ask.request else { continue };
        if taken_back.tool == RESTORE {
            taken_back.arguments.iter().for_each(|(_, digest)| words.extend(texts(digest)));
            continue;
        }
        let provenance = |gate: &Gate<'_>| gate.provenance(call, &exchange.ask.seen);
        let provenance = rules.with_gate(&options, &tools, journal.exchanges(), schemas, provenance);
        let is_trusted = |from: &Provenance| !from.untrusted && (options.labels == Level::Flow || !from.chosen);
        let trusted = provenance.iter().filter(|(_, from)| is_trusted(from)).map(|(name, _)| name);
        let value = |name: &String| call.arguments.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        words.extend(trusted.filter_map(value).flat_map(texts));
        let tool = |name: &str| tools.iter().find(|tool| tool.name == name);
        let Some(done) = tool(&call.tool) else { continue };
        if let Some(Answer::Value { value, .. }) = exchange.answered() {
            words.extend(texts(&narrow::trusted(value, "", done)));
        }
        words.extend(done.contract.inverse.iter().flat_map(|inverse| &inverse.arguments).map(|(_, expression)| expression.clone()));
    }
    Ok(words.join("\n"))
}

/// Undoes the steps that a plan says can be undone.
///
/// # Errors
/// As [`crate::run::run`].
pub fn undo(journal: &Journal, steps: &[Step], store: Store, world: World<'_>) -> Result<run::Outcome, RunError> {
    let opening = journal.run().ok_or_else(|| RunError::Usage("the journal is empty".into()))?;
    let (before, _) = RunOptions::of_run(opening);
    let allowed = steps.iter().filter_map(|step| match &step.how {
        How::Call(call) => Some(call.tool.clone()),
        _ => None,
    });
    let said = trusted_words(journal, steps, world.tools.schemas()).map_err(RunError::Tools)?;
    let options = RunOptions {
        foreign_program: Some(said),
        allowed: allowed.collect(),
        approve: Approve::Now,
        tools_file: before.tools_file,
        root: before.root,
        manifest: before.manifest,
        ..RunOptions::new(FILE, program(&opening.run, steps))
    };
    let last = steps.iter().map(|step| step.seq).max().unwrap_or(0);
    crate::run::run_below(options, Some(store), world, Some(Parent { run: opening.run.clone(), at: last }))
}
