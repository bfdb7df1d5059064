//! Canonical JSON text: RFC 8785 restricted to what our words contain.
//!
//! Words carry no raw floating-point numbers (a float is a tagged string), so
//! the number rules of the RFC shrink to plain integers.

use alloc::{format, string::String, vec::Vec};
use serde_json::Value as Json;

/// The canonical text of `json`: no white space, object keys sorted by UTF-16
/// code units, the shortest string escapes. Equal values give equal bytes.
pub fn canonical(json: &Json) -> String {
    let mut out = String::new();
    write(json, &mut out);
    out
}

fn write(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => out.push_str(&format!("{number}")),
        Json::String(text) => write_string(text, out),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key, out);
                out.push(':');
                write(&map[key], out);
            }
            out.push('}');
        }
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_utf16_and_escapes_are_shortest() {
        let json: Json = serde_json::from_str("{\"b\":1,\"a\":\"\\u0001\\n\\u20ac\",\"\\ue000\":0,\"\\ud83d\\ude00\":0}").unwrap();
        assert_eq!(canonical(&json), "{\"a\":\"\\u0001\\n€\",\"b\":1,\"😀\":0,\"\u{e000}\":0}");
    }
}
