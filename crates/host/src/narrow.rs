//! `trusted_parts`: a result without the words of others. A hole that sees only
//! these cannot be talked to by them, and what it finds there is trusted.

use emulant_ask::path::{Step, first, name_step};
use emulant_ask::{Answer, Ask, Origin, Request, Value};
use emulant_gate::Declaration;
use emulant_journal::Exchange;

/// The tool's name.
pub(crate) const NAME: &str = "trusted_parts";

/// Answers a call of the tool, from the journal.
pub(crate) fn answer(ask: &Ask, exchanges: &[Exchange], tools: &[Declaration]) -> Answer {
    let failed = |message: &str| Answer::Raise { class: "ToolError".into(), message: format!("{NAME}: {message}") };
    let Request::Call(call) = &ask.request else { return failed("it is no call") };
    let Some((name, value)) = call.arguments.first() else { return failed("$.value: it is missing") };
    let origins = ask.seen.iter().filter(|seen| seen.part == *name).flat_map(|seen| seen.choice.iter().chain(&seen.data));
    let mut origins: Vec<&Origin> = origins.collect();
    origins.sort();
    for origin in origins {
        let exchange = usize::try_from(origin.ask).ok().and_then(|index| exchanges.get(index));
        let Some(Exchange { ask: Ask { request: Request::Call(source), .. }, answer: Some(settled), .. }) = exchange else { continue };
        let (Answer::Value { value: whole, .. }, Some(tool)) = (&settled.entry.answer, tools.iter().find(|tool| tool.name == source.tool)) else {
            continue;
        };
        if at(whole, &origin.path) == Some(value) {
            return Answer::value(trusted(value, &origin.path, tool));
        }
    }
    failed("only a result of a tool, or an unchanged part of one, can be narrowed")
}

/// `value`, which stands at `path` of a result of `tool`, without the parts that somebody else wrote.
pub(crate) fn trusted(value: &Value, path: &str, tool: &Declaration) -> Value {
    let step = |step: &str| format!("{path}{step}");
    match value {
        Value::List(items) => Value::List(items.iter().enumerate().map(|(i, item)| trusted(item, &step(&format!("[{i}]")), tool)).collect()),
        Value::Dict(pairs) => {
            let kept = pairs.iter().filter_map(|(key, value)| {
                let inner = trusted(value, &step(&name_step(key.as_str()?)), tool);
                (inner != Value::None || *value == Value::None).then(|| (key.clone(), inner))
            });
            Value::Dict(kept.collect())
        }
        leaf if tool.contract.is_trusted(path) => leaf.clone(),
        _ => Value::None,
    }
}

fn at<'v>(mut value: &'v Value, mut path: &str) -> Option<&'v Value> {
    while let Some((step, rest)) = first(path) {
        value = match (step, value) {
            (Step::Index(index), Value::List(items)) => items.get(index)?,
            (Step::Name(name), _) => value.get(&name)?,
            _ => return None,
        };
        path = rest;
    }
    Some(value)
}
