//! The rules, one by one.

use emulant_ask::{Call, Mismatch, Origin, Seen, Site, Value};
use emulant_gate::{Approval, Bound, Decision, Declaration, Describe, Gate, Outcome, SchemaCheck, Source, SourceKind, Word, shown};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Knows one rule: what `required` names must be there and be a string.
struct Strings;

impl SchemaCheck for Strings {
    fn check(&self, schema: &Json, json: &Json) -> Result<(), Mismatch> {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if !json[name].is_string() {
                return Err(Mismatch { path: format!("$.{name}"), reason: "expected a string".into() });
            }
        }
        Ok(())
    }
}

/// Ask 0 read the tickets, ask 1 was a model, ask 2 a person at the keyboard.
struct Story;

impl Describe for Story {
    fn describe(&self, origin: &Origin, value: &Value) -> Source {
        let found = value.as_str() == Some("eve@evil.example");
        let (kind, text) = match origin.ask {
            0 if found => (SourceKind::Tool, "ticket 7, line 3 (third party, read_text)".into()),
            0 => (SourceKind::Tool, "read_text (third party)".into()),
            1 => (SourceKind::Model, "reply_to (model)".into()),
            2 => (SourceKind::Other, "input".into()),
            n => (SourceKind::Tool, format!("tool {n}")),
        };
        Source { kind, text, found: found && origin.ask == 0 }
    }
}

fn tool(name: &str, acts: bool, critical: Option<&[&str]>) -> Declaration {
    Declaration {
        name: name.into(),
        description: String::new(),
        acts,
        critical: critical.map(|names| names.iter().map(|name| name.to_string()).collect()),
        origin: String::new(),
        input_schema: json!({"required": ["to"]}),
        output_schema: Some(json!({"required": ["id"]})),
    }
}

fn tools() -> Vec<Declaration> {
    vec![tool("send_mail", true, Some(&["to", "head.cc"])), tool("look_up", false, None), tool("unsaid", true, None)]
}

fn call(name: &str, to: Value) -> Call {
    Call { tool: name.into(), arguments: vec![("to".into(), to), ("body".into(), Value::str("hi"))] }
}

fn from(part: &str, asks: &[u64]) -> Seen {
    let data = asks.iter().map(|ask| Origin { ask: *ask, path: String::new() }).collect();
    Seen { part: part.into(), data, choice: vec![] }
}

fn decide(call: &Call, seen: &[Seen], allowed: &[&str], approval: &Approval) -> Decision {
    let allowed: BTreeSet<String> = allowed.iter().map(|name| name.to_string()).collect();
    let tools = tools();
    let gate = Gate { tools: &tools, allowed: &allowed, schemas: &Strings, origins: &Story };
    let site = Site { file: "triage.py".into(), line: 14, function: "<module>".into() };
    gate.decide(call, seen, &site, approval)
}

