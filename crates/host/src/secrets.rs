//! Secrets: programs, models and journals see a handle (`${secret:NAME}`); the
//! value is filled in behind the gate, on its way to a tool that the tools file
//! names for it, and taken out of what comes back.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use emulant_ask::{Answer, Call, Value};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Shortest value that can be told apart from ordinary text in a result.
const VALUE_MIN: usize = 6;

/// Where a secret comes from and who may have it. Its value is not kept here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// The environment variable that holds it.
    pub env: String,
    /// Tools that it may be sent to.
    pub tools: Vec<String>,
}

/// The handle of a secret.
pub fn handle(name: &str) -> String {
    format!("${{secret:{name}}}")
}

/// Secrets with their values, for one run.
pub(crate) struct Secrets {
    all: Vec<Known>,
}

struct Known {
    name: String,
    tools: Vec<String>,
    value: Result<String, String>,
    /// Forms of the value that are looked for in results, the longest first.
    forms: Vec<String>,
}

impl Secrets {
    /// Reads the values; one that is missing is told when it is needed.
    pub(crate) fn new(declared: &BTreeMap<String, Secret>) -> Secrets {
        let known = |(name, secret): (&String, &Secret)| {
            let value = match std::env::var(&secret.env) {
                Err(_) => Err(format!("the secret {name} is not there: {} is not set", secret.env)),
                Ok(value) if value.len() < VALUE_MIN => Err(format!("the secret {name} is shorter than {VALUE_MIN} bytes")),
                Ok(value) => Ok(value),
            };
            let forms = value.as_ref().map(|value| forms(value)).unwrap_or_default();
            Known { name: name.clone(), tools: secret.tools.clone(), value, forms }
        };
        Secrets { all: declared.iter().map(known).collect() }
    }

    /// The call with values in the place of handles.
    ///
    /// # Errors
    /// When the tool may not have one of them, or it is not there. `is_foreign` tells which arguments hold
    /// somebody else's words: a handle among those is not the program's.
    pub(crate) fn fill(&self, call: &Call, is_foreign: &dyn Fn(&str) -> bool) -> Result<Call, String> {
        let mut filled = call.clone();
        for (name, value) in &mut filled.arguments {
            let mut texts = Vec::new();
            texts_of(value, &mut texts);
            for secret in &self.all {
                let handle = handle(&secret.name);
                if !texts.iter().any(|text| text.contains(&handle)) {
                    continue;
                }
                if !secret.tools.contains(&call.tool) {
                    return Err(format!("the secret {} is not for {}", secret.name, call.tool));
                }
                if is_foreign(name) {
                    return Err(format!("the secret {} stands among somebody else's words in \"{name}\"", secret.name));
                }
                replace(value, &[(handle, secret.value.clone()?)]);
                texts = Vec::new();
                texts_of(value, &mut texts);
            }
        }
        Ok(filled)
    }

    /// The answer with handles in the place of values, however they are written.
    pub(crate) fn scrub(&self, mut answer: Answer) -> Answer {
        let forms: Vec<(String, String)> =
            self.all.iter().flat_map(|secret| secret.forms.iter().map(|form| (form.clone(), handle(&secret.name)))).collect();
        let clean = |text: &mut String| forms.iter().for_each(|(form, handle)| if text.contains(form.as_str()) { *text = text.replace(form, handle) });
        match &mut answer {
            Answer::Value { value, .. } => replace(value, &forms),
            Answer::Raise { message, .. } => clean(message),
            Answer::Refused { reason } | Answer::Failed { reason } | Answer::Abstained { reason } => clean(reason),
            Answer::Stopped => {}
        }
        answer
    }
}

fn texts_of(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Str(text) => out.push(text.clone()),
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().for_each(|item| texts_of(item, out)),
        Value::Dict(pairs) => pairs.iter().for_each(|(key, value)| {
            texts_of(key, out);
            texts_of(value, out);
        }),
        Value::Record(_, fields) => fields.iter().for_each(|(_, value)| texts_of(value, out)),
        _ => {}
    }
}

fn replace(value: &mut Value, pairs: &[(String, String)]) {
    match value {
        Value::Str(text) => {
            for (from, to) in pairs {
                if text.contains(from.as_str()) {
                    *text = text.replace(from, to);
                }
            }
        }
        Value::Bytes(bytes) => {
            pairs.iter().for_each(|(from, to)| replace_bytes(bytes, from.as_bytes(), to.as_bytes()));
        }
        // A number can hold a value of digits; it is a text then.
        Value::Int(_) | Value::Big(_) | Value::Float(_) => {
            let digits = match value {
                Value::Int(int) => int.to_string(),
                Value::Big(digits) => digits.clone(),
                Value::Float(float) => float.to_string(),
                _ => String::new(),
            };
            let mut text = Value::Str(digits.clone());
            replace(&mut text, pairs);
            if text != Value::Str(digits) {
                *value = text;
            }
        }
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter_mut().for_each(|item| replace(item, pairs)),
        Value::Dict(entries) => entries.iter_mut().for_each(|(key, value)| {
            replace(key, pairs);
            replace(value, pairs);
        }),
        Value::Record(_, fields) => fields.iter_mut().for_each(|(_, value)| replace(value, pairs)),
        _ => {}
    }
}

