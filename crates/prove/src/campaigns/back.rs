//! The past comes back exactly: a generated program runs with a mark at every batch of asks, steps
//! back to some of them and forward again. The state hash is the same at each batch, and so is the end.

use super::answers::{Answerer, machine_options};
use super::lazy::{LIMITS, ending};
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::generate::{Dialect, program};
use emulant_machine::code::Code;
use emulant_machine::mark::Mark;
use emulant_machine::{Machine, Reply, Step};
use std::sync::Arc;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "back",
    shows: "a step back to any ask and forward again gives the same state hashes and the same end",
    small: 100,
    full: 10_000,
    tried: &[("states compared", 300), ("marks taken", 50)],
    run,
};

/// Steps back in one run.
const STEPS_BACK: usize = 4;

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let mut dice = Dice::new(order.seed, case);
        let statements = 3 + dice.below(10);
        let text = program(&mut dice, Dialect::Asking, statements);
        let options = emulant_compile::Options { file: "program.py".into(), ..Default::default() };
        let code = emulant_compile::compile(&text, &options).map_err(|error| Fault::new(format!("does not compile: {error}"), &text))?;
        let failing = *dice.pick(&[0, 0, 5, 15, 40]);
        let mut answerer = Answerer::new(dice.bits(), failing);
        back_and_on(&code, &mut answerer, &mut dice, findings).map_err(|what| Fault::new(what, text))
    })
}

/// A moment before a batch of asks.
struct Moment {
    mark: Mark,
    hash: [u8; 32],
    instructions: u64,
    replies: Vec<(u64, Reply)>,
}

fn back_and_on(code: &Arc<Code>, answerer: &mut Answerer, dice: &mut Dice, findings: &mut Findings) -> Result<(), String> {
    let new = || Machine::new(emulant_stdlib::library(), LIMITS, machine_options(false));
    let mut machine = new();
    let mut moments: Vec<Moment> = Vec::new();
    let mut step = machine.start(code.clone());
    while let Step::Asks(asks) = step {
        let replies: Vec<(u64, Reply)> = asks.iter().map(|ask| (ask.id, answerer.reply(ask))).collect();
        moments.push(Moment { hash: machine.state_hash(), instructions: machine.instructions(), mark: machine.mark(), replies: replies.clone() });
        step = machine.resume(replies);
    }
    let (end, last) = (ending(&step), machine.state_hash());
    for _ in 0..STEPS_BACK.min(moments.len()) {
        let wanted = dice.below(moments.len());
        // Where a bet was lost, the way back is from an earlier mark, or from the start.
        let from = (0..=wanted).rev().find(|at| machine.back_to(&moments[*at].mark));
        findings.add(if from == Some(wanted) { "marks taken" } else { "marks lost with a bet" }, 1);
        if from.is_none() {
            machine = new();
            machine.start(code.clone());
        }
        for at in from.unwrap_or_default()..moments.len() {
            if machine.instructions() != moments[at].instructions {
                return Err(format!("stepped back to batch {wanted}: {} instructions at batch {at}, before {}", machine.instructions(), moments[at].instructions));
            }
            if machine.state_hash() != moments[at].hash {
                return Err(format!("stepped back to batch {wanted}: another state at batch {at}"));
            }
            // Marks behind the one that was gone back to no longer hold.
            moments[at].mark = machine.mark();
            findings.add("states compared", 1);
            step = machine.resume(moments[at].replies.clone());
        }
        if ending(&step) != end || machine.state_hash() != last {
            return Err(format!("stepped back to batch {wanted}: ends with {:?} where it ended with {end:?}", ending(&step)));
        }
    }
    Ok(())
}
