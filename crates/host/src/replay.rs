//! Runs again from the record: the same run without a model, a tool or a network,
//! another one that leaves it at one answer, and one that goes on.

use crate::answer::{World, compiled, now_us};
use crate::keep::{Keeper, RunError, SEMANTICS};
use crate::manifest::Manifest;
use crate::options::RunOptions;
use crate::rules::Rules;
use crate::run::{Outcome as Ran, RunResult, SLICE, difference, go_on, open};
use crate::store::{RunState, Store};
use crate::value::from_foreign;
use emulant_ask::{Answer, AnswerDetail, Ask, Call, Limit, Request, Value};
use emulant_gate::Declaration;
use emulant_journal::{Answered, Asked, Close, Exchange, Journal, Leave, Outcome, Parent, Run, Verdict, hex};
use emulant_machine::trace::TraceEvent;
use emulant_machine::{Machine, Reply, Step, Stream};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// What a replay found.
#[derive(Debug)]
pub enum Replayed {
    /// The record ends as the program does: same asks, output, ending and instructions.
    Same {
        /// How it ended.
        result: RunResult,
        /// SHA-256 of the output, in hex.
        output_sha256: String,
    },
    /// The record has no end yet; so far everything is the same.
    Open {
        /// Number of asks that are the same.
        asks: usize,
    },
    /// Something differs.
    Differs {
        /// The first entry that does.
        seq: u64,
        /// How.
        what: String,
    },
}

/// Runs a recorded run again, with the journal's answers only. What differs in a journal of other semantics says so.
///
/// # Errors
/// When the journal is empty.
pub fn replay(journal: &Journal, sink: &mut dyn FnMut(Stream, &str)) -> Result<Replayed, RunError> {
    let run = journal.run().ok_or_else(|| RunError::Usage("the journal is empty".into()))?;
    Ok(match replay_of(journal, run, sink)? {
        Replayed::Differs { seq, what } if run.semantics != SEMANTICS => {
            Replayed::Differs { seq, what: format!("{what} (recorded with semantics {}, replayed with {SEMANTICS})", run.semantics) }
        }
        replayed => replayed,
    })
}

fn replay_of(journal: &Journal, run: &Run, sink: &mut dyn FnMut(Stream, &str)) -> Result<Replayed, RunError> {
    let (options, tools) = RunOptions::of_run(run);
    let mut digest = Sha256::new();
    let mut bytes = 0;
    let code = match emulant_compile::compile(&options.text, &options.compile_options(&tools)) {
        Ok(code) => code,
        Err(error) => return Ok(ended(journal, RunResult::Rejected(error), (digest, bytes), 0)),
    };
    // Where the host stopped the program, the replay stops.
    let stop = journal.stops().last().map(|stop| stop.instructions);
    let limits = emulant_ask::Limits { instructions: stop.unwrap_or(options.limits.instructions), ..options.limits };
    let mut machine = Machine::new(emulant_stdlib::library(), limits, options.machine_options(&tools));
    machine.pause_every(SLICE);
    let mut step = machine.start(code);
    loop {
        for (stream, text) in machine.take_output() {
            if stream == Stream::Out {
                digest.update(text.as_bytes());
                bytes += text.len() as u64;
            }
            sink(stream, &text);
        }
        let result = match step {
            Step::Asks(asks) => match replies(journal, &asks) {
                Ok(replies) => {
                    step = machine.resume(replies);
                    continue;
                }
                Err(end) => return Ok(end),
            },
            Step::Paused => {
                step = machine.go_on();
                continue;
            }
            Step::Done { status } => RunResult::Done { status },
            Step::Raised(uncaught) => RunResult::Raised(uncaught),
            Step::Limit(Limit::Instructions) if stop.is_some() => RunResult::Limit(Limit::Seconds),
            Step::Limit(limit) => RunResult::Limit(limit),
        };
        return Ok(ended(journal, result, (digest, bytes), machine.instructions()));
    }
}