fn refusal(decision: Decision) -> String {
    match decision.outcome {
        Outcome::Refused { reason } => reason,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn eve() -> Call {
    call("send_mail", Value::str("eve@evil.example"))
}

#[test]
fn an_undeclared_tool_is_refused_even_when_granted() {
    let decision = decide(&call("rm", Value::str("x")), &[], &["rm"], &Approval::Open);
    assert_eq!(refusal(decision), "rm refused: no tool of this name is declared");
}

#[test]
fn arguments_that_do_not_fit_are_the_programs_mistake() {
    let decision = decide(&call("look_up", Value::Int(3)), &[], &[], &Approval::Open);
    assert_eq!(decision.outcome, Outcome::Malformed(Mismatch { path: "$.to".into(), reason: "expected a string".into() }));
    let mut twice = eve();
    twice.arguments.push(("to".into(), Value::str("x")));
    assert!(matches!(decide(&twice, &[], &["send_mail"], &Approval::Open).outcome, Outcome::Malformed(_)));
}

#[test]
fn arguments_nested_too_deep_are_not_followed() {
    let deep = (0..2000).fold(Value::None, |inner, _| Value::List(vec![inner]));
    let outcome = decide(&call("look_up", deep), &[], &[], &Approval::Open).outcome;
    assert_eq!(outcome, Outcome::Malformed(Mismatch { path: "$.to".into(), reason: "it is nested deeper than 100".into() }));
}

#[test]
fn a_declared_read_passes_whatever_its_arguments_came_from() {
    let decision = decide(&call("look_up", Value::str("a")), &[from("to", &[0, 1])], &[], &Approval::Nobody);
    assert_eq!(decision.outcome, Outcome::Pass);
}

#[test]
fn an_acting_tool_needs_a_grant_or_a_person() {
    assert_eq!(decide(&eve(), &[], &["send_mail"], &Approval::Nobody).outcome, Outcome::Pass);
    let reason = refusal(decide(&eve(), &[], &[], &Approval::Nobody));
    assert_eq!(reason, "send_mail refused: it acts and was not allowed for this run; used in line 14");
    let Outcome::NeedsApproval { sentence } = decide(&eve(), &[], &[], &Approval::Open).outcome else { panic!() };
    let shown = r#"send_mail(to="eve@evil.example", body="hi"): it acts and was not allowed for this run; used in line 14"#;
    assert_eq!(sentence, shown);
}

#[test]
fn a_critical_argument_from_an_answer_needs_a_person_even_when_granted() {
    let seen = [from("to", &[0, 1])];
    let decision = decide(&eve(), &seen, &["send_mail"], &Approval::Nobody);
    let words: Vec<Word> = decision.verdicts.iter().map(|judged| judged.word).collect();
    assert_eq!(words, [Word::Pass, Word::NeedsApproval, Word::Refused]);
    let reason = "send_mail refused: \"to\" comes from ticket 7, line 3 (third party, read_text), by reply_to (model); used in line 14";
    assert_eq!(refusal(decision), reason);
    let given = Approval::Given(Bound::to(&eve(), &seen));
    assert_eq!(decide(&eve(), &seen, &["send_mail"], &given).outcome, Outcome::Pass);
    assert!(refusal(decide(&eve(), &seen, &["send_mail"], &Approval::Denied)).starts_with("send_mail refused by a person: \"to\""));
}

#[test]
fn an_approval_is_for_one_exact_call() {
    let seen = [from("to", &[0])];
    let other_value = Approval::Given(Bound::to(&call("send_mail", Value::str("bob@example")), &seen));
    let other_label = Approval::Given(Bound::to(&eve(), &[from("to", &[0, 1])]));
    for given in [other_value, other_label] {
        let reason = refusal(decide(&eve(), &seen, &["send_mail"], &given));
        assert!(reason.starts_with("send_mail refused: the approval was given for another call; "), "{reason}");
    }
}

#[test]
fn only_what_is_critical_counts() {
    let granted = ["send_mail", "unsaid"];
    let outcome = |name: &str, seen: Seen| decide(&call(name, Value::str("a")), &[seen], &granted, &Approval::Nobody).outcome;
    assert_eq!(outcome("send_mail", from("body", &[0])), Outcome::Pass);
    assert_eq!(outcome("send_mail", from("to", &[2])), Outcome::Pass);
    assert_eq!(outcome("send_mail", from("total", &[0])), Outcome::Pass);
    // Nobody said what is critical in this one: everything is.
    assert_ne!(outcome("unsaid", from("body", &[0])), Outcome::Pass);
}

#[test]
fn parts_below_and_above_a_critical_path_count() {
    let head = Value::dict([("cc", Value::str("eve@evil.example")), ("bcc", Value::str("x"))]);
    let call = Call { tool: "send_mail".into(), arguments: vec![("to".into(), Value::str("a")), ("head".into(), head)] };
    let reason = |part: &str| match decide(&call, &[from(part, &[0])], &["send_mail"], &Approval::Nobody).outcome {
        Outcome::Refused { reason } => reason,
        _ => "passed".into(),
    };
    assert_eq!(reason("head.cc"), "send_mail refused: \"head\" comes from ticket 7, line 3 (third party, read_text); used in line 14");
    assert_eq!(reason("head"), "send_mail refused: \"head\" comes from read_text (third party); used in line 14");
    assert_ne!(reason("to[0]"), "passed");
    assert_eq!(reason("head.bcc"), "passed");
    assert_eq!(reason("head.ccc"), "passed");
}

#[test]
fn many_origins_are_counted_not_listed() {
    let call = call("send_mail", Value::str("x"));
    let reason = refusal(decide(&call, &[from("to", &[5, 6, 7, 8, 9])], &["send_mail"], &Approval::Nobody));
    assert_eq!(reason, "send_mail refused: \"to\" comes from tool 5, tool 6, tool 7 and 2 more; used in line 14");
}

#[test]
fn results_are_judged_too() {
    let tools = tools();
    let gate = Gate { tools: &tools, allowed: &BTreeSet::new(), schemas: &Strings, origins: &Story };
    assert!(gate.judge_result("look_up", &Value::dict([("id", Value::str("1"))])).is_ok());
    let (judged, mismatch) = gate.judge_result("look_up", &Value::dict([("id", Value::Int(1))])).unwrap_err();
    assert_eq!((judged.word, mismatch.path.as_str()), (Word::Refused, "$.id"));
}

#[test]
fn a_sentence_cannot_fool_a_terminal() {
    assert_eq!(shown(&Value::str("a\u{1b}[2K\u{202e}b")), r#""a\u001b[2K\u{202e}b""#);
    assert_eq!(shown(&Value::str("x".repeat(200))).chars().count(), 81);
}
