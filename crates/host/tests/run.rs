//! Runs with made-up answerers: killed at every entry and resumed, replayed, forked, and
//! suspended in places where no host stack could be kept.

use emulant_ask::{Answer, Call, Hole, Value};
use emulant_gate::{Declaration, SchemaCheck};
use emulant_host::answer::{Holes, Nobody, Tools, World};
use emulant_host::options::{Approve, RunOptions};
use emulant_host::replay::{self, Replayed, Said};
use emulant_host::run::{Outcome, RunResult, run};
use emulant_host::schema::Schemas;
use emulant_host::store::Store;
use emulant_machine::Stream;
use serde_json::json;
use std::time::Instant;

/// Two tools: `get` reads, `put` acts and counts.
#[derive(Default)]
struct Shelf {
    schemas: Schemas,
    puts: Vec<String>,
}

impl Tools for Shelf {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        let tool = |name: &str, acts| Declaration {
            name: name.into(),
            description: String::new(),
            acts,
            critical: Some(Vec::new()),
            origin: String::new(),
            input_schema: json!({"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}),
            output_schema: None,
            ..Declaration::default()
        };
        Ok(vec![tool("get", false), tool("put", true)])
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        &self.schemas
    }

    fn call(&mut self, call: &Call) -> Answer {
        let key = call.arguments.first().and_then(|(_, value)| value.as_str()).unwrap_or_default().to_string();
        match (call.tool.as_str(), key.as_str()) {
            (_, "bad") => Answer::Raise { class: "KeyError".into(), message: key },
            ("put", _) => {
                self.puts.push(key.clone());
                Answer::value(Value::Int(self.puts.len() as i64))
            }
            _ => Answer::value(Value::str(format!("<{key}>"))),
        }
    }
}

/// Answers each hole by the length of its first argument.
struct Lengths;

impl Holes for Lengths {
    fn answer(&mut self, holes: &[&Hole], _: Option<Instant>) -> Vec<Answer> {
        let length = |hole: &&Hole| match hole.arguments.first() {
            Some((_, Value::Str(text))) => Answer::value(Value::Int(text.len() as i64)),
            _ => Answer::Failed { reason: "no text".into() },
        };
        holes.iter().map(length).collect()
    }
}

/// Runs `act` with the shelf, and gives what it printed.
fn with<T>(shelf: &mut Shelf, act: impl FnOnce(World<'_>) -> T) -> (T, String) {
    let mut printed = String::new();
    let mut sink = |stream: Stream, text: &str| {
        if stream == Stream::Out {
            printed.push_str(text);
        }
    };
    let done = act(World { tools: shelf, model: &mut Lengths, person: &mut Nobody, sink: &mut sink });
    (done, printed)
}

fn granted(text: &str) -> RunOptions {
    RunOptions { allowed: ["put".to_string()].into(), seed: Some(5), ..RunOptions::new("p.py", text) }
}

fn finished(outcome: &Outcome) -> bool {
    matches!(outcome.result, RunResult::Done { status: 0 })
}

const PROGRAM: &str = r#"
import random
from emulant import emulate, tools

@emulate
def size(text: str) -> int:
    "How long is it?"

print("start", random.randint(0, 99))
for key in ("a", "bad", "ccc"):
    try:
        print(key, tools.get(key), tools.put(key))
    except KeyError as error:
        print("missing", error)
print([size(word) for word in ("x", "yy", "zzz")])
print(eval("1 + 1"), tools.put("last"))
"#;

#[test]
fn a_run_killed_behind_any_entry_ends_the_same_and_acts_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::default();
    let store = Store::open(&folder.path().join("first")).unwrap();
    let (outcome, printed) = with(&mut shelf, |world| run(granted(PROGRAM), Some(store), world).unwrap());
    assert!(finished(&outcome), "{outcome:?}");
    assert_eq!(shelf.puts, ["a", "ccc", "last"]);
    let id = outcome.run.unwrap();
    let lines = Store::open(&folder.path().join("first")).unwrap().lines(&id).unwrap();
    let (mut settled, mut resumed) = (0, 0);
    for kept in 1..lines.len() {
        let place = folder.path().join(format!("killed {kept}"));
        let mut store = Store::open(&place).unwrap();
        store.import(lines[..kept].concat().as_bytes()).unwrap();
        let before = store.journal(&id).unwrap();
        // What an earlier process did: each acting call whose answer is recorded, and the one in doubt.
        let did = before.exchanges().iter().filter(|e| e.acts && (e.answer.is_some() || e.in_doubt())).count();
        let failed = before.exchanges().iter().filter(|e| e.acts && matches!(e.answered(), Some(Answer::Raise { .. }))).count();
        let mut later = Shelf { puts: vec!["earlier".into(); did - failed], ..Shelf::default() };
        let (outcome, mut end) = with(&mut later, |world| replay::resume(store, &id, world).unwrap());
        let outcome = match &outcome.result {
            RunResult::Waiting(waiting) => {
                assert!(waiting[0].in_doubt, "{waiting:?}");
                let seq = waiting[0].seq;
                let said = Said::Json(json!(later.puts.len()));
                let store = Store::open(&place).unwrap();
                let (outcome, rest) = with(&mut later, |world| replay::answer(store, &id, seq, &said, world).unwrap());
                end.push_str(&rest);
                settled += 1;
                outcome
            }
            _ => {
                resumed += 1;
                outcome
            }
        };
        assert!(finished(&outcome), "killed behind entry {kept}: {outcome:?}");
        assert!(printed.ends_with(&end), "killed behind entry {kept}: {end:?} is no end of {printed:?}");
        assert_eq!(later.puts.len(), 3, "killed behind entry {kept}: {:?}", later.puts);
        let journal = Store::open(&place).unwrap().journal(&id).unwrap();
        let mut again = String::new();
        let replayed = replay::replay(&journal, &mut |stream, text| if stream == Stream::Out { again.push_str(text) }).unwrap();
        assert!(matches!(replayed, Replayed::Same { .. }), "killed behind entry {kept}: {replayed:?}");
        assert_eq!(again, printed, "killed behind entry {kept}");
    }
    assert_eq!(settled, 3, "each acting call was in doubt once");
    assert!(resumed > 10, "{resumed}");
}

const PLACES: &[(&str, &str)] = &[
    ("a sort key", "print(sorted(['b', 'a'], key=lambda k: (tools.put(k), k)[1]))"),
    ("a generator", "def g():\n    for k in 'ab':\n        yield tools.put(k)\nprint(list(g()))"),
    ("__eq__ in a dict probe", "class K:\n    def __hash__(self): return 1\n    def __eq__(self, other): return tools.put('k') > 0\nd = {K(): 1}\nd[K()] = 2\nprint(len(d))"),
    ("a comprehension", "print([tools.put(k) for k in 'ab'])"),
    ("a with exit", "class C:\n    def __enter__(self): return self\n    def __exit__(self, *e): print(tools.put('x')); return True\nwith C():\n    1 / 0\nprint('out')"),
    ("a decorator", "def d(f):\n    n = tools.put('d')\n    return lambda: n\n@d\ndef f(): pass\nprint(f())"),
];

#[test]
fn a_run_waits_anywhere_and_goes_on_with_nothing_kept_but_its_journal() {
    for (name, text) in PLACES {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("from emulant import tools\n{text}\n");
        let mut shelf = Shelf::default();
        let (whole, expected) = with(&mut shelf, |world| run(granted(&text), None, world).unwrap());
        assert!(finished(&whole), "{name}: {whole:?}");
        let options = RunOptions { approve: Approve::Later, ..RunOptions::new("p.py", text) };
        let mut shelf = Shelf::default();
        let store = Store::open(folder.path()).unwrap();
        let (mut outcome, mut printed) = with(&mut shelf, |world| run(options, Some(store), world).unwrap());
        let mut waits = 0;
        while let RunResult::Waiting(waiting) = &outcome.result {
            let (id, seq) = (outcome.run.clone().unwrap(), waiting[0].seq);
            let store = Store::open(folder.path()).unwrap();
            let (next, more) = with(&mut shelf, |world| replay::answer(store, &id, seq, &Said::Json(json!(true)), world).unwrap());
            outcome = next;
            printed.push_str(&more);
            waits += 1;
            assert!(waits < 20, "{name}");
        }
        assert!(finished(&outcome), "{name}: {outcome:?}");
        assert_eq!(printed, expected, "{name}");
        assert!(waits > 0, "{name}");
    }
}

#[test]
fn eager_and_lazy_runs_show_the_same() {
    let mut shelf = Shelf::default();
    let (_, lazy) = with(&mut shelf, |world| run(granted(PROGRAM), None, world).unwrap());
    let mut shelf = Shelf::default();
    let eager = RunOptions { eager: true, ..granted(PROGRAM) };
    let (_, printed) = with(&mut shelf, |world| run(eager, None, world).unwrap());
    assert_eq!(printed, lazy);
}

#[test]
fn a_changed_answer_is_found_by_replay() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::default();
    let store = Store::open(folder.path()).unwrap();
    let text = "from emulant import tools\nif tools.get('a') == '<a>':\n    tools.get('b')\nelse:\n    tools.get('c')\n";
    let (outcome, _) = with(&mut shelf, |world| run(granted(text), Some(store), world).unwrap());
    let journal = Store::open(folder.path()).unwrap().journal(&outcome.run.unwrap()).unwrap();
    let mut shelf = Shelf::default();
    let (forked, _) = with(&mut shelf, |world| replay::fork(&journal, 1, &Said::Json(json!("other")), granted(text), None, world).unwrap());
    assert!(finished(&forked));
    let mut shelf = Shelf::default();
    let (wrong, _) = with(&mut shelf, |world| replay::fork(&journal, 99, &Said::Json(json!(1)), granted(text), None, world));
    assert!(wrong.unwrap_err().to_string().contains("entry 99 asks nothing"));
}

