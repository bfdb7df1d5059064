//! Any text as a program: it is refused with a reason, or it runs to a typed end.

use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::generate::{Dialect, program};
use crate::pure::{self, Ended};
use emulant_ask::Limits;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "fuzz-source",
    shows: "damaged program texts are refused with a reason or run to a typed end",
    small: 300,
    full: 1_000_000,
    tried: &[("refused", 20), ("done", 1)],
    run,
};

const LIMITS: Limits = Limits { instructions: 300_000, memory_bytes: 16 << 20, output_bytes: 1 << 20, asks: 50, depth: 400 };

/// What is put into texts: tokens whose combinations are rare in programs that people write.
const TOKENS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", ":", ",", ";", ".", "...", "->", "=", ":=", "==", "+", "-", "*", "**", "/", "//", "%", "@", "&", "|", "^", "~", "<<",
    ">>", "<", ">", "!=", "\\\n", "\n", "\n    ", "\n\t", "    ", "\t", "#", "'", "\"", "'''", "\"\"\"", "f'", "f'{", "}'", "rb'", "b\"", "\\x", "\\N{", "\\u12",
    "0x", "1_", "1e999", "0777", "1j", "9999999999999999999999", "if ", "else:", "elif ", "for ", "in ", "while ", "def f(", "class A(", "lambda ", "yield ",
    "yield from ", "await ", "async ", "async for ", "with ", "as ", "try:", "except ", "except* ", "finally:", "raise ", "return ", "import ", "from . import ",
    "global x", "nonlocal x", "del ", "match x:", "case ", "case {**r}:", "case [*_, a]:", "not ", "is ", "and ", "or ", "None", "True", "type X[T] = ", "print(",
    "\u{feff}", "\u{0}", "\u{200b}", "\u{202e}", "é", "\u{1F600}", "\u{ff21}", "\r", "\r\n", "\u{c}", "x", "__debug__", "*a", "**k", "/, ", "*, ",
];

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let mut dice = Dice::new(order.seed, case);
        let text = damaged(&mut dice);
        let ran = pure::run_within("program.py", &text, LIMITS);
        findings.add(
            match &ran.ended {
                Ended::Done { .. } => "done",
                Ended::Raised { .. } => "raised",
                Ended::Limit(_) => "ended by a limit",
                Ended::SyntaxError(_) => "refused",
                Ended::Unsupported(_) => "not supported",
            },
            1,
        );
        let again = pure::run_within("program.py", &text, LIMITS);
        let shown = |ran: &pure::Ran| (ran.output.clone(), ran.ended.clone(), ran.instructions);
        match shown(&ran) == shown(&again) {
            true => Ok(()),
            false => Err(Fault::new(format!("not the same twice: {:?}, then {:?}", ran.ended, again.ended), text)),
        }
    })
}

fn damaged(dice: &mut Dice) -> String {
    let dialect = if dice.chance(50) { Dialect::Plain } else { Dialect::Asking };
    let statements = 1 + dice.below(4);
    let mut text: Vec<char> = program(dice, dialect, statements).chars().collect();
    for _ in 0..1 + dice.below(6) {
        let (at, to) = (dice.below(text.len() + 1), dice.below(text.len() + 1));
        let (from, until) = (at.min(to), at.max(to).min(at.min(to) + 60));
        match dice.below(7) {
            0 => drop(text.drain(from..until)),
            1 => {
                let part: Vec<char> = text[from..until].to_vec();
                drop(text.splice(to..to, part));
            }
            2 | 3 => drop(text.splice(at..at, dice.pick(TOKENS).chars())),
            4 => {
                let token = *dice.pick(TOKENS);
                let times = *dice.pick(&[3, 40, 300, 5000]);
                drop(text.splice(at..at, token.repeat(times).chars()));
            }
            5 => text.truncate(at.max(20)),
            _ => {
                if let Some(c) = text.get_mut(at) {
                    *c = char::from_u32(dice.below(0x3000) as u32).unwrap_or('?');
                }
            }
        }
    }
    text.into_iter().collect()
}
