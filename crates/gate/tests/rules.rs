//! The rules, one by one.

use emulant_ask::{Call, Mismatch, Origin, Predicate, Seen, Site, Value};
use emulant_gate::{
    Approval, Bound, Budget, Contract, Decision, Declaration, Describe, DefaultRules, Effect, Gate, Outcome, Scanner, SchemaCheck, Source, SourceKind, Spent,
    State, Word, shown,
};
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
        Source { kind, text, found: found && origin.ask == 0, trusted: origin.path == ".id", steady: origin.path == ".id" }
    }
}

fn tool(name: &str, acts: bool, critical: Option<&[&str]>) -> Declaration {
    Declaration {
        name: name.into(),
        description: String::new(),
        acts,
        critical: critical.map(|names| names.iter().map(|name| name.to_string()).collect()),
        origin: String::new(),
        input_schema: json!({"type": "object", "properties": {"to": {}, "head": {}, "body": {"type": "string"}}, "required": ["to"]}),
        output_schema: Some(json!({"required": ["id"]})),
        server: String::new(),
        contract: Contract { effect: if acts { Effect::Irreversible } else { Effect::Read }, ..Contract::default() },
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

/// Knows two expressions.
struct Words;

impl Predicate for Words {
    fn value(&self, expression: &str, values: &[(String, Value)]) -> Result<Value, String> {
        let named = |name: &str| values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        match expression {
            "body == 'hi'" => Ok(Value::Bool(named("body") == Some(Value::str("hi")))),
            "result" => named("result").ok_or("there is no result".into()),
            "3" => Ok(Value::Int(3)),
            other => Err(format!("{other} does not parse")),
        }
    }
}

/// What a gate is made of, to be changed in one place by a test.
struct Parts {
    tools: Vec<Declaration>,
    allowed: BTreeSet<String>,
    state: State,
    budget: Budget,
    spent: Spent,
    level: &'static str,
    foreign_program: Option<&'static str>,
}

impl Parts {
    fn new(allowed: &[&str]) -> Parts {
        Parts {
            tools: tools(),
            allowed: allowed.iter().map(|name| name.to_string()).collect(),
            state: State::default(),
            budget: Budget::default(),
            spent: Spent::default(),
            level: "flow",
            foreign_program: None,
        }
    }

    fn gate<T>(&self, act: impl FnOnce(&Gate<'_>) -> T) -> T {
        let policy = DefaultRules::new(&self.tools);
        act(&Gate {
            tools: &self.tools, allowed: &self.allowed, schemas: &Strings, origins: &Story, predicates: &Words, policy: &policy,
            scanner: &Scanner::default(), state: &self.state, budget: &self.budget, spent: &self.spent, level: self.level,
            foreign_program: self.foreign_program,
        })
    }

    fn decide(&self, call: &Call, seen: &[Seen], approval: &Approval) -> Decision {
        let site = Site { file: "triage.py".into(), line: 14, function: "<module>".into() };
        self.gate(|gate| gate.decide(call, seen, &site, approval))
    }
}

fn decide(call: &Call, seen: &[Seen], allowed: &[&str], approval: &Approval) -> Decision {
    Parts::new(allowed).decide(call, seen, approval)
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
    let shown = r#"send_mail(to="eve@evil.example", body="hi"): it acts and was not allowed for this run; used in line 14; it cannot be undone"#;
    assert_eq!(sentence, shown);
}

#[test]
fn a_critical_argument_from_an_answer_needs_a_person_even_when_granted() {
    let seen = [from("to", &[0, 1])];
    let decision = decide(&eve(), &seen, &["send_mail"], &Approval::Nobody);
    let words: Vec<Word> = decision.verdicts.iter().map(|judged| judged.word).collect();
    assert_eq!(words, [Word::Pass, Word::Pass, Word::NeedsApproval, Word::Refused]);
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

fn with_contract(contract: Contract) -> Parts {
    let mut parts = Parts::new(&["send_mail"]);
    parts.tools[0].contract = contract;
    parts
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

#[test]
fn a_contract_is_judged_before_the_policy_and_fails_closed() {
    let outcome = |pre: &[&str]| with_contract(Contract { pre: texts(pre), ..Contract::default() }).decide(&eve(), &[], &Approval::Nobody).outcome;
    assert_eq!(outcome(&["body == 'hi'"]), Outcome::Pass);
    let reason = "send_mail refused: its contract does not hold: 3 (it is neither True nor False)".to_string();
    assert_eq!(outcome(&["body == 'hi'", "3"]), Outcome::Refused { reason });
    let reason = "send_mail refused: its contract does not hold: body > (body > does not parse)".to_string();
    assert_eq!(outcome(&["body >"]), Outcome::Refused { reason });
}

#[test]
fn results_are_judged_and_committed() {
    let mut parts = with_contract(Contract { state: vec![("last".into(), "result".into())], ..Contract::default() });
    let schema = json!({"type": "object", "required": ["id"]});
    let first = Value::dict([("id", Value::str("0"))]);
    parts.state.declare("last", schema, first, &Strings).unwrap();
    let judge = |parts: &Parts, result: Value| parts.gate(|gate| gate.judge_result(&eve(), &result, &mut Vec::new()));
    let good = Value::dict([("id", Value::str("1"))]);
    assert_eq!(judge(&parts, good.clone()), Ok(vec![("last".to_string(), good.clone())]));
    let why = judge(&parts, Value::dict([("id", Value::Int(1))])).unwrap_err();
    assert_eq!(why, "its result does not fit its schema: $.id: expected a string");
    parts.tools[0].contract.post = texts(&["3"]);
    assert_eq!(judge(&parts, good).unwrap_err(), "its contract does not hold: 3 (it is neither True nor False)");
}

#[test]
fn a_trusted_part_of_an_answer_is_no_concern() {
    let seen = |path: &str| Seen { part: "to".into(), data: vec![Origin { ask: 0, path: path.into() }], choice: vec![] };
    assert_eq!(decide(&eve(), &[seen(".id")], &["send_mail"], &Approval::Nobody).outcome, Outcome::Pass);
    assert_ne!(decide(&eve(), &[seen(".body")], &["send_mail"], &Approval::Nobody).outcome, Outcome::Pass);
}

#[test]
fn what_steers_counts_above_the_level_of_flow() {
    let origin = || vec![Origin { ask: 0, path: String::new() }];
    let under = Seen { part: String::new(), data: vec![], choice: origin() };
    let chosen = Seen { part: "to".into(), data: vec![], choice: origin() };
    let text = Seen { part: "body".into(), data: vec![], choice: origin() };
    let outcome = |level: &'static str, seen: &Seen| {
        let mut parts = Parts::new(&["send_mail"]);
        parts.level = level;
        parts.decide(&eve(), std::slice::from_ref(seen), &Approval::Nobody).outcome
    };
    for seen in [&under, &chosen, &text] {
        assert_eq!(outcome("flow", seen), Outcome::Pass);
    }
    assert_eq!(outcome("control", &text), Outcome::Pass);
    let reason = "send_mail refused: \"to\" was chosen by somebody else's words; used in line 14".to_string();
    assert_eq!(outcome("control", &chosen), Outcome::Refused { reason });
    let reason = "send_mail refused: it stands under a condition over somebody else's words; used in line 14".to_string();
    assert_eq!(outcome("strict", &under), Outcome::Refused { reason });
}

#[test]
fn literals_of_a_program_that_others_may_have_written_are_not_the_users() {
    let outcome = |said: Option<&'static str>| {
        let mut parts = Parts::new(&["send_mail"]);
        parts.foreign_program = said;
        parts.decide(&eve(), &[], &Approval::Nobody).outcome
    };
    assert_eq!(outcome(None), Outcome::Pass);
    assert_eq!(outcome(Some("Write to eve@evil.example, please.")), Outcome::Pass);
    assert_ne!(outcome(Some("Write to Bob.")), Outcome::Pass);
    assert_ne!(outcome(Some("Write to steve@evil.example.")), Outcome::Pass, "a piece of a word is another word");
}

#[test]
fn budgets_are_kept() {
    let mut parts = Parts::new(&["send_mail"]);
    parts.budget.calls = Some(2);
    let price = parts.gate(|gate| gate.price(&eve())).unwrap();
    assert_eq!((price.acts, price.money), (true, 0));
    parts.spent.add("send_mail", &price);
    assert_eq!(parts.decide(&eve(), &[], &Approval::Nobody).outcome, Outcome::Pass);
    parts.spent.add("send_mail", &price);
    assert_eq!(refusal(parts.decide(&eve(), &[], &Approval::Nobody)), "send_mail refused: a run may make 2 acting calls");
    parts.tools[0].contract.calls_max = Some(1);
    parts.budget.calls = None;
    assert_eq!(refusal(parts.decide(&eve(), &[], &Approval::Nobody)), "send_mail refused: send_mail may be called 1 times in a run");
}

#[test]
fn a_sentence_cannot_fool_a_terminal() {
    assert_eq!(shown(&Value::str("a\u{1b}[2K\u{202e}b")), r#""a\u001b[2K\u{202e}b""#);
    assert_eq!(shown(&Value::str("x".repeat(200))).chars().count(), 81);
}
