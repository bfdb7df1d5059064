//! Any bytes as an image: refused, or a machine that goes on to a typed end.

use super::answers::{Answerer, machine_options};
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::generate::{Dialect, program};
use emulant_ask::Limits;
use emulant_machine::image::CodeName;
use emulant_machine::{Machine, Step};

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "fuzz-image",
    shows: "damaged images are refused or give a machine that goes on to a typed end",
    small: 60,
    full: 200_000,
    tried: &[("images", 100), ("refused", 50)],
    run,
};

const LIMITS: Limits = Limits { instructions: 300_000, memory_bytes: 16 << 20, output_bytes: 1 << 20, asks: 50, depth: 400 };
/// Damaged copies of one image.
const COPIES: usize = 12;
/// Asks that a loaded machine is answered.
const ANSWERS_MAX: usize = 8;

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let mut dice = Dice::new(order.seed, case);
        let statements = 2 + dice.below(5);
        let text = program(&mut dice, Dialect::Asking, statements);
        one(&text, &mut dice, findings).map_err(|what| Fault::new(what, text))
    })
}

fn one(text: &str, dice: &mut Dice, findings: &mut Findings) -> Result<(), String> {
    let options = emulant_compile::Options { file: "program.py".into(), ..Default::default() };
    let code = emulant_compile::compile(text, &options).map_err(|error| error.to_string())?;
    let mut answerer = Answerer::new(dice.bits(), 10);
    let mut machine = Machine::new(emulant_stdlib::library(), LIMITS, machine_options(true));
    let mut step = machine.start(code.clone());
    // Somewhere on the way, not only at the first ask.
    for _ in 0..dice.below(6) {
        let Step::Asks(asks) = &step else { break };
        step = machine.resume(asks.iter().map(|ask| (ask.id, answerer.reply(ask))).collect());
    }
    let Step::Asks(asks) = step else { return Ok(()) };
    let bytes = machine.image().map_err(|error| error.to_string())?;
    let name = CodeName::of(&code);
    let known = |wanted: &CodeName| (*wanted == name).then(|| code.clone());
    for _ in 0..COPIES {
        let damaged = damaged(&bytes, dice);
        findings.add("images", 1);
        let Ok(mut machine) = Machine::from_image(&damaged, emulant_stdlib::library(), &known) else {
            findings.add("refused", 1);
            continue;
        };
        // What the image says may be spent is its own affair here: signed images are not damaged.
        machine.limits = LIMITS;
        machine.state_hash();
        let mut step = machine.resume(asks.iter().map(|ask| (ask.id, answerer.reply(ask))).collect());
        for _ in 0..ANSWERS_MAX {
            let Step::Asks(asks) = &step else { break };
            if asks.is_empty() {
                break;
            }
            step = machine.resume(asks.iter().map(|ask| (ask.id, answerer.reply(ask))).collect());
        }
        let _ = machine.image();
    }
    Ok(())
}

fn damaged(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for _ in 0..1 + dice.below(3) {
        let at = 10.min(damaged.len()) + dice.below(damaged.len().saturating_sub(10));
        match dice.below(8) {
            0 => damaged.truncate(at),
            1 => damaged.insert(at, dice.bits() as u8),
            2 if at < damaged.len() => drop(damaged.remove(at)),
            3 if at < damaged.len() => damaged[at] = *dice.pick(&[0, 1, 127, 128, 255]),
            4 if at < damaged.len() => damaged[at] = damaged[at].wrapping_add(1),
            _ if at < damaged.len() => damaged[at] ^= 1 << dice.below(8),
            _ => {}
        }
    }
    damaged
}
