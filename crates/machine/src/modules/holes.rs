//! `_emulant`: what the library's forms of holes are made of. Each form is Python
//! (`stdlib/python/emulant.py` and its neighbours); the one ask is here.

use crate::builtins::support::Outcome;
use crate::machine::Machine;
use crate::native::{Args, Bind, NativeFn, NativeRow};
use crate::trap::Trap;
use crate::value::{Kind, Value};
use alloc::{format, string::String, vec::Vec};
use emulant_ask::{Hole, HoleKind, Shape};

const fn function(name: &'static str, code: NativeFn) -> NativeRow {
    NativeRow { owner: "_emulant", name, code, bind: Bind::Function }
}

/// Natives of `_emulant` that concern holes.
pub const TABLE: &[NativeRow] = &[
    function("emulate", emulate),
    function("feedback", feedback),
    function("attempt", |m, args| Err(Trap::Attempt(units(m, args)?))),
    function("rollback", |m, args| Err(Trap::Rollback(text(m, args, 0)?))),
    function("commit", |m, args| Err(Trap::Commit(m.optional(args, 0)?.map_or(crate::value::Slot::NONE, Value::slot)))),
    function("setting", setting),
    function("check_shape", check_shape),
    function("accept", accept),
    function("note", note),
    function("shape_of_schema", shape_of_schema),
    function("schema", schema),
    function("within", within),
];

fn units(m: &mut Machine, args: &Args) -> Result<Option<u64>, Trap> {
    Ok(m.optional(args, 0)?.filter(|value| value.kind == Kind::Int).and_then(|value| u64::try_from(value.as_int()).ok()))
}

fn text(m: &mut Machine, args: &Args, index: usize) -> Result<String, Trap> {
    let value = m.arg(args, index)?;
    Ok(m.text_of(*value).unwrap_or_default().into())
}

/// `feedback(pairs)`: the next hole that is asked carries these answers and reasons.
fn feedback(m: &mut Machine, args: &Args) -> Outcome {
    m.asks.feedback = pairs(m, args, 0)?;
    Ok(Value::NONE)
}

/// A list of answers and reasons.
fn pairs(m: &mut Machine, args: &Args, index: usize) -> Result<Vec<(emulant_ask::Value, String)>, Trap> {
    let list = m.arg(args, index)?;
    let mut label = 0;
    let emulant_ask::Value::List(items) = m.export(*list, &mut label)? else { return Ok(Vec::new()) };
    Ok(items.into_iter().filter_map(|item| match item {
        emulant_ask::Value::Tuple(pair) | emulant_ask::Value::List(pair) => match <[_; 2]>::try_from(pair) {
            Ok([answer, emulant_ask::Value::Str(reason)]) => Some((answer, reason)),
            _ => None,
        },
        _ => None,
    }).collect())
}

/// `emulate(kind, name, signature, instruction, arguments, shape, feedback, context)`: ask, and wait for the answer.
/// `arguments` is a dict, `shape` the JSON of a shape.
fn emulate(m: &mut Machine, args: &Args) -> Outcome {
    let kind = text(m, args, 0)?;
    let Some(kind) = HoleKind::named(&kind) else { return Err(m.value_error(format!("no hole is of the kind {kind:?}"))) };
    let (name, signature, instruction) = (text(m, args, 1)?, text(m, args, 2)?, text(m, args, 3)?);
    let given = m.arg(args, 4)?;
    let mut seen: Vec<_> = m.stands_under().into_iter().collect();
    let mut arguments = Vec::new();
    if given.kind == Kind::Dict {
        let entries: Vec<_> = m.heap.dicts.get(given.handle()).iter().map(|e| (e.key, e.value)).collect();
        for (key, value) in entries {
            let part: String = m.text_of(key).unwrap_or_default().into();
            arguments.push((part.clone(), m.export_seen(value, &part, &mut seen)?));
        }
    }
    let shape = text(m, args, 5)?;
    let shape = shape_of(m, &shape)?;
    let feedback = pairs(m, args, 6)?;
    let context = text(m, args, 7)?;
    m.ask_now(Hole { hole: kind, name, signature, instruction, arguments, shape, feedback, context, ..Hole::default() }, seen)
}

fn shape_of(m: &mut Machine, json: &str) -> Result<Shape, Trap> {
    serde_json::from_str(json).map_err(|error| m.value_error(format!("no shape: {error}")))
}

/// `check_shape(json)`: the type of a shape as Python writes it; ValueError when the text is none.
fn check_shape(m: &mut Machine, args: &Args) -> Outcome {
    let json = text(m, args, 0)?;
    let python = shape_of(m, &json)?.python();
    m.new_str(python)
}

/// `accept(shape, value)`: None when plain data fits the shape, else where and why not.
fn accept(m: &mut Machine, args: &Args) -> Outcome {
    let json = text(m, args, 0)?;
    let shape = shape_of(m, &json)?;
    let value = m.arg(args, 1)?;
    let mut label = 0;
    let value = m.export(*value, &mut label)?;
    match shape.accept(&value.to_plain_json()) {
        Ok(_) => Ok(Value::NONE),
        Err(mismatch) => m.new_str(format!("{mismatch}")),
    }
}

/// `schema(shape)`: the JSON Schema of a shape.
fn schema(m: &mut Machine, args: &Args) -> Outcome {
    let json = text(m, args, 0)?;
    let schema = shape_of(m, &json)?.json_schema();
    m.new_str(format!("{schema}"))
}

/// `within(shape, bounds)`: the JSON of a shape within bounds; TypeError when they say nothing about it.
fn within(m: &mut Machine, args: &Args) -> Outcome {
    let (shape, bounds) = (text(m, args, 0)?, text(m, args, 1)?);
    let shape = shape_of(m, &shape)?;
    let bounds = serde_json::from_str(&bounds).map_err(|error| m.type_error(format!("no bounds of a type: {error}")))?;
    match shape.within(bounds) {
        Ok(shape) => m.new_str(serde_json::to_string(&shape).unwrap_or_default()),
        Err(reason) => Err(m.type_error(format!("this bound of a type: {reason}"))),
    }
}

/// `shape_of_schema(json)`: the JSON of the shape that a JSON Schema describes.
fn shape_of_schema(m: &mut Machine, args: &Args) -> Outcome {
    let json = text(m, args, 0)?;
    let schema: serde_json::Value = serde_json::from_str(&json).map_err(|error| m.value_error(format!("no schema: {error}")))?;
    let shape = serde_json::to_string(&Shape::of_schema(&schema)).unwrap_or_default();
    m.new_str(shape)
}

/// Most notes of a run.
const NOTES_MAX: usize = 10_000;

/// `note(name, value)`: tell the host something that is no output, such as a function that was accepted.
fn note(m: &mut Machine, args: &Args) -> Outcome {
    let name = text(m, args, 0)?;
    let value = m.arg(args, 1)?;
    let mut label = 0;
    let value = m.export(*value, &mut label)?;
    if m.notes.len() < NOTES_MAX {
        m.notes.push((name, value));
    }
    Ok(Value::NONE)
}

/// `setting(name)`: how the host wants holes to behave; empty when it says nothing.
fn setting(m: &mut Machine, args: &Args) -> Outcome {
    let name = text(m, args, 0)?;
    let value = m.options.settings.get(&name).cloned().unwrap_or_default();
    m.new_str(value)
}
