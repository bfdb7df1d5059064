//! Calls whose process died before their answer was written: they are in doubt, whatever the gate said first, are
//! made again only where that is safe, and count and can be taken back like others.

use emulant_ask::{Answer, Call, Value};
use emulant_gate::{Budget, Contract, Declaration, Effect, Operation, SchemaCheck};
use emulant_host::answer::{NoModel, Person, Tools, World};
use emulant_host::keep::RunError;
use emulant_host::manifest::Manifest;
use emulant_host::options::{Approve, RunOptions};
use emulant_host::replay::{Said, answer, resume};
use emulant_host::run::{Outcome, RunResult, Waiting, run};
use emulant_host::schema::Schemas;
use emulant_host::store::{RunState, Store};
use emulant_host::undo::{How, Which, plan, undo};
use serde_json::json;
use std::cell::Cell;
use std::path::Path;

/// One acting tool, `send`, and what was called.
#[derive(Default)]
struct Desk {
    schemas: Schemas,
    contract: Contract,
    critical: Vec<String>,
    manifest: Manifest,
    calls: Vec<Call>,
    /// The process dies behind the next call.
    dies: bool,
    dead: Cell<bool>,
    /// Is somebody there, who says yes?
    person: bool,
}

struct Watch<'d>(bool, &'d Cell<bool>);

impl Person for Watch<'_> {
    fn is_there(&mut self) -> bool {
        self.0
    }

    fn approve(&mut self, _: &str) -> Option<bool> {
        Some(true)
    }

    fn input(&mut self, _: &str) -> Option<Answer> {
        None
    }

    fn interrupts(&mut self) -> bool {
        self.1.replace(false)
    }
}

struct Hands<'d> {
    schemas: &'d Schemas,
    contract: &'d Contract,
    critical: &'d [String],
    manifest: &'d Manifest,
    calls: &'d mut Vec<Call>,
    dies: &'d mut bool,
    dead: &'d Cell<bool>,
}

impl Tools for Hands<'_> {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        let send = Declaration {
            name: "send".into(),
            acts: true,
            critical: Some(self.critical.to_vec()),
            input_schema: json!({"type": "object", "properties": {"to": {"type": "string"}, "key": {}}}),
            contract: self.contract.clone(),
            ..Declaration::default()
        };
        let back = Declaration { name: "unsend".into(), contract: Contract::default(), ..send.clone() };
        Ok(vec![send, back])
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        self.schemas
    }

    fn manifest(&self) -> Manifest {
        self.manifest.clone()
    }

    fn call(&mut self, call: &Call) -> Answer {
        self.calls.push(call.clone());
        self.dead.set(std::mem::take(self.dies));
        Answer::value(Value::dict([("id", Value::str("m7"))]))
    }

    fn before(&mut self, _: &Call) -> Result<Value, String> {
        Ok(Value::str("what was there"))
    }

    fn restore(&mut self, _: &Value) -> Result<(), String> {
        Ok(())
    }
}

