//! `_unicodedata`: the facts about one character. Defaults and messages are `unicodedata.py`.

use crate::builtins::support::Outcome;
use crate::kernel::character::{self as facts, Form};
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::Trap;
use crate::value::Value;
use alloc::string::String;

const fn function(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "_unicodedata", name, code, bind: Bind::Function }
}

/// Natives of `_unicodedata`.
pub const TABLE: &[NativeRow] = &[
    function("category", |m, args| text(m, args, facts::category)),
    function("bidirectional", |m, args| text(m, args, facts::bidirectional)),
    function("east_asian_width", |m, args| text(m, args, facts::east_asian_width)),
    function("decomposition", |m, args| text(m, args, facts::decomposition)),
    function("combining", |m, args| Ok(Value::int(i64::from(facts::combining(letter(m, args)?))))),
    function("mirrored", |m, args| Ok(Value::int(i64::from(facts::mirrored(letter(m, args)?))))),
    function("numeric", |m, args| Ok(facts::numeric(letter(m, args)?).map_or(Value::NONE, Value::float))),
    function("digit", |m, args| number(m, args, facts::digit)),
    function("decimal", |m, args| number(m, args, crate::kernel::unicode::decimal)),
    function("name", name),
    function("named", named),
    function("normalize", normalize),
];

/// The one character of the first argument; `unicodedata.py` has looked that it is one.
fn letter(m: &mut Machine, args: &Args) -> Result<char, Trap> {
    m.expect(args, "unicodedata", 0, 1, 1)?;
    let given = *m.arg(args, 0)?;
    let mut letters = m.text_of(given).unwrap_or_default().chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Ok(letter),
        _ => Err(m.type_error("one character is expected")),
    }
}

fn text(m: &mut Machine, args: &Args, fact: fn(char) -> &'static str) -> Outcome {
    let letter = letter(m, args)?;
    m.new_str(fact(letter))
}

fn number(m: &mut Machine, args: &Args, fact: fn(char) -> Option<u32>) -> Outcome {
    Ok(fact(letter(m, args)?).map_or(Value::NONE, |number| Value::int(i64::from(number))))
}

fn name(m: &mut Machine, args: &Args) -> Outcome {
    match facts::name(letter(m, args)?) {
        Some(name) => m.new_str(name),
        None => Ok(Value::NONE),
    }
}

fn named(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "lookup", 0, 1, 1)?;
    let given = *m.arg(args, 0)?;
    match m.text_of(given).and_then(facts::named) {
        Some(letter) => m.new_str(String::from(letter)),
        None => Ok(Value::NONE),
    }
}

/// `normalize(form, text)`; None for a form that does not exist.
fn normalize(m: &mut Machine, args: &Args) -> Outcome {
    m.expect(args, "normalize", 0, 2, 2)?;
    let (form, given) = (*m.arg(args, 0)?, *m.arg(args, 1)?);
    let form = match m.text_of(form) {
        Some("NFC") => Form::Nfc,
        Some("NFD") => Form::Nfd,
        Some("NFKC") => Form::Nfkc,
        Some("NFKD") => Form::Nfkd,
        _ => return Ok(Value::NONE),
    };
    let text = String::from(m.text_of(given).unwrap_or_default());
    m.spend(20 * text.len() as u64)?;
    // The longest decomposition of one character has 18 letters.
    m.charge(18 * text.len() as u64)?;
    m.new_str(facts::normalize(&text, form))
}
