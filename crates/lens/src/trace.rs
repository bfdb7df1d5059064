//! A traced run as JSON lines, in the form that research on code models uses: call,
//! line, return and exception, each with the locals, where `..` stands for a local
//! that has not changed since the frame's last event.

use emulant_machine::trace::TraceEvent;
use serde_json::{Map, Value as Json, json};

/// One JSON array for each event: `["l", function, line, {name: repr}]`, and
/// `["r", function, line, repr]` for a return.
pub fn events(trace: &[TraceEvent]) -> Vec<Json> {
    let mut frames: Vec<Vec<String>> = Vec::new();
    trace.iter().map(|event| one(event, &mut frames)).collect()
}

/// The events as text, one a line.
pub fn lines(trace: &[TraceEvent]) -> String {
    events(trace).iter().map(|event| format!("{event}\n")).collect()
}

/// `frames` holds the names that each open frame has shown, innermost last.
fn one(event: &TraceEvent, frames: &mut Vec<Vec<String>>) -> Json {
    let kind = event.kind.to_string();
    let value = event.value.as_deref().map(without_addresses);
    match event.kind {
        'r' => {
            frames.pop();
            return json!([kind, event.function, event.line, value]);
        }
        'e' => return json!([kind, event.function, event.line, value]),
        'c' => frames.push(Vec::new()),
        _ => {}
    }
    let locals = match frames.last_mut() {
        Some(known) => shown(event, known),
        None => Map::new(),
    };
    json!([kind, event.function, event.line, locals])
}

fn shown(event: &TraceEvent, known: &mut Vec<String>) -> Map<String, Json> {
    for (name, _) in &event.locals {
        if !known.contains(name) {
            known.push(name.clone());
        }
    }
    let changed = |name: &String| event.locals.iter().find(|(changed, _)| changed == name).map(|(_, value)| without_addresses(value));
    known.iter().map(|name| (name.clone(), Json::String(changed(name).unwrap_or_else(|| "..".into())))).collect()
}

/// Addresses in the text of an object differ from run to run elsewhere: `0x7f…` is told as `0x`.
fn without_addresses(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" at 0x") {
        out.push_str(before);
        out.push_str(" at 0x");
        rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: char, function: &str, line: u32, locals: &[(&str, &str)], value: Option<&str>) -> TraceEvent {
        let locals = locals.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        TraceEvent { kind, function: function.into(), line, locals, value: value.map(String::from) }
    }

    #[test]
    fn unchanged_locals_are_two_dots() {
        let trace = [
            event('c', "f", 1, &[("x", "1")], None),
            event('l', "f", 2, &[], None),
            event('c', "g", 7, &[("it", "<range_iterator object at 0x7f00>")], None),
            event('r', "g", 8, &[], Some("None")),
            event('l', "f", 3, &[("y", "[1]")], None),
            event('e', "f", 3, &[], Some("ValueError: a")),
            event('r', "f", 3, &[], Some("[1]")),
        ];
        let expected = concat!(
            "[\"c\",\"f\",1,{\"x\":\"1\"}]\n[\"l\",\"f\",2,{\"x\":\"..\"}]\n",
            "[\"c\",\"g\",7,{\"it\":\"<range_iterator object at 0x>\"}]\n[\"r\",\"g\",8,\"None\"]\n",
            "[\"l\",\"f\",3,{\"x\":\"..\",\"y\":\"[1]\"}]\n[\"e\",\"f\",3,\"ValueError: a\"]\n[\"r\",\"f\",3,\"[1]\"]\n"
        );
        assert_eq!(lines(&trace), expected);
    }
}
