//! Lazy answers cannot be observed: a generated program runs eagerly and lazily with the same
//! answers, and output, ending with traceback, and asks must be equal.

use super::answers::{Answerer, machine_options};
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::generate::{Dialect, program};
use emulant_ask::{Answer, Ask, Limits, Request};
use emulant_machine::code::Code;
use emulant_machine::{Machine, Reply, Step, Stream};
use std::sync::Arc;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "lazy",
    shows: "lazy and eager runs of a program are equal in output, exception, traceback and asks",
    small: 150,
    full: 10_000,
    tried: &[("compared", 90), ("failed answers", 20), ("asks", 300)],
    run,
};

/// What one program may spend.
pub const LIMITS: Limits = Limits { instructions: 3_000_000, memory_bytes: 64 << 20, output_bytes: 1 << 20, asks: 400, depth: 1000 };
fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| one(&mut Dice::new(order.seed, case), findings))
}

/// Everything that a run shows.
#[derive(Debug, Default, PartialEq)]
struct Shown {
    output: Vec<(bool, String)>,
    ending: String,
    /// Asks other than holes, in order; then the holes, as the program took their answers.
    acts: Vec<Ask>,
    holes: Vec<Ask>,
    failed: bool,
}

impl Shown {
    fn take(&mut self, machine: &mut Machine) {
        for (stream, text) in machine.take_output() {
            match self.output.last_mut() {
                Some((error, before)) if *error == (stream == Stream::Err) => before.push_str(&text),
                _ => self.output.push((stream == Stream::Err, text)),
            }
        }
    }

    fn ask(&mut self, ask: &Ask, reply: &Reply) {
        self.failed |= matches!(reply, Reply::Answer(answer) if !matches!(answer, Answer::Value { .. }));
        let list = if matches!(ask.request, Request::Emulate(_)) { &mut self.holes } else { &mut self.acts };
        list.push(ask.clone());
    }
}

fn one(dice: &mut Dice, findings: &mut Findings) -> Result<(), Fault> {
    let statements = 3 + dice.below(10);
    let text = program(dice, Dialect::Asking, statements);
    let failing = *dice.pick(&[0, 0, 5, 15, 40]);
    let answers = dice.bits();
    let options = emulant_compile::Options { file: "program.py".into(), ..Default::default() };
    let code = emulant_compile::compile(&text, &options).map_err(|error| Fault::new(format!("does not compile: {error}"), &text))?;
    let eager = plain(&code, true, &mut Answerer::new(answers, failing));
    let lazy = plain(&code, false, &mut Answerer::new(answers, failing));
    findings.add("asks", (eager.acts.len() + eager.holes.len()) as u64);
    findings.add("raised", u64::from(eager.ending.starts_with("Raised")));
    findings.add("failed answers", u64::from(eager.failed));
    if eager.ending.starts_with("Limit") || lazy.ending.starts_with("Limit") {
        findings.add("ended by a limit", 1);
        return Ok(());
    }
    findings.add("compared", 1);
    match differs(&eager, &lazy) {
        None => Ok(()),
        Some(what) => Err(Fault::new(format!("lazy differs: {what}"), text)),
    }
}

fn plain(code: &Arc<Code>, eager: bool, answerer: &mut Answerer) -> Shown {
    let mut machine = Machine::new(emulant_stdlib::library(), LIMITS, machine_options(eager));
    let mut shown = Shown::default();
    let mut step = machine.start(code.clone());
    loop {
        shown.take(&mut machine);
        let Step::Asks(asks) = step else { break };
        let replies: Vec<(u64, Reply)> = asks.iter().map(|ask| (ask.id, answerer.reply(ask))).collect();
        asks.iter().zip(&replies).for_each(|(ask, (_, reply))| shown.ask(ask, reply));
        step = machine.resume(replies);
    }
    shown.ending = ending(&step);
    shown
}

/// How a run ended, with the traceback.
pub fn ending(step: &Step) -> String {
    match step {
        Step::Raised(uncaught) => format!("Raised {}", emulant_host::traceback::text(uncaught)),
        other => format!("{other:?}"),
    }
}

/// What differs between the two, if anything. Where an answer failed, the lazy run may have
/// asked holes that the eager one never came to: bets that were lost. All others are the same.
fn differs(eager: &Shown, lazy: &Shown) -> Option<String> {
    if eager.ending != lazy.ending {
        return Some(format!("ends with {:?}, eager with {:?}", lazy.ending, eager.ending));
    }
    if eager.output != lazy.output {
        return Some(format!("wrote {:?}, eager {:?}", lazy.output, eager.output));
    }
    let plain = |ask: &Ask| (ask.request.clone(), ask.site.clone());
    let same = |a: &[Ask], b: &[Ask]| a.iter().map(plain).eq(b.iter().map(plain));
    if !same(&eager.acts, &lazy.acts) {
        let at = eager.acts.iter().zip(&lazy.acts).position(|(a, b)| plain(a) != plain(b));
        return Some(format!("another call, input or clock: {at:?} of {} and {}", lazy.acts.len(), eager.acts.len()));
    }
    if eager.failed || lazy.failed {
        // The same hole may have been asked elsewhere before, by a bet that was lost: its answer is remembered.
        let missing = eager.holes.iter().find(|hole| !lazy.holes.iter().any(|other| other.request == hole.request));
        return missing.map(|hole| format!("never asked {:?}", hole.site));
    }
    match same(&eager.holes, &lazy.holes) {
        true => None,
        false => Some(format!("asked {} holes, eager {}", lazy.holes.len(), eager.holes.len())),
    }
}
