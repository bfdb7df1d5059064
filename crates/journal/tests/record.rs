//! What a journal promises: written is readable, any change is found, and the
//! golden file of version 1 loads for ever.

use emulant_ask::{
    Answer, AnswerDetail, Ask, Call, Compile, CompileMode, Field, Hole, HoleKind, Limits, Origin, RecordKind, Request, Seen,
    Shape, Site, Value,
};
use emulant_journal::{
    Answered, Asked, Close, Ending, Entry, Journal, Key, Leave, Outcome, Program, PublicKey, Run, Sign, State, Stop, Verdict, hex,
    sha256, verify,
};

fn key() -> Key {
    Key::from_seed(&[7; 32])
}

fn opening() -> Entry {
    Entry::Run(Run {
        run: "20261122-0600-k3v9".into(),
        program: Program::new("triage.py", "text = read_text(path='tickets.jsonl')\nsend_mail(to=text[:5])\n"),
        inputs: vec![("limit".into(), Value::Int(3)), ("rate".into(), Value::Float(0.5))],
        // Those of version 1 at its first day, whatever the defaults are now.
        limits: Limits { instructions: 10_000_000_000, memory_bytes: 1 << 30, output_bytes: 64 << 20, asks: 10_000, depth: 1000 },
        options: Value::dict([("allow", Value::List(vec![Value::str("send_mail")])), ("eager", Value::Bool(false))]),
        semantics: 1,
        words: 1,
        started_us: 1_795_327_200_000_000,
        salt: "9f8e7d6c5b4a39281706f5e4d3c2b1a0".into(),
        parent: None,
    })
}

fn call(id: u64, tool: &str, arguments: Vec<(String, Value)>) -> Ask {
    let site = Site { file: "triage.py".into(), line: 2, function: "<module>".into() };
    Ask { id, request: Request::Call(Call { tool: tool.into(), arguments }), site, seen: vec![] }
}

fn asked(ask: Ask, acts: bool, outcome: Outcome) -> Entry {
    let verdicts = vec![Verdict { stage: "policy".into(), outcome, reason: String::new() }];
    Entry::Ask(Asked { ask, acts, verdicts, at_us: 1_795_327_200_100_000 })
}

fn answered(to: u64, answer: Answer) -> Entry {
    Entry::Answer(Answered { to, answer, verdicts: vec![], detail: Default::default(), at_us: 1_795_327_200_200_000 })
}

fn approval(id: u64) -> Entry {
    let request = Request::Approve { call: id, sentence: "send a mail to \"ab@c.\"".into() };
    asked(Ask { id, request, site: Site::default(), seen: vec![] }, false, Outcome::Skip)
}

fn ending() -> Close {
    Close {
        ending: Ending::Raised,
        exit_status: 1,
        message: "ToolError: no".into(),
        output_sha256: hex(&sha256(b"hello\n")),
        output_bytes: 6,
        instructions: 1234,
        ended_us: 1_795_327_201_000_000,
        sign: Sign::blank(),
    }
}

/// A run with every type of entry.
fn sample() -> String {
    sample_with(|_| vec![])
}

/// The sample with more entries before its end.
fn sample_with(more: impl Fn(u64) -> Vec<Entry>) -> String {
    let mut journal = Journal::new();
    let mut text = String::new();
    let mut add = |line: Result<String, _>| text.push_str(&line.expect("the entry may stand here"));
    add(journal.append(opening()));
    add(journal.append(asked(call(0, "read_text", vec![("path".into(), Value::str("tickets.jsonl"))]), false, Outcome::Pass)));
    add(journal.append(answered(1, Answer::value(Value::str("ab@c.\né😀\u{1}")))));
    let mut mail = call(1, "send_mail", vec![("to".into(), Value::str("ab@c."))]);
    mail.seen.push(Seen { part: "to".into(), data: vec![Origin { ask: 0, path: String::new() }], choice: vec![] });
    add(journal.append(asked(mail, true, Outcome::NeedsApproval)));
    add(journal.append(approval(1)));
    add(journal.checkpoint(&key()));
    add(journal.append(answered(4, Answer::value(Value::Bool(true)))));
    add(journal.append(answered(3, Answer::Raise { class: "ToolError".into(), message: "no".into() })));
    add(journal.append(Entry::Stop(Stop { instructions: 1200, reason: "30 seconds".into() })));
    for entry in more(journal.next_seq()) {
        add(journal.append(entry));
    }
    add(journal.close(ending(), &key()));
    text
}