impl Desk {
    fn with<T>(&mut self, act: impl FnOnce(World<'_>) -> T) -> T {
        let Desk { schemas, contract, critical, manifest, calls, dies, dead, person } = self;
        let mut hands = Hands { schemas, contract, critical, manifest, calls, dies, dead };
        let mut watch = Watch(*person, dead);
        act(World { tools: &mut hands, model: &mut NoModel, person: &mut watch, sink: &mut |_, _| () })
    }

    /// Runs until the process dies behind the first call; gives the run's id.
    fn die(&mut self, text: &str, folder: &Path) -> String {
        let options = RunOptions { allowed: ["send".to_string()].into(), ..RunOptions::new("p.py", format!("from emulant import tools\n{text}\n")) };
        self.dies = true;
        let died = self.with(|world| run(options, Some(open(folder)), world));
        assert!(matches!(died, Err(RunError::Interrupted)), "{died:?}");
        open(folder).list().unwrap().into_iter().find(|row| row.state == RunState::Open).unwrap().id
    }

    fn resumed(&mut self, id: &str, folder: &Path) -> Outcome {
        self.with(|world| resume(open(folder), id, world)).unwrap()
    }

    fn said(&mut self, id: &str, seq: u64, said: &Said, folder: &Path) -> Result<Outcome, RunError> {
        self.with(|world| answer(open(folder), id, seq, said, world))
    }
}

fn open(folder: &Path) -> Store {
    Store::open(folder).unwrap()
}

fn doubt(outcome: &Outcome) -> Waiting {
    match &outcome.result {
        RunResult::Waiting(waiting) if waiting[0].in_doubt => waiting[0].clone(),
        other => panic!("it is not in doubt: {other:?}"),
    }
}

fn is_done(outcome: &Outcome) -> bool {
    matches!(outcome.result, RunResult::Done { status: 0 })
}

#[test]
fn a_call_that_was_let_through_only_later_is_in_doubt_too() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    // Nobody was there: the ask is on record as refused. Then the process died.
    let mut desk = Desk::default();
    let options = RunOptions { approve: Approve::Now, ..RunOptions::new("p.py", "from emulant import tools\ntools.send(to='ada')\n") };
    let refused = desk.with(|world| run(options, Some(open(&first)), world)).unwrap();
    let id = refused.run.unwrap();
    let lines = open(&first).lines(&id).unwrap();
    let asked = lines.iter().position(|line| line.contains("\"acts\":true")).unwrap();
    open(&second).import(lines[..=asked].concat().as_bytes()).unwrap();
    // Later somebody is there and says yes, the call leaves, and the process dies again.
    desk.person = true;
    desk.dies = true;
    let died = desk.with(|world| resume(open(&second), &id, world));
    assert!(matches!(died, Err(RunError::Interrupted)), "{died:?}");
    assert_eq!(desk.calls.len(), 1);
    let outcome = desk.resumed(&id, &second);
    let seq = doubt(&outcome).seq;
    assert_eq!(desk.calls.len(), 1, "it is not made twice");
    assert!(is_done(&desk.said(&id, seq, &Said::Json(json!({"id": "m7"})), &second).unwrap()));
    assert_eq!(desk.calls.len(), 1);
}

#[test]
fn what_a_call_in_doubt_changed_can_be_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk { contract: Contract { effect: Effect::Staged, ..Contract::default() }, ..Desk::default() };
    let id = desk.die("tools.send(to='ada')", folder.path());
    let steps = || plan(&open(folder.path()).journal(&id).unwrap(), Which::All, &Default::default(), folder.path()).unwrap();
    assert_eq!(steps()[0].how, How::InDoubt);
    let seq = doubt(&desk.resumed(&id, folder.path())).seq;
    desk.said(&id, seq, &Said::Failed("cut off".into()), folder.path()).unwrap();
    let How::Call(call) = &steps()[0].how else { panic!("{:?}", steps()) };
    assert_eq!(call.tool, "restore_before");
}

#[test]
fn what_a_person_says_of_a_call_in_doubt_counts_and_must_fit() {
    let folder = tempfile::tempdir().unwrap();
    let contract = Contract {
        post: vec!["result['id'] != ''".into()],
        state: vec![("sent".into(), "state['sent'] + 1".into())],
        ..Contract::default()
    };
    let manifest = Manifest {
        budget: Budget { calls: Some(1), ..Budget::default() },
        state: vec![("sent".into(), json!({"type": "integer"}), Value::Int(0))],
        ..Manifest::default()
    };
    let mut desk = Desk { contract, manifest, ..Desk::default() };
    let text = "tools.send(to='ada')\ntry:\n    tools.send(to='bob')\nexcept Exception as error:\n    print(error)\nelse:\n    1 / 0";
    let id = desk.die(text, folder.path());
    let seq = doubt(&desk.resumed(&id, folder.path())).seq;
    let wrong = desk.said(&id, seq, &Said::Json(json!({"id": ""})), folder.path()).unwrap_err();
    assert!(wrong.to_string().contains("its contract does not hold"), "{wrong}");
    let done = desk.said(&id, seq, &Said::Json(json!({"id": "m7"})), folder.path()).unwrap();
    assert!(is_done(&done), "the second call must be refused by the budget: {done:?}");
    assert_eq!(desk.calls.len(), 1);
    let cells = emulant_host::policies::state(&open(folder.path()).journal(&id).unwrap()).unwrap();
    assert_eq!(cells, [("sent".to_string(), Value::Int(1))]);
}

