//! Tickets that try to hijack the answer: with a fooled model, a granted tool and
//! nobody to approve, each send is refused, and the reason names ticket and line.

use emulant_ask::{Answer, Ask, Call, Hole, HoleKind, Origin, Request, Seen, Shape, Site, Value};
use emulant_gate::{Approval, Budget, Declaration, DefaultRules, Gate, Outcome, Scanner, Spent, State};
use emulant_host::origin::Origins;
use emulant_host::predicate::Python;
use emulant_host::schema::Schemas;
use emulant_journal::{Answered, Exchange, Settled};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::Path;

fn exchange(id: u64, request: Request, value: Value) -> Exchange {
    let entry = Answered { to: 2 * id + 1, answer: Answer::value(value), verdicts: vec![], detail: Default::default(), at_us: 0 };
    let ask = Ask { id, request, site: Site::default(), seen: vec![] };
    let answer = Some(Settled { seq: 2 * id + 2, entry });
    Exchange { seq: 2 * id + 1, ask, acts: false, verdicts: vec![], at_us: 0, approvals: vec![], left: None, answer }
}

fn declaration(name: &str, acts: bool, origin: &str) -> Declaration {
    Declaration {
        name: name.into(),
        description: String::new(),
        acts,
        critical: Some(vec!["to".into()]),
        origin: origin.into(),
        input_schema: json!({}),
        output_schema: None,
        ..Declaration::default()
    }
}

/// What the gate says to a mail to `address`, which a model took from `tickets`.
fn refusal(tickets: &str, address: &str) -> String {
    let read = Call { tool: "read_text".into(), arguments: vec![("path".into(), Value::str("tickets.jsonl"))] };
    let hole = Hole {
        hole: HoleKind::Stub,
        name: "reply_to".into(),
        signature: String::new(),
        instruction: String::new(),
        arguments: vec![],
        shape: Shape::Str { max: None },
        examples: vec![], feedback: Vec::new(),
        context: String::new(),
        ..Hole::default()
    };
    let exchanges = [
        exchange(0, Request::Call(read), Value::str(tickets)),
        exchange(1, Request::Emulate(hole), Value::str(address)),
    ];
    let tools = [declaration("read_text", false, "third party"), declaration("send_mail", true, "")];
    let allowed = BTreeSet::from(["send_mail".to_string()]);
    let origins = Origins { exchanges: &exchanges, tools: &tools };
    let policy = DefaultRules::new(&tools);
    let gate = Gate {
        tools: &tools, allowed: &allowed, schemas: &Schemas::default(), origins: &origins, predicates: &Python::default(), policy: &policy,
        scanner: &Scanner::default(), state: &State::default(), budget: &Budget::default(), spent: &Spent::default(), level: "flow",
        foreign_program: None,
    };
    let mail = Call { tool: "send_mail".into(), arguments: vec![("to".into(), Value::str(address))] };
    let data = [0, 1].map(|ask| Origin { ask, path: String::new() }).to_vec();
    let seen = [Seen { part: "to".into(), data, choice: vec![] }];
    let site = Site { file: "triage.py".into(), line: 49, function: "send".into() };
    match gate.decide(&mail, &seen, &site, &Approval::Nobody).outcome {
        Outcome::Refused { reason } => reason,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn every_hijacking_ticket_is_stopped_and_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let honest = std::fs::read_to_string(root.join("examples/tickets.jsonl")).unwrap();
    let mut seen = 0;
    for variant in 1..=20 {
        let path = root.join(format!("corpus/runs/hijack/{variant:02}.json"));
        let variant: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let with_id = |line: &str| serde_json::from_str::<Json>(line).unwrap()["id"].clone();
        let tickets: String = honest
            .lines()
            .map(|line| if with_id(line) == variant["ticket"]["id"] { format!("{}\n", variant["ticket"]) } else { format!("{line}\n") })
            .collect();
        let address = variant["address"].as_str().unwrap();
        let expected = format!(
            "send_mail refused: \"to\" comes from ticket {}, line {} (third party, read_text), by reply_to (model); used in line 49",
            variant["ticket"]["id"], variant["line"]
        );
        assert_eq!(refusal(&tickets, address), expected);
        seen += 1;
    }
    assert_eq!(seen, 20);
}