/// Entries with every kind of request, shape, value and answer, from `seq` on.
fn every_word(seq: u64) -> Vec<Entry> {
    let field = |name: &str, shape: Shape, required: bool| Field { name: name.into(), shape, required };
    let shape = Shape::Union {
        options: vec![
            Shape::Record {
                record: RecordKind::Dataclass,
                name: "Ticket".into(),
                fields: vec![
                    field("id", Shape::Int { min: Some(0), max: None }, true),
                    field("tags", Shape::Set { item: Box::new(Shape::Str { max: Some(9) }) }, true),
                    field("at", Shape::Tuple { items: vec![Shape::Float, Shape::Bool] }, false),
                    field("more", Shape::Dict { value: Box::new(Shape::TupleOf { item: Box::new(Shape::Any) }) }, false),
                ],
            },
            Shape::Literal { values: vec![Value::str("x"), Value::Int(-1)] },
            Shape::Enum { name: "Colour".into(), members: vec!["RED".into()] },
            Shape::List { item: Box::new(Shape::None) },
        ],
    };
    let values = Value::List(vec![
        Value::None,
        Value::Big("123456789012345678901234567890".into()),
        Value::Int(i64::MIN),
        Value::Float(f64::NEG_INFINITY),
        Value::Bytes(vec![0, 255]),
        Value::Tuple(vec![Value::Float(-0.0)]),
        Value::Set(vec![Value::Bool(true)]),
        Value::Dict(vec![(Value::Int(1), Value::str("$x")), (Value::str("b"), Value::None), (Value::str("a"), Value::None)]),
        Value::Record("Ticket".into(), vec![("id".into(), Value::Int(7))]),
    ]);
    let hole = Hole {
        hole: HoleKind::Stub,
        name: "extract".into(),
        signature: "def extract(text: str) -> Ticket | str".into(),
        instruction: "Extract.".into(),
        arguments: vec![("text".into(), values.clone())],
        shape,
        examples: vec![(vec![("text".into(), Value::str("a"))], Value::str("x"))],
        feedback: Vec::new(),
        context: "import this\n".into(),
        ..Hole::default()
    };
    let compile = |mode| Request::Compile(Compile { file: "<string>".into(), mode, text: "1".into() });
    let detail = AnswerDetail { confidence_ppm: Some(999_000), by: "tiny".into(), tokens_in: 5, tokens_out: 1, time_us: 9, ..AnswerDetail::default() };
    let requests = [
        (Request::Emulate(hole.clone()), Answer::Value { value: values, detail: detail.clone() }),
        (Request::Emulate(Hole { hole: HoleKind::Expression, ..hole.clone() }), Answer::Failed { reason: "f".into() }),
        (Request::Emulate(Hole { hole: HoleKind::Call, ..hole }), Answer::Abstained { reason: "a".into() }),
        (Request::Input { prompt: "> ".into() }, Answer::value(Value::str("yes"))),
        (Request::Clock, Answer::value(Value::Float(1_795_327_200.25))),
        (Request::Seed, Answer::value(Value::Big(u64::MAX.to_string()))),
        (compile(CompileMode::Exec), Answer::Refused { reason: "r".into() }),
        (compile(CompileMode::Eval), Answer::Stopped),
        (compile(CompileMode::Single), Answer::Stopped),
        (Request::Approve { call: 1, sentence: "again?".into() }, Answer::value(Value::Bool(false))),
    ];
    let entries = requests.into_iter().enumerate().flat_map(|(index, (request, answer))| {
        let index = index as u64;
        let ask = Ask { request, ..call(2 + index, "", vec![]) };
        let verdicts = vec![Verdict { stage: "post".into(), outcome: Outcome::Refused, reason: "no".into() }];
        let asked = Asked { ask, acts: false, verdicts: verdicts.clone(), at_us: index };
        let answered = Answered { to: seq + 2 * index, answer, verdicts, detail: detail.clone(), at_us: index };
        [Entry::Ask(asked), Entry::Answer(answered)]
    });
    entries.collect()
}

