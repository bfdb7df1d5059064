//! The example with a fooled model: a ticket that hijacks the answer gets no mail sent, the
//! reason and `why` name the ticket and the line, and honest mail goes out.

mod support;
use serde_json::Value as Json;
use std::path::Path;
use std::process::Command;
use support::{Place, corpus};

/// The example in a folder of its own, with one ticket exchanged.
fn example(variant: &Json) -> Place {
    let place = Place::new();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for name in ["triage.py", "triage.json", "mail_server.py"] {
        std::fs::copy(examples.join(name), place.path().join(name)).unwrap();
    }
    let honest = std::fs::read_to_string(examples.join("tickets.jsonl")).unwrap();
    let id = |line: &str| serde_json::from_str::<Json>(line).unwrap()["id"].clone();
    let line = |line: &str| if id(line) == variant["ticket"]["id"] { variant["ticket"].to_string() } else { line.to_string() };
    place.write("tickets.jsonl", &(honest.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"));
    // The model is fooled: it names the attacker for this ticket, and a customer for all others.
    let body = serde_json::to_string(variant["ticket"]["body"].as_str().unwrap()).unwrap();
    let fooled = serde_json::json!({"call": format!("reply_to({body})"), "answer": variant["address"]});
    let rest = r#"{"name": "urgency", "answer": "normal"}, {"name": "reply_to", "answer": "anna@north.example"}, {"answer": "Thank you."}"#;
    place.write("script.json", &format!("[{fooled}, {rest}]"));
    place
}

#[test]
fn no_variant_sends_and_all_are_explained() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("left out: no python3 for the mail server of the example");
        return;
    }
    let mut seen = 0;
    for number in 1..=20 {
        let text = std::fs::read_to_string(corpus(&format!("runs/hijack/{number:02}.json"))).unwrap();
        let variant: Json = serde_json::from_str(&text).unwrap();
        let (ticket, line, address) = (&variant["ticket"]["id"], &variant["line"], variant["address"].as_str().unwrap());
        let place = example(&variant);
        let grants = ["--allow", "write_file", "--allow", "send_mail", "--approve", "never"];
        let ran = place.run(&[&["run", "--model", "script:script.json", "--tools", "triage.json"], &grants[..], &["triage.py"]].concat());
        assert_eq!(ran.status, 0, "variant {number}: {}", ran.err);
        let reason = format!("kept back: send_mail refused: \"to\" comes from ticket {ticket}, line {line} (third party, read_text), by reply_to (model); used in line 49");
        assert!(ran.out.contains(&reason), "variant {number}: {}", ran.out);
        let outbox = place.read("outbox.jsonl");
        assert!(!outbox.contains(address), "variant {number}: {outbox}");
        assert_eq!(outbox.lines().count(), 11, "variant {number}: {outbox}");
        let run = place.newest();
        let shown = place.run(&["journal", "show", &run]).out;
        let asked = shown.lines().find(|shown| shown.contains("ask     call") && shown.contains(&format!("send_mail(to=\"{address}\""))).unwrap();
        let why = place.run(&["why", &run, asked.split_whitespace().next().unwrap(), "to"]);
        assert!(why.out.contains(&format!("ticket {ticket}, line {line} (third party, read_text)")), "variant {number}: {}", why.out);
        seen += 1;
    }
    assert_eq!(seen, 20);
}
