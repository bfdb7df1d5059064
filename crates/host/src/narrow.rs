//! `trusted_parts`: a result without the words of others. A hole that sees only
//! these cannot be talked to by them, and what it finds there is trusted.

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

fn trusted(value: &Value, path: &str, tool: &Declaration) -> Value {
    let step = |step: &str| format!("{path}{step}");
    match value {
        Value::List(items) => Value::List(items.iter().enumerate().map(|(i, item)| trusted(item, &step(&format!("[{i}]")), tool)).collect()),
        Value::Dict(pairs) => {
            let kept = pairs.iter().filter_map(|(key, value)| {
                let inner = trusted(value, &step(&format!(".{}", key.as_str()?)), tool);
                (inner != Value::None || *value == Value::None).then(|| (key.clone(), inner))
            });
            Value::Dict(kept.collect())
        }
        leaf if tool.contract.is_trusted(path) => leaf.clone(),
        _ => Value::None,
    }
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let mut value = value;
    let mut rest = path;
    while !rest.is_empty() {
        if let Some((index, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let Value::List(items) = value else { return None };
            value = items.get(index.parse::<usize>().ok()?)?;
            rest = after;
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            value = value.get(&name[..end])?;
            rest = &name[end..];
        }
    }
    Some(value)
}