#[test]
fn a_finished_run_verifies_and_reads_back() {
    let text = sample();
    let report = verify(text.as_bytes(), Some(&key().public())).unwrap();
    assert!(report.is_finished());
    assert_eq!((report.entries, report.asks, report.answered, report.signed_entries), (10, 2, 2, 10));
    let journal = Journal::read(text.split_inclusive('\n')).unwrap();
    let [read, mail] = journal.exchanges() else { panic!("two asks") };
    assert_eq!(read.answered(), Some(&Answer::value(Value::str("ab@c.\né😀\u{1}"))));
    assert!(mail.approvals[0].granted());
    assert_eq!(journal.exchange_at(6).map(|exchange| exchange.seq), Some(3));
    assert_eq!(journal.stops()[0].instructions, 1200);
}

#[test]
fn every_flipped_byte_is_found() {
    let text = sample().into_bytes();
    let key = key().public();
    for place in 0..text.len() {
        for flip in [1, 0x20] {
            let mut bytes = text.clone();
            bytes[place] ^= flip;
            assert!(!is_accepted(&bytes, &key), "byte {place} flipped by {flip} went unseen");
        }
    }
}

#[test]
fn every_dropped_inserted_or_cut_off_byte_is_found() {
    let text = sample().into_bytes();
    let key = key().public();
    for place in 0..text.len() {
        let dropped = [&text[..place], &text[place + 1..]].concat();
        assert!(!is_accepted(&dropped, &key), "byte {place} was dropped unseen");
        assert!(!is_accepted(&text[..place], &key), "the tail from byte {place} was cut off unseen");
        for extra in [b' ', b'0'] {
            let inserted = [&text[..place], &[extra], &text[place..]].concat();
            assert!(!is_accepted(&inserted, &key), "{extra} was inserted at {place} unseen");
        }
    }
    for extra in [&b"\n"[..], b" ", b"{}\n", &text] {
        assert!(!is_accepted(&[&text, extra].concat(), &key));
    }
}

#[test]
fn every_dropped_repeated_or_moved_line_is_found() {
    let text = sample();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let key = key().public();
    for at in 0..lines.len() {
        let without: String = lines.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, l)| *l).collect();
        assert!(!is_accepted(without.as_bytes(), &key), "line {at} was dropped unseen");
        let mut twice = lines.clone();
        twice.insert(at, lines[at]);
        assert!(!is_accepted(twice.concat().as_bytes(), &key), "line {at} was repeated unseen");
        for other in 0..at {
            let mut moved = lines.clone();
            moved.swap(at, other);
            assert!(!is_accepted(moved.concat().as_bytes(), &key), "lines {other} and {at} were exchanged unseen");
        }
    }
}

/// Whether a reader with the right key would take `bytes` for a finished run.
fn is_accepted(bytes: &[u8], key: &PublicKey) -> bool {
    verify(bytes, Some(key)).is_ok_and(|report| report.is_finished())
}

#[test]
fn a_run_signed_anew_with_another_key_is_found() {
    let text = sample();
    let other = Key::from_seed(&[8; 32]).public();
    let fault = verify(text.as_bytes(), Some(&other)).unwrap_err();
    assert_eq!(fault.line, 6);
    assert!(fault.reason.starts_with("it is signed by "), "{fault}");
    assert_eq!(verify(text.as_bytes(), None).unwrap().keys, [key().public()]);
}