fn replace_bytes(bytes: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.windows(from.len()).position(|part| part == from)) {
        bytes.splice(at + found..at + found + from.len(), to.iter().copied());
        at += found + to.len();
    }
}

/// The value as it is, in hex, in base64 at each place of a group of three bytes, percent-encoded,
/// and backwards.
fn forms(value: &str) -> Vec<String> {
    let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let percent: String = value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect();
    let escaped = serde_json::Value::from(value).to_string();
    let mut forms = vec![value.to_string(), hex.to_uppercase(), hex, percent.to_lowercase(), percent, value.chars().rev().collect()];
    forms.push(escaped.trim_matches('"').to_string());
    for skip in 0..3usize {
        let padded = [&b"\0\0"[..skip], value.as_bytes()].concat();
        let whole = padded.len() / 3 * 4;
        // What stands beside the value changes the letters at both ends.
        let start = (skip * 8).div_ceil(6);
        for text in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            forms.extend(text.get(start..whole).map(String::from));
        }
    }
    forms.retain(|form| form.len() >= VALUE_MIN);
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "canary/5f+2 ü9";

    fn secrets() -> Secrets {
        let known = Known { name: "key".into(), tools: vec!["get".into()], value: Ok(VALUE.into()), forms: forms(VALUE) };
        Secrets { all: vec![known] }
    }

    fn call(tool: &str, text: &str) -> Call {
        Call { tool: tool.into(), arguments: vec![("head".into(), Value::List(vec![Value::dict([("auth", Value::str(text))])]))] }
    }

    #[test]
    fn a_handle_is_filled_in_for_its_tools_only() {
        let filled = secrets().fill(&call("get", "Bearer ${secret:key}"), &|_| false).unwrap();
        assert_eq!(filled, call("get", &format!("Bearer {VALUE}")));
        assert_eq!(secrets().fill(&call("post", "${secret:key}"), &|_| false).unwrap_err(), "the secret key is not for post");
        let why = secrets().fill(&call("get", "${secret:key}"), &|name| name == "head").unwrap_err();
        assert_eq!(why, "the secret key stands among somebody else's words in \"head\"");
        assert_eq!(secrets().fill(&call("post", "${secret:other}"), &|_| true), Ok(call("post", "${secret:other}")));
    }

    #[test]
    fn a_canary_comes_back_in_no_form() {
        use base64::engine::general_purpose::STANDARD;
        for before in ["", "a", "ab", "abc"] {
            let text = format!("{before}{VALUE}{before}");
            let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            let percent: String = VALUE.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let _ = percent;
            for shown in [text.clone(), STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text), hex.clone(), hex.to_uppercase(), text.chars().rev().collect()] {
                let answer = secrets().scrub(Answer::value(Value::dict([(shown.clone(), Value::List(vec![Value::str(&shown)]))])));
                let told = format!("{answer:?}");
                assert!(told.contains("${secret:key}"), "{shown}: {told}");
                assert!(!told.contains("canary") && !told.contains("yranac"), "{told}");
                let failed = secrets().scrub(Answer::Raise { class: "ToolError".into(), message: shown });
                assert!(format!("{failed:?}").contains("${secret:key}"));
            }
        }
    }

    #[test]
    fn a_value_of_digits_comes_back_in_no_number_and_no_bytes() {
        let value = "4929123456";
        let known = Known { name: "card".into(), tools: vec![], value: Ok(value.into()), forms: forms(value) };
        let secrets = Secrets { all: vec![known] };
        let scrubbed = |value: Value| match secrets.scrub(Answer::value(value)) {
            Answer::Value { value, .. } => value,
            other => panic!("{other:?}"),
        };
        let handle = Value::str("${secret:card}");
        let pairs = |value: Value| Value::Dict(vec![(value.clone(), Value::List(vec![value]))]);
        for number in [Value::Int(4_929_123_456), Value::Float(4_929_123_456.0), Value::Big(value.into())] {
            assert_eq!(scrubbed(pairs(number.clone())), pairs(handle.clone()), "{number:?}");
        }
        assert_eq!(scrubbed(Value::Int(-4_929_123_456_7)), Value::str("-${secret:card}7"));
        assert_eq!(scrubbed(Value::Int(4_929_123)), Value::Int(4_929_123));
        let bytes = |text: &[u8]| Value::Bytes([&b"\xff"[..], text, b"\xfe", text].concat());
        assert_eq!(scrubbed(bytes(value.as_bytes())), bytes(b"${secret:card}"));
    }
}
