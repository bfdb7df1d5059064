//! Sentences for people: what a call would do and where its arguments came from.

use crate::contract::Effect;
use crate::origin::{Source, SourceKind};
use alloc::{format, string::{String, ToString}, vec::Vec};
use emulant_ask::{Call, Value, canonical};

/// Longest part of a value that a sentence shows, in characters.
const SHOWN_MAX: usize = 80;
/// Most origins of one argument that a sentence names.
const ORIGINS_MAX: usize = 3;

/// `value` as a short text that is safe on a terminal: nothing in it can move the
/// cursor, hide, or turn the direction of writing.
pub fn shown(value: &Value) -> String {
    let text = canonical(&value.to_plain_json());
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == SHOWN_MAX {
            out.push('…');
            break;
        }
        match is_visible(c) {
            true => out.push(c),
            false => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
        }
    }
    out
}

fn is_visible(c: char) -> bool {
    // Besides controls: soft hyphen, zero-width and bidirectional marks, line
    // separators, the byte order mark, and the tag characters that repeat ASCII unseen.
    let hidden = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    !c.is_control() && !hidden
}

/// `tool(name="value", …)`.
pub(crate) fn call(call: &Call) -> String {
    let arguments: Vec<String> = call.arguments.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
    format!("{}({})", call.tool, arguments.join(", "))
}

/// `"to" comes from ticket 7, line 3 (third party, read_text), by reply_to (model)`.
pub(crate) fn comes_from(argument: &str, sources: &[Source]) -> String {
    let places = named(sources, SourceKind::Tool);
    let makers = named(sources, SourceKind::Model);
    match (places.is_empty(), makers.is_empty()) {
        (false, false) => format!("\"{argument}\" comes from {places}, by {makers}"),
        (false, true) => format!("\"{argument}\" comes from {places}"),
        _ => format!("\"{argument}\" comes from {makers}"),
    }
}

fn named(sources: &[Source], kind: SourceKind) -> String {
    let all: Vec<&Source> = sources.iter().filter(|source| source.kind == kind).collect();
    // Where the text itself was found, the other answers that flowed together
    // with it say nothing more.
    let found: Vec<&Source> = all.iter().filter(|source| source.found).copied().collect();
    let mut texts: Vec<String> = Vec::new();
    for source in if found.is_empty() { all } else { found } {
        if !texts.contains(&source.text) {
            texts.push(source.text.to_string());
        }
    }
    let more = texts.len().saturating_sub(ORIGINS_MAX);
    texts.truncate(ORIGINS_MAX);
    match more {
        0 => texts.join(" and "),
        more => format!("{} and {more} more", texts.join(", ")),
    }
}

/// Whether a call can be taken back, as the end of a sentence.
pub(crate) fn undone(effect: Effect) -> &'static str {
    match effect {
        Effect::Read | Effect::Irreversible | Effect::Delayed => "; it cannot be undone",
        Effect::Staged | Effect::Inverse => "; it can be undone",
    }
}