#[test]
fn a_fault_names_the_line_and_why() {
    let text = sample();
    let fault = |changed: String| verify(changed.as_bytes(), None).unwrap_err().to_string();
    assert_eq!(
        fault(text.replacen("triage.py\",\"sha", "triage.pi\",\"sha", 1)),
        "line 2: its `prev` is not the digest of the line before it: one of the two was changed"
    );
    assert_eq!(fault(text.replacen("read_text(", "read_test(", 1)), "line 1: the digest of the program is not that of its text");
    assert_eq!(fault(text.trim_end().into()), "line 10: it is cut off: its newline is missing");
    assert_eq!(fault(text.replacen("{\"", "{ \"", 1)), "line 1: it is not in the canonical form");
    assert_eq!(fault(text.replacen("\"v\":1", "\"v\":2", 1)), "line 1: its version is 2; this program reads version 1");
    assert_eq!(fault(String::new()), "line 1: the journal is empty");
}

#[test]
fn an_open_run_says_so_and_names_what_is_in_doubt() {
    let text = sample();
    let until = |lines: usize| -> String { text.split_inclusive('\n').take(lines).collect() };
    let report = |lines: usize| verify(until(lines).as_bytes(), Some(&key().public())).unwrap();
    assert_eq!(report(4).state, State::Open);
    // Before the approval the call cannot have left; after it, it may have.
    assert_eq!(report(6).in_doubt, [0u64; 0]);
    assert_eq!(report(7).in_doubt, [3]);
    assert_eq!(report(8).in_doubt, [0u64; 0]);
    assert_eq!((report(6).signed_entries, report(7).signed_entries, report(4).signed_entries), (6, 6, 0));
}

/// A call that its ask refused was let through later.
#[test]
fn what_left_after_its_ask_is_in_doubt_until_it_is_answered() {
    let mut journal = Journal::new();
    journal.append(opening()).unwrap();
    journal.append(asked(call(0, "send_mail", vec![]), true, Outcome::Refused)).unwrap();
    journal.append(asked(call(1, "read_text", vec![]), false, Outcome::Pass)).unwrap();
    assert_eq!(journal.in_doubt().count(), 0);
    let leave = |to| {
        let verdicts = vec![Verdict { stage: "execution".into(), outcome: Outcome::Pass, reason: "kept".into() }];
        Entry::Leave(Leave { to, verdicts, at_us: 7 })
    };
    for (to, why) in [(0, "the run"), (2, "a read"), (9, "nothing")] {
        assert!(journal.append(leave(to)).unwrap_err().reason.ends_with("which is not an open call that acts"), "{why}");
    }
    let line = journal.append(leave(1)).unwrap();
    assert_eq!(line.split_once("\"seq\"").unwrap().1, ":3,\"to\":1,\"type\":\"leave\",\"v\":1,\"verdicts\":[{\"outcome\":\"pass\",\"reason\":\"kept\",\"stage\":\"execution\"}]}\n");
    assert_eq!(journal.in_doubt().map(|exchange| exchange.seq).collect::<Vec<_>>(), [1]);
    assert_eq!(journal.exchanges()[0].later_verdicts().count(), 1);
    journal.append(answered(1, Answer::Stopped)).unwrap();
    assert_eq!(journal.in_doubt().count(), 0);
    assert!(journal.append(leave(1)).is_err(), "it is answered");
}

