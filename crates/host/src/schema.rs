//! JSON Schema, behind the gate's trait. The only place that names `jsonschema`.
//!
//! Schemas come from tool servers and are not trusted: nothing is fetched, and
//! patterns run on an engine whose time is linear in the text.

use emulant_ask::Mismatch;
use emulant_gate::SchemaCheck;
use jsonschema::{PatternOptions, Validator};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Most compiled schemas that are kept.
const KEPT_MAX: usize = 1000;
/// Longest reason, in characters; the library quotes whole values.
const REASON_MAX: usize = 200;

/// Checks JSON Schema, and keeps what it compiled.
#[derive(Default)]
pub struct Schemas {
    compiled: Mutex<HashMap<Json, Result<Arc<Validator>, String>>>,
}

impl SchemaCheck for Schemas {
    fn check(&self, schema: &Json, json: &Json) -> Result<(), Mismatch> {
        let whole = |reason| Mismatch { path: "$".into(), reason };
        let validator = self.compile(schema).map_err(|reason| whole(format!("the tool's schema is unusable: {reason}")))?;
        validator.validate(json).map_err(|error| Mismatch {
            path: path(&error.instance_path().to_string()),
            reason: cut(&error.to_string()),
        })
    }
}

impl Schemas {
    fn compile(&self, schema: &Json) -> Result<Arc<Validator>, String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compiled.get(schema) {
            return known.clone();
        }
        let options = jsonschema::options().with_pattern_options(PatternOptions::regex()).offline();
        let made = options.build(schema).map(Arc::new).map_err(|error| cut(&error.to_string()));
        if compiled.len() < KEPT_MAX {
            compiled.insert(schema.clone(), made.clone());
        }
        made
    }
}

/// A JSON pointer in our own form: `/rows/3/name` is `$.rows[3].name`.
fn path(pointer: &str) -> String {
    let mut path = String::from("$");
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        match !step.is_empty() && step.bytes().all(|c| c.is_ascii_digit()) {
            true => path.push_str(&format!("[{step}]")),
            false => path.push_str(&format!(".{step}")),
        }
    }
    path
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(REASON_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(schema: Json, value: Json) -> Result<(), String> {
        Schemas::default().check(&schema, &value).map_err(|mismatch| mismatch.to_string())
    }

    #[test]
    fn a_mismatch_names_path_and_reason() {
        let schema = json!({"type": "object", "properties": {"to": {"type": "array", "items": {"type": "string"}}}});
        assert_eq!(check(schema.clone(), json!({"to": ["a"]})), Ok(()));
        assert_eq!(check(schema, json!({"to": ["a", 3]})), Err("$.to[1]: 3 is not of type \"string\"".into()));
    }

    #[test]
    fn what_a_hostile_schema_asks_for_does_not_happen() {
        for schema in [
            json!({"$ref": "http://127.0.0.1:1/x.json"}),
            json!({"$ref": "file:///etc/passwd"}),
            json!({"type": 7}),
            json!({"pattern": "(?=a)b\\1"}),
        ] {
            assert!(check(schema.clone(), json!("a")).unwrap_err().starts_with("$: the tool's schema is unusable: "), "{schema}");
        }
        let explosive = json!({"pattern": "^(a+)+$"});
        assert!(check(explosive, json!("a".repeat(50_000) + "b")).is_err());
        let circle = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}});
        for schema in [circle, json!({"$ref": "#"}), json!({"items": {"$ref": "#"}, "allOf": [{"$ref": "#"}]})] {
            // Any verdict will do; what must not happen is that it never comes.
            let _ = check(schema, json!([[1]]));
        }
    }
}
