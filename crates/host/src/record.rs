//! What a journal keeps of the gate and the tools: verdicts, and declarations,
//! so that a replay needs neither tools file nor server.

use crate::manifest::{contract_of_json, contract_to_json};
use crate::value::{from_foreign, to_foreign};
use emulant_ask::Value;
use emulant_gate::{Contract, Declaration, Effect, Judged, Word};
use emulant_journal::{Outcome, Verdict};

/// The journal's words for what the gate said.
pub fn verdicts(judged: &[Judged]) -> Vec<Verdict> {
    let outcome = |word| match word {
        Word::Pass => Outcome::Pass,
        Word::NeedsApproval => Outcome::NeedsApproval,
        Word::Refused => Outcome::Refused,
    };
    let verdict = |judged: &Judged| Verdict {
        stage: judged.stage.name().into(),
        outcome: outcome(judged.word),
        reason: judged.reason.clone(),
    };
    judged.iter().map(verdict).collect()
}

/// Declarations as a value, for the options in a journal's opening.
pub fn from_declarations(declarations: &[Declaration]) -> Value {
    Value::List(declarations.iter().map(from_declaration).collect())
}

fn from_declaration(tool: &Declaration) -> Value {
    let texts = |texts: &Vec<String>| Value::List(texts.iter().map(Value::str).collect());
    Value::dict([
        ("name", Value::str(&tool.name)),
        ("description", Value::str(&tool.description)),
        ("acts", Value::Bool(tool.acts)),
        ("critical", tool.critical.as_ref().map_or(Value::None, texts)),
        ("origin", Value::str(&tool.origin)),
        ("input_schema", from_foreign(&tool.input_schema)),
        ("output_schema", tool.output_schema.as_ref().map_or(Value::None, from_foreign)),
        ("server", Value::str(&tool.server)),
        ("contract", from_foreign(&contract_to_json(&tool.contract))),
    ])
}

/// The declarations that a journal's options hold. `None` if they are malformed:
/// journals may come from anywhere.
pub fn to_declarations(value: &Value) -> Option<Vec<Declaration>> {
    let Value::List(tools) = value else { return None };
    tools.iter().map(to_declaration).collect()
}

fn to_declaration(value: &Value) -> Option<Declaration> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(String::from);
    let critical = match value.get("critical")? {
        Value::None => None,
        Value::List(paths) => Some(paths.iter().map(|path| path.as_str().map(String::from)).collect::<Option<_>>()?),
        _ => return None,
    };
    let Value::Bool(acts) = value.get("acts")? else { return None };
    let schema = |name: &str| to_foreign(value.get(name)?).ok();
    // Journals of earlier versions have none; a malformed one is no declaration.
    let contract = match schema("contract") {
        Some(json) => contract_of_json(&json)?,
        None => Contract { effect: if *acts { Effect::Irreversible } else { Effect::Read }, ..Contract::default() },
    };
    Some(Declaration {
        name: text("name")?,
        description: text("description")?,
        acts: *acts,
        critical,
        origin: text("origin")?,
        input_schema: schema("input_schema")?,
        output_schema: schema("output_schema").filter(|schema| !schema.is_null()),
        server: text("server").unwrap_or_default(),
        contract,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::BUILTINS;

    #[test]
    fn declarations_come_back_equal_from_a_journal() {
        let mut tools: Vec<Declaration> = BUILTINS.iter().map(crate::builtin::Builtin::declaration).collect();
        tools.push(Declaration { critical: None, output_schema: None, ..tools[0].clone() });
        let text = emulant_ask::canonical(&from_declarations(&tools).to_json());
        let back = Value::from_json(&serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(to_declarations(&back), Some(tools.clone()));
        // The order of a schema's properties is that of positional arguments; it survives too.
        let names = |tools: &[Declaration]| tools[1].input_schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&to_declarations(&back).unwrap()), names(&tools));
        assert_eq!(to_declarations(&Value::List(vec![Value::None])), None);
    }
}