/// The events of a recorded run, from a replay. Only the answers are taken from the journal,
/// so that a trace may be made of a program that is compiled another way: with
/// `comprehension_frames`, comprehensions have frames of their own as in CPython 3.11.
/// Ends at `instructions`, since a trace is much longer than its run.
///
/// # Errors
/// When the journal is empty, or the program does not compile.
pub fn trace(journal: &Journal, comprehension_frames: bool, instructions: u64) -> Result<Vec<TraceEvent>, RunError> {
    let run = journal.run().ok_or_else(|| RunError::Usage("the journal is empty".into()))?;
    let (options, tools) = RunOptions::of_run(run);
    let compile = emulant_compile::Options { comprehension_frames, ..options.compile_options(&tools) };
    let code = emulant_compile::compile(&options.text, &compile).map_err(|error| RunError::Usage(error.to_string()))?;
    let limits = emulant_ask::Limits { instructions: options.limits.instructions.min(instructions), ..options.limits };
    let mut machine = Machine::new(emulant_stdlib::library(), limits, options.machine_options(&tools));
    machine.set_trace(true);
    let mut step = machine.start(code);
    while let Step::Asks(asks) = step {
        let answered = |ask: &Ask| journal.exchanges().get(usize::try_from(ask.id).ok()?)?.answered().cloned();
        let reply = |ask: &Ask| match (&ask.request, answered(ask)) {
            (Request::Compile(compile), Some(_)) => Some((ask.id, compiled(compile))),
            (_, answer) => answer.map(|answer| (ask.id, Reply::Answer(answer))),
        };
        let Some(replies) = asks.iter().map(reply).collect::<Option<Vec<_>>>() else { break };
        step = machine.resume(replies);
    }
    Ok(machine.take_trace())
}

fn replies(journal: &Journal, asks: &[Ask]) -> Result<Vec<(u64, Reply)>, Replayed> {
    let one = |ask: &Ask| {
        let Some(exchange) = journal.exchanges().get(usize::try_from(ask.id).unwrap_or(usize::MAX)) else {
            return Err(match journal.ending() {
                Some(_) => Replayed::Differs { seq: last(journal), what: "the program asks more than is recorded".into() },
                None => Replayed::Open { asks: journal.exchanges().len() },
            });
        };
        if let Some(what) = difference(&exchange.ask, ask) {
            return Err(Replayed::Differs { seq: exchange.seq, what });
        }
        match (&ask.request, exchange.answered()) {
            (_, None) => Err(Replayed::Open { asks: journal.exchanges().iter().filter(|e| e.answer.is_some()).count() }),
            (Request::Compile(compile), Some(_)) => Ok((ask.id, compiled(compile))),
            (_, Some(answer)) => Ok((ask.id, Reply::Answer(answer.clone()))),
        }
    };
    asks.iter().map(one).collect()
}

fn last(journal: &Journal) -> u64 {
    journal.next_seq().saturating_sub(1)
}

fn ended(journal: &Journal, result: RunResult, (digest, bytes): (Sha256, u64), instructions: u64) -> Replayed {
    let output_sha256 = hex(&digest.finalize());
    let Some(close) = journal.ending() else {
        return match journal.exchanges().iter().all(|exchange| exchange.answer.is_some()) {
            // All was answered, the end was not written: a process died in between.
            true => Replayed::Open { asks: journal.exchanges().len() },
            false => Replayed::Differs { seq: last(journal), what: "the program ends before the record does".into() },
        };
    };
    match mismatch(close, &result, &output_sha256, bytes, instructions) {
        Some(what) => Replayed::Differs { seq: last(journal), what },
        None => Replayed::Same { result, output_sha256 },
    }
}

fn mismatch(close: &Close, result: &RunResult, output_sha256: &str, bytes: u64, instructions: u64) -> Option<String> {
    let told = |what: &str, now: &dyn std::fmt::Display, then: &dyn std::fmt::Display| Some(format!("{what} is {now}, recorded is {then}"));
    match () {
        () if close.ending != result.ending() || close.message != result.message() => {
            told("the end", &format!("{} {}", result.name(), result.message()), &format!("{:?} {}", close.ending, close.message))
        }
        () if close.exit_status != result.exit_status() => told("the exit status", &result.exit_status(), &close.exit_status),
        () if close.output_bytes != bytes => told("the output's length", &bytes, &close.output_bytes),
        () if close.output_sha256 != output_sha256 => told("the output's digest", &output_sha256, &close.output_sha256),
        () if close.instructions != instructions => told("the count of instructions", &instructions, &close.instructions),
        () => None,
    }
}

/// Records what a person says to entry `seq` of a waiting run, and goes on with it.
///
/// # Errors
/// When the entry waits for nothing, or `said` does not fit what it asks.
pub fn answer(store: Store, id: &str, seq: u64, said: &Said, world: World<'_>) -> Result<Ran, RunError> {
    let mut keeper = Keeper::reopen(store, id)?;
    if keeper.journal().ending().is_some() {
        return Err(RunError::Usage(format!("run {id} is finished")));
    }
    let exchange = keeper.journal().exchange_at(seq).ok_or_else(|| RunError::Usage(format!("entry {seq} of run {id} asks nothing")))?;
    let ask = exchange.ask.id;
    if let Some(mut answered) = answer_to(exchange, seq, said)? {
        if exchange.in_doubt() && answered.to == exchange.seq {
            answered.verdicts = judge_said(&keeper, exchange, &answered.answer, &world)?;
        }
        keeper.answer(vec![answered], true)?;
    }
    keeper.state(RunState::Open)?;
    go_on(keeper, BTreeSet::from([ask]), world)
}

