//! Any answer to any ask: the program gets an exception or a value, never the host a panic.

use super::answers::{self, machine_options};
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::generate::{Dialect, program};
use crate::pure;
use emulant_ask::{Answer, Ask, Limits, Request, Value};
use emulant_machine::{Machine, Reply, Step};

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "fuzz-answers",
    shows: "answers of any form and type lead to a typed end",
    small: 150,
    full: 500_000,
    tried: &[("answers", 100)],
    run,
};

const LIMITS: Limits = Limits { instructions: 500_000, memory_bytes: 16 << 20, output_bytes: 1 << 20, asks: 80, depth: 400 };
/// Names that an answerer may give as the class of an exception.
const CLASSES: &[&str] = &[
    "", "object", "type", "int", "BaseException", "SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "StopAsyncIteration", "ExceptionGroup",
    "RecursionError", "MemoryError", "SyntaxError", "UnicodeDecodeError", "OSError", "ToolError", "AskFailed", "Refused", "no such", "\u{0}", "Exception",
];

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let mut dice = Dice::new(order.seed, case);
        let statements = 2 + dice.below(6);
        let text = program(&mut dice, Dialect::Asking, statements);
        one(&text, &mut dice, findings).map_err(|what| Fault::new(what, text))
    })
}

fn one(text: &str, dice: &mut Dice, findings: &mut Findings) -> Result<(), String> {
    let options = emulant_compile::Options { file: "program.py".into(), ..Default::default() };
    let code = emulant_compile::compile(text, &options).map_err(|error| error.to_string())?;
    let mut machine = Machine::new(emulant_stdlib::library(), LIMITS, machine_options(dice.chance(30)));
    let mut step = machine.start(code);
    while let Step::Asks(asks) = &step {
        findings.add("answers", asks.len() as u64);
        let mut replies: Vec<(u64, Reply)> = asks.iter().map(|ask| (ask.id, reply(dice, ask))).collect();
        let whole = replies.clone();
        match dice.below(20) {
            0 => replies.clear(),
            1 => replies.push((dice.bits(), Reply::Answer(Answer::value(Value::None)))),
            2 => replies.reverse(),
            3 => replies.extend(whole.clone()),
            _ => {}
        }
        step = machine.resume(replies);
        // A host that left out an answer gives it the second time.
        if matches!(&step, Step::Asks(asks) if asks.is_empty()) {
            step = machine.resume(whole);
        }
        if matches!(&step, Step::Asks(asks) if asks.is_empty()) {
            return Err("it waits for nothing".into());
        }
    }
    Ok(())
}

fn reply(dice: &mut Dice, ask: &Ask) -> Reply {
    if let Request::Compile(compile) = &ask.request {
        return match dice.below(4) {
            0 => Reply::Answer(any_answer(dice)),
            1 => Reply::SyntaxError { class: (*dice.pick(CLASSES)).into(), message: String::new(), line: 0, col: u32::MAX, text: "\u{0}".into() },
            _ => pure::compiled(compile),
        };
    }
    Reply::Answer(match dice.chance(40) {
        true => answers::random(dice, &ask.request, 20),
        false => any_answer(dice),
    })
}

fn any_answer(dice: &mut Dice) -> Answer {
    match dice.below(12) {
        0 => Answer::Raise { class: (*dice.pick(CLASSES)).into(), message: "m".repeat(dice.below(3)) },
        1 => Answer::Failed { reason: String::new() },
        2 => Answer::Refused { reason: "\u{0}\n".into() },
        3 if dice.chance(10) => Answer::Stopped,
        4 => Answer::value(nested(dice)),
        _ => Answer::value(any_value(dice, 3)),
    }
}

/// A list in a list in a list.
fn nested(dice: &mut Dice) -> Value {
    let depth = *dice.pick(&[50, 150, 400, 2000]);
    (0..depth).fold(Value::Int(1), |inner, _| Value::List(Vec::from([inner])))
}

fn any_value(dice: &mut Dice, depth: usize) -> Value {
    let some = |dice: &mut Dice| -> Vec<Value> { (0..dice.below(4)).map(|_| any_value(dice, depth - 1)).collect() };
    match dice.below(if depth == 0 { 9 } else { 15 }) {
        0 => Value::None,
        1 => Value::Bool(true),
        2 => Value::Int(dice.bits() as i64),
        3 => Value::Big((*dice.pick(&["", "-", "12", "99999999999999999999999999", "-0", "x", "1e5"])).into()),
        4 => Value::Float(*dice.pick(&[f64::NAN, f64::INFINITY, -0.0, 1e308, 5e-324])),
        5 => Value::str(*dice.pick(&["", "\u{0}", "\u{202e}abc", "\u{10ffff}", "a\u{301}", "__class__"])),
        6 => Value::str("x".repeat(*dice.pick(&[10, 5000, 200_000]))),
        7 => Value::Bytes(Vec::from([0, 255, 128])),
        8 => Value::Int(0),
        9 => Value::List(some(dice)),
        10 => Value::Tuple(some(dice)),
        // A set of lists, a dict with a dict for a key: no Python value, and yet JSON may say so.
        11 => Value::Set(some(dice)),
        12 => Value::Dict(some(dice).into_iter().map(|key| (key, Value::Int(1))).collect()),
        13 => Value::Record("Record".into(), Vec::from([("name".into(), any_value(dice, depth - 1)), ("__class__".into(), Value::Int(3))])),
        _ => Value::List((0..3000).map(Value::Int).collect()),
    }
}