#[test]
fn a_call_with_a_key_is_made_again_and_one_without_is_not() {
    for (key, again) in [("'k1'", true), ("None", false)] {
        let folder = tempfile::tempdir().unwrap();
        let contract = Contract { idempotency: Some("key".into()), effect: Effect::Staged, ..Contract::default() };
        let mut desk = Desk { contract, ..Desk::default() };
        let id = desk.die(&format!("tools.send(to='ada', key={key})"), folder.path());
        let outcome = desk.resumed(&id, folder.path());
        if !again {
            doubt(&outcome);
            assert_eq!(desk.calls.len(), 1);
            continue;
        }
        assert!(is_done(&outcome), "{outcome:?}");
        assert_eq!(desk.calls.len(), 2);
        assert_eq!(desk.calls[0], desk.calls[1], "the same call, with the same key");
        let journal = open(folder.path()).journal(&id).unwrap();
        let kept: Vec<_> = journal.exchanges()[0].later_verdicts().filter(|verdict| verdict.reason.contains("kept as")).collect();
        assert!(kept.len() >= 2 && kept.iter().all(|verdict| verdict.reason == kept[0].reason), "{kept:?}");
    }
}

#[test]
fn undoing_does_not_make_words_of_others_the_users_own() {
    for (labels, trusted) in [(vec![], false), (vec![(".id".to_string(), "system".to_string())], true)] {
        let folder = tempfile::tempdir().unwrap();
        let inverse = Operation { tool: "unsend".into(), arguments: vec![("to".into(), "result['id']".into())] };
        let contract = Contract { effect: Effect::Inverse, inverse: Some(inverse), labels, ..Contract::default() };
        let mut desk = Desk { contract, critical: vec!["to".into()], ..Desk::default() };
        let options = RunOptions { allowed: ["send".to_string()].into(), ..RunOptions::new("p.py", "from emulant import tools\ntools.send(to='ada')\n") };
        let id = desk.with(|world| run(options, Some(open(folder.path())), world)).unwrap().run.unwrap();
        let journal = open(folder.path()).journal(&id).unwrap();
        let steps = plan(&journal, Which::All, &Default::default(), folder.path()).unwrap();
        assert!(matches!(&steps[0].how, How::Call(call) if call.tool == "unsend"), "{steps:?}");
        let undone = desk.with(|world| undo(&journal, &steps, open(folder.path()), world)).unwrap();
        assert_eq!((is_done(&undone), desk.calls.len()), (trusted, if trusted { 2 } else { 1 }), "{undone:?}");
        if !trusted {
            // A person is asked for exactly this call, and told why.
            assert!(undone.report.message.contains("\"to\" stands in the program's own text, and is not the user's word"), "{}", undone.report.message);
            desk.person = true;
            assert!(is_done(&desk.with(|world| undo(&journal, &steps, open(folder.path()), world)).unwrap()));
        }
    }
}

#[test]
fn finished_runs_go_with_what_was_kept_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let contract = || Contract { effect: Effect::Staged, ..Contract::default() };
    let mut desk = Desk { contract: contract(), ..Desk::default() };
    let options = || RunOptions { allowed: ["send".to_string()].into(), ..RunOptions::new("p.py", "from emulant import tools\ntools.send(to='ada')\n") };
    let done = desk.with(|world| run(options(), Some(open(folder.path())), world)).unwrap().run.unwrap();
    let waits = desk.die("tools.send(to='bob')", folder.path());
    let kept = || std::fs::read_dir(folder.path().join("kept")).unwrap().count();
    let mut store = open(folder.path());
    assert_eq!(store.prune(0).unwrap(), (vec![], 0), "nothing is that old");
    let now = emulant_host::store::now_us();
    assert_eq!(store.prune(now).unwrap(), (vec![done.clone()], 0), "what another run needs is kept");
    assert_eq!((kept(), store.list().unwrap().len()), (1, 1));
    assert!(store.lines(&done).is_err());
    let seq = doubt(&desk.resumed(&waits, folder.path())).seq;
    assert!(is_done(&desk.said(&waits, seq, &Said::Json(json!({})), folder.path()).unwrap()));
    let now = emulant_host::store::now_us();
    assert_eq!(open(folder.path()).prune(now).unwrap(), (vec![waits], 1));
    assert_eq!(kept(), 0);
}