/// What a person says of a call in doubt counts as if its tool had said it: against the budget, under schema and
/// contract, and for the state.
fn judge_said(keeper: &Keeper, exchange: &Exchange, said: &Answer, world: &World<'_>) -> Result<Vec<Verdict>, RunError> {
    let (Request::Call(call), Some(opening)) = (&exchange.ask.request, keeper.journal().run()) else { return Ok(Vec::new()) };
    let mut verdicts = vec![execution(Outcome::Pass, "a person says what became of it")];
    if let Answer::Value { value, .. } = said {
        let (options, tools) = RunOptions::of_run(opening);
        let tools = crate::run::judged(&options, &tools);
        let (all, schemas) = (keeper.exchanges(), world.tools.schemas());
        let mut rules = Rules::new(&options, &tools, all, schemas).map_err(RunError::Tools)?;
        let (judged, outcome) = rules.judge_result(&options, &tools, all, exchange.ask.id, call, value, schemas);
        outcome.map_err(|why| RunError::Usage(format!("entry {}: {}: {why}", exchange.seq, call.tool)))?;
        verdicts.extend(judged);
    }
    Ok(verdicts)
}

fn execution(outcome: Outcome, reason: &str) -> Verdict {
    Verdict { stage: "execution".into(), outcome, reason: reason.into() }
}

/// Goes on with a run that waits or was killed, without saying anything new.
///
/// # Errors
/// When the run is finished.
pub fn resume(store: Store, id: &str, world: World<'_>) -> Result<Ran, RunError> {
    let mut keeper = Keeper::reopen(store, id)?;
    if keeper.journal().ending().is_some() {
        return Err(RunError::Usage(format!("run {id} is finished")));
    }
    keeper.state(RunState::Open)?;
    go_on(keeper, BTreeSet::new(), world)
}

/// What a person says to an open entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// The answer, as plain JSON.
    Json(Json),
    /// It did not happen: do it now. Only for calls in doubt.
    Again,
    /// It failed, for this reason.
    Failed(String),
}

fn answer_to(exchange: &Exchange, seq: u64, said: &Said) -> Result<Option<Answered>, RunError> {
    let usage = |reason: &str| RunError::Usage(format!("entry {seq}: {reason}"));
    if exchange.answer.is_some() {
        return Err(usage("it is answered already"));
    }
    // The call itself is meant, or what a person was asked about it.
    let approval = exchange.waits_for().filter(|approval| approval.seq == seq || exchange.seq == seq);
    let (to, answer) = match (approval, said) {
        (Some(approval), Said::Json(Json::Bool(granted))) => (approval.seq, crate::answer::said(*granted)),
        (Some(_), _) => return Err(usage("it waits for an approval: answer true or false")),
        (None, Said::Again) if exchange.in_doubt() => return Ok(None),
        (None, Said::Again) => return Err(usage("it is not in doubt")),
        (None, Said::Failed(reason)) => (exchange.seq, Answer::Failed { reason: reason.clone() }),
        (None, Said::Json(json)) => (exchange.seq, typed(&exchange.ask.request, json).map_err(|reason| usage(&reason))?),
    };
    Ok(Some(Answered { to, answer, verdicts: Vec::new(), detail: Default::default(), at_us: now_us() }))
}

/// The answer that `json` is to a request, if it fits.
fn typed(request: &Request, json: &Json) -> Result<Answer, String> {
    let value = match request {
        Request::Emulate(hole) => hole.shape.accept(json).map_err(|mismatch| mismatch.to_string())?,
        Request::Call(_) => from_foreign(json),
        Request::Approve { .. } => Value::Bool(json.as_bool().ok_or("answer true or false")?),
        Request::Input { .. } => Value::str(json.as_str().ok_or("answer a JSON string: the line")?),
        Request::Clock => Value::Float(json.as_f64().ok_or("answer a number: seconds since the epoch")?),
        Request::Seed => Value::Int(json.as_i64().ok_or("answer an integer")?),
        Request::Compile(_) => return Err("the compiler answers this, nobody else".into()),
    };
    Ok(Answer::Value { value, detail: AnswerDetail { by: "person".into(), ..AnswerDetail::default() } })
}