#[test]
fn entries_that_do_not_belong_are_refused_and_change_nothing() {
    let mut journal = Journal::new();
    let reason = |result: Result<String, emulant_journal::Fault>| result.unwrap_err().reason;
    assert_eq!(reason(journal.append(asked(call(0, "t", vec![]), false, Outcome::Pass))), "a journal begins with a run");
    journal.append(opening()).unwrap();
    assert_eq!(reason(journal.append(opening())), "a journal has one run");
    assert_eq!(reason(journal.append(asked(call(1, "t", vec![]), false, Outcome::Pass))), "the id of its ask is 1, expected 0");
    assert_eq!(reason(journal.append(answered(0, Answer::Stopped))), "it answers entry 0, which is not an open ask");
    assert_eq!(reason(journal.append(Entry::Sign(Sign::blank()))), "its root is not that of the lines before it");
    journal.append(asked(call(0, "t", vec![]), false, Outcome::Pass)).unwrap();
    assert_eq!(reason(journal.append(approval(1))), "it asks to approve call 1, which is not open");
    journal.append(answered(1, Answer::Stopped)).unwrap();
    assert_eq!(reason(journal.append(answered(1, Answer::Stopped))), "it answers entry 1, which is not an open ask");
    journal.close(ending(), &key()).unwrap();
    assert_eq!(reason(journal.checkpoint(&key())), "it stands behind the end of the run");
    assert_eq!(journal.next_seq(), 4);
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let mut journal = Journal::new();
    journal.append(opening()).unwrap();
    let nested = |depth: u32, wrap: fn(Vec<Value>) -> Value| {
        let value = (0..depth).fold(Value::None, |inner, _| wrap(vec![inner]));
        asked(call(0, "t", vec![("x".into(), value)]), false, Outcome::Pass)
    };
    let fault = journal.append(nested(2000, Value::List)).unwrap_err();
    assert_eq!(fault.to_string(), "line 2: a value is nested deeper than 100");
    // A tuple is two brackets deep in JSON.
    let fault = journal.append(nested(100, Value::Tuple)).unwrap_err();
    assert!(fault.reason.starts_with("it is not JSON: recursion limit exceeded"), "{fault}");
    journal.clone().append(nested(100, Value::List)).unwrap();
    let nan = vec![("x".into(), Value::Float(f64::NAN)), ("y".into(), Value::Big("9".repeat(400)))];
    journal.append(asked(call(0, "t", nan), false, Outcome::Pass)).unwrap();
}

#[test]
fn a_noted_entry_is_what_an_appended_one_is() {
    let (mut noted, mut appended) = (Journal::new(), Journal::new());
    for entry in [opening(), asked(call(0, "read_text", vec![]), false, Outcome::Pass), answered(1, Answer::value(Value::Int(1)))] {
        noted.note(entry.clone()).expect("it belongs there");
        appended.append(entry).expect("it belongs there");
    }
    assert_eq!(format!("{noted:?}"), format!("{appended:?}"));
    assert!(noted.note(opening()).is_err());
}

#[test]
fn hostile_lines_are_faults() {
    for text in ["\n", "null\n", "[]\n", "{}\n", "{\"v\":1}\n", "\u{feff}{}\n", "{\"v\":-1}\n", "{\"v\":1e999}\n", "\"\\ud800\"\n"] {
        assert_eq!(verify(text.as_bytes(), None).unwrap_err().line, 1, "{text:?}");
    }
    assert_eq!(verify(b"\xff\n", None).unwrap_err().reason, "it is not UTF-8");
    let deep = "[".repeat(1_000_000) + "\n";
    assert_eq!(verify(deep.as_bytes(), None).unwrap_err().line, 1);
}

/// Not regenerated: bytes of version 1 must load for as long as there are readers.
#[test]
fn the_golden_journal_of_version_1_loads() {
    let golden = include_bytes!("../../../corpus/journal/v1.jsonl");
    let key = PublicKey::from_hex(include_str!("../../../corpus/journal/v1.key").trim_end()).unwrap();
    let report = verify(golden, Some(&key)).unwrap();
    assert!(report.is_finished());
    assert_eq!((report.entries, report.asks, report.answered), (30, 12, 12));
    assert_eq!(sample_with(every_word).as_bytes(), golden, "the sample is written in other bytes than those of version 1");
}