const LONG: &str = r#"
from emulant import tools
exec("def double(n):\n    return 2 * n")
total = 0
for i in range(6_000_000):
    total += double(1)
print("counted", total)
print(tools.put("a"), tools.get("b"))
print(input(), double(total))
"#;

#[test]
fn a_long_run_goes_on_from_its_image_and_without_one_all_the_same() {
    let waits = |folder: &std::path::Path, shelf: &mut Shelf| {
        let store = Store::open(folder).unwrap();
        let options = RunOptions { approve: Approve::Later, ..granted(LONG) };
        let (outcome, printed) = with(shelf, |world| run(options, Some(store), world).unwrap());
        let RunResult::Waiting(waiting) = &outcome.result else { panic!("{outcome:?}") };
        assert_eq!((printed.as_str(), outcome.resumed_at), ("counted 12000000\n1 <b>\n", None));
        (outcome.run.clone().unwrap(), waiting[0].seq)
    };
    let spoilt: [(&str, fn(&std::path::Path, &str)); 4] = [
        ("whole", |_, _| {}),
        ("changed", |folder, _| {
            let database = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
            assert_eq!(database.execute("UPDATE images SET bytes = zeroblob(length(bytes))", []).unwrap(), 1);
        }),
        ("of another version", |folder, run| {
            let mut store = Store::open(folder).unwrap();
            let mut bytes = store.image(run).unwrap().unwrap().bytes;
            bytes[7] ^= 1;
            let seq = store.lines(run).unwrap().len() as u64;
            store.step(run, emulant_host::store::Step { seq, image: Some(&bytes), ..Default::default() }).unwrap();
        }),
        ("gone", |folder, run| Store::open(folder).unwrap().drop_images(run).unwrap()),
    ];
    for (how, spoil) in spoilt {
        let folder = tempfile::tempdir().unwrap();
        let mut shelf = Shelf::default();
        let (id, seq) = waits(folder.path(), &mut shelf);
        spoil(folder.path(), &id);
        let store = Store::open(folder.path()).unwrap();
        let (outcome, printed) = with(&mut shelf, |world| replay::answer(store, &id, seq, &Said::Json(json!("on")), world).unwrap());
        assert!(finished(&outcome), "{how}: {outcome:?}");
        assert_eq!((printed.as_str(), shelf.puts.len()), ("on 24000000\n", 1), "{how}");
        assert_eq!(outcome.resumed_at, (how == "whole").then_some(seq), "{how}");
        // Digest, length and count of instructions in the closing entry are those of the whole run.
        let journal = Store::open(folder.path()).unwrap().journal(&id).unwrap();
        let replayed = replay::replay(&journal, &mut |_, _| {}).unwrap();
        assert!(matches!(replayed, Replayed::Same { .. }), "{how}: {replayed:?}");
        assert!(Store::open(folder.path()).unwrap().image(&id).unwrap().is_none(), "a finished run needs no image");
    }
}

#[test]
fn each_wait_leaves_an_image_in_place_of_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::default();
    let text = "from emulant import tools\nfor i in range(6_000_000): pass\ntools.put('a')\ninput()\ntools.put('b')\nprint(input())\n";
    let options = RunOptions { approve: Approve::Later, ..granted(text) };
    let store = Store::open(folder.path()).unwrap();
    let (first, _) = with(&mut shelf, |world| run(options, Some(store), world).unwrap());
    let id = first.run.unwrap();
    let mut entries = Vec::new();
    let mut outcome = None;
    for line in ["x", "y"] {
        let store = Store::open(folder.path()).unwrap();
        let image = store.image(&id).unwrap().expect("a waiting run has an image");
        entries.push(image.seq);
        let journal = store.journal(&id).unwrap();
        let seq = journal.exchanges().last().unwrap().seq;
        let (went, _) = with(&mut shelf, |world| replay::answer(store, &id, seq, &Said::Json(json!(line)), world).unwrap());
        assert_eq!(went.resumed_at, Some(seq));
        outcome = Some(went);
    }
    assert!(entries[0] < entries[1] && finished(&outcome.unwrap()));
    assert_eq!(shelf.puts, ["a", "b"]);
}