/// Another run that is like the recorded one up to entry `at`, gets `said` there, and goes on live, with the tools
/// of `world`. `options` are of [`RunOptions::of_fork`] or [`RunOptions::of_foreign`].
///
/// # Errors
/// When nothing is asked at `at`, or `said` does not fit.
pub fn fork(journal: &Journal, at: u64, said: &Said, mut options: RunOptions, store: Option<Store>, world: World<'_>) -> Result<Ran, RunError> {
    let run = journal.run().ok_or_else(|| RunError::Usage("the journal is empty".into()))?;
    let tools = world.tools.declare().map_err(RunError::Tools)?;
    let policies = std::mem::take(&mut options.manifest.policies);
    if options.manifest == Manifest::default() {
        options.manifest = world.tools.manifest();
    }
    if !policies.is_empty() {
        options.manifest.policies = policies;
    }
    let exchange = journal.exchange_at(at).ok_or_else(|| RunError::Usage(format!("entry {at} asks nothing")))?;
    let parent = Parent { run: run.run.clone(), at };
    let mut keeper = open(&options, &tools, store, Some(parent))?;
    for earlier in journal.exchanges().iter().take_while(|earlier| earlier.ask.id < exchange.ask.id) {
        copy(&mut keeper, earlier, &tools)?;
    }
    leave(&mut keeper, exchange, at, said, &tools)?;
    go_on(keeper, BTreeSet::from([exchange.ask.id]), world)
}

fn copy(keeper: &mut Keeper, exchange: &Exchange, tools: &[Declaration]) -> Result<(), RunError> {
    let seq = copy_ask(keeper, exchange, tools)?;
    // An approval that nothing came of yet is no approval of a call of the fork.
    for approval in exchange.approvals.iter().filter(|_| exchange.answer.is_some()) {
        copy_approval(keeper, exchange, approval, approval.answer.as_ref().map(|settled| settled.entry.clone()))?;
    }
    match (&exchange.answer, &exchange.left) {
        (Some(settled), _) => keeper.answer(vec![Answered { to: seq, ..settled.entry.clone() }], false),
        (None, Some(leave)) => keeper.leave(Leave { to: seq, ..leave.clone() }),
        (None, None) => Ok(()),
    }
}

fn copy_ask(keeper: &mut Keeper, exchange: &Exchange, tools: &[Declaration]) -> Result<u64, RunError> {
    let seq = keeper.journal().next_seq();
    // Whether it acts, the declared tool says, not a journal from elsewhere.
    let acts = |call: &Call| tools.iter().any(|tool| tool.name == call.tool && tool.acts);
    let acts = exchange.acts || matches!(&exchange.ask.request, Request::Call(call) if acts(call));
    let asked = Asked { ask: exchange.ask.clone(), acts, verdicts: exchange.verdicts.clone(), at_us: exchange.at_us };
    keeper.ask(vec![asked], false)?;
    Ok(seq)
}

fn copy_approval(
    keeper: &mut Keeper,
    exchange: &Exchange,
    approval: &emulant_journal::Approval,
    answer: Option<Answered>,
) -> Result<(), RunError> {
    let seq = keeper.journal().next_seq();
    let request = Request::Approve { call: exchange.ask.id, sentence: approval.sentence.clone() };
    let ask = Ask { id: exchange.ask.id, request, site: exchange.ask.site.clone(), seen: Vec::new() };
    keeper.ask(vec![Asked { ask, acts: false, verdicts: Vec::new(), at_us: exchange.at_us }], false)?;
    match answer {
        Some(answer) => keeper.answer(vec![Answered { to: seq, ..answer }], false),
        None => Ok(()),
    }
}

/// The entry where the fork leaves its parent, with the other answer.
fn leave(keeper: &mut Keeper, exchange: &Exchange, at: u64, said: &Said, tools: &[Declaration]) -> Result<(), RunError> {
    let seq = copy_ask(keeper, exchange, tools)?;
    let usage = |reason: &str| RunError::Usage(format!("entry {at}: {reason}"));
    let approval = exchange.approvals.iter().find(|a| a.seq == at || a.answer.as_ref().is_some_and(|settled| settled.seq == at));
    // Nothing was called: undoing the fork must not take it back, and no budget counts it.
    let given = || match &exchange.ask.request {
        Request::Call(_) => vec![execution(Outcome::Skip, "the answer was given to the fork")],
        _ => Vec::new(),
    };
    let answered = |to, answer, verdicts| Answered { to, answer, verdicts, detail: Default::default(), at_us: now_us() };
    match (approval, said) {
        (Some(approval), Said::Json(Json::Bool(granted))) => {
            copy_approval(keeper, exchange, approval, Some(answered(0, crate::answer::said(*granted), Vec::new())))
        }
        (Some(_), _) => Err(usage("it is an approval: answer true or false")),
        (None, Said::Again) => Ok(()),
        (None, Said::Failed(reason)) => keeper.answer(vec![answered(seq, Answer::Failed { reason: reason.clone() }, given())], true),
        (None, Said::Json(json)) => {
            let answer = typed(&exchange.ask.request, json).map_err(|reason| usage(&reason))?;
            keeper.answer(vec![answered(seq, answer, given())], true)
        }
    }
}
