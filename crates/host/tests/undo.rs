//! Random programs over files, a database and a shelf in memory; then everything is
//! undone, once with a failure on the way. What is left is what was there before.
//! 10 programs; 10,000 with EMULANT_FULL=1.

use emulant_ask::{Answer, Call, Value};
use emulant_gate::{Contract, Declaration, Effect, Operation, SchemaCheck};
use emulant_host::answer::{NoModel, Nobody, Tools, World};
use emulant_host::options::{Approve, RunOptions};
use emulant_host::run::{Outcome, RunResult, run};
use emulant_host::store::Store;
use emulant_host::tools::{ToolBox, ToolsFile};
use emulant_host::undo::{How, Which, done, plan, undo};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// The built-in tools below a root, and a shelf whose acts have an inverse.
struct House {
    tools: ToolBox,
    shelf: BTreeMap<String, i64>,
    /// The acting call that fails, counted from now.
    fails_in: Option<usize>,
}

impl House {
    fn new(root: &Path) -> House {
        let file = r#"{"emulant": {"sqlite_execute": {"critical": [], "contract": {"effect": "staged"}}}}"#;
        let file = ToolsFile::parse(file, root).unwrap();
        House { tools: ToolBox::new(file, Some(root)).unwrap(), shelf: BTreeMap::new(), fails_in: None }
    }
}

impl Tools for House {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        let mut declared = Tools::declare(&mut self.tools)?;
        let schema = json!({"type": "object", "properties": {"key": {"type": "string"}, "value": {"type": ["integer", "null"]}}, "required": ["key"]});
        let arguments = vec![("key".to_string(), "key".to_string()), ("value".to_string(), "result['before']".to_string())];
        let contract = Contract { effect: Effect::Inverse, inverse: Some(Operation { tool: "put".into(), arguments }), ..Contract::default() };
        let shelf = Declaration { acts: true, critical: Some(Vec::new()), input_schema: schema, ..Declaration::default() };
        declared.push(Declaration { name: "put".into(), contract, ..shelf.clone() });
        declared.push(Declaration { name: "burn".into(), ..shelf });
        Ok(declared)
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        Tools::schemas(&self.tools)
    }

    fn call(&mut self, call: &Call) -> Answer {
        let argument = |name: &str| call.arguments.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
        if let Some(left) = &mut self.fails_in {
            if *left == 0 {
                self.fails_in = None;
                return Answer::Raise { class: "ToolError".into(), message: "the server is gone".into() };
            }
            *left -= 1;
        }
        let key = argument("key").and_then(|key| key.as_str().map(String::from)).unwrap_or_default();
        match (call.tool.as_str(), argument("value")) {
            ("put", Some(Value::Int(value))) => {
                let before = self.shelf.insert(key, value).map_or(Value::None, Value::Int);
                Answer::value(Value::dict([("before", before)]))
            }
            ("put", _) => {
                let before = self.shelf.remove(&key).map_or(Value::None, Value::Int);
                Answer::value(Value::dict([("before", before)]))
            }
            ("burn", _) => Answer::value(Value::None),
            _ => Tools::call(&mut self.tools, call),
        }
    }

    fn before(&mut self, call: &Call) -> Result<Value, String> {
        Tools::before(&mut self.tools, call)
    }

    fn restore(&mut self, before: &Value) -> Result<(), String> {
        Tools::restore(&mut self.tools, before)
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below
    }
}

fn program(dice: &mut Dice) -> String {
    let mut text = String::new();
    for step in 0..1 + dice.roll(8) {
        let (file, key) = (dice.roll(3), dice.roll(3));
        text.push_str(&match dice.roll(5) {
            0 | 1 => format!("write_file(path='f{file}.txt', text='{step} é')\n"),
            2 => format!("put(key='k{key}', value={step})\n"),
            3 => format!("put(key='k{key}', value=None)\n"),
            _ => format!("sqlite_execute(database='d.db', sql='INSERT INTO t VALUES (?)', parameters=[{step}])\n"),
        });
    }
    text
}

/// What every program begins with.
const TOOLS: &str = "from emulant import tools\nwrite_file, put, burn = tools.write_file, tools.put, tools.burn\n\
    sqlite_execute, read_text = tools.sqlite_execute, tools.read_text\n";

fn go(text: &str, store: Store, house: &mut House) -> Outcome {
    let allowed = ["write_file", "put", "burn", "sqlite_execute"].map(String::from).into_iter().collect();
    let options = RunOptions { allowed, approve: Approve::Never, ..RunOptions::new("p.py", format!("{TOOLS}{text}")) };
    run(options, Some(store), world(house, &mut NoModel, &mut Nobody, &mut |_, _: &str| ())).unwrap()
}

fn world<'w>(house: &'w mut House, model: &'w mut NoModel, person: &'w mut Nobody, sink: &'w mut dyn FnMut(emulant_machine::Stream, &str)) -> World<'w> {
    World { tools: house, model, person, sink }
}

/// Everything that a program can see of the world.
fn seen(root: &Path, house: &House) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        all.push((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()));
    }
    all.extend(house.shelf.iter().map(|(key, value)| (format!("shelf {key}"), value.to_string().into_bytes())));
    all.sort();
    all
}

#[test]
fn what_random_programs_did_is_undone_also_after_a_failure() {
    let count = if std::env::var_os("EMULANT_FULL").is_some() { 10_000 } else { 10 };
    let mut undone = 0;
    for seed in 0..count {
        let folder = tempfile::tempdir().unwrap();
        let (root, state) = (folder.path().join("root"), folder.path().join("state"));
        std::fs::create_dir(&root).unwrap();
        let store = || Store::open(&state).unwrap();
        let mut dice = Dice(seed);
        let mut house = House::new(&root);
        let first = "sqlite_execute(database='d.db', sql='CREATE TABLE t (n)')\nwrite_file(path='f0.txt', text='old')\nput(key='k0', value=7)\n";
        assert!(matches!(go(first, store(), &mut house).result, RunResult::Done { .. }));
        let before = seen(&root, &house);
        let text = program(&mut dice);
        let outcome = go(&text, store(), &mut house);
        assert!(matches!(outcome.result, RunResult::Done { .. }), "seed {seed}: {:?}", outcome.result);
        let id = outcome.run.unwrap();
        let journal = store().journal(&id).unwrap();
        // Fails at a random step, and is begun again for the rest.
        house.fails_in = Some(dice.roll(text.lines().count()));
        for round in 0..3 {
            let steps = plan(&journal, Which::All, &done(&store(), &id).unwrap(), &state).unwrap();
            let left = steps.iter().filter(|step| matches!(step.how, How::Call(_))).count();
            assert!(steps.iter().all(|step| matches!(step.how, How::Call(_) | How::Done)), "seed {seed}: {steps:?}");
            if left == 0 {
                break;
            }
            assert!(round < 2, "seed {seed}: two rounds are enough");
            undone += left;
            undo(&journal, &steps, store(), world(&mut house, &mut NoModel, &mut Nobody, &mut |_, _: &str| ())).unwrap();
        }
        assert_eq!(seen(&root, &house), before, "seed {seed}:\n{text}");
    }
    assert!(undone > count as usize);
}

#[test]
fn what_cannot_be_undone_is_named_and_a_bad_answer_takes_only_its_own_along() {
    let folder = tempfile::tempdir().unwrap();
    let (root, state) = (folder.path().join("root"), folder.path().join("state"));
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("bad.txt"), "evil").unwrap();
    let store = || Store::open(&state).unwrap();
    let mut house = House::new(&root);
    let text = "bad = read_text(path='bad.txt')\nwrite_file(path='a.txt', text='good')\nwrite_file(path='b.txt', text=bad)\nput(key=bad, value=1)\nburn(key='x')\n";
    let id = go(text, store(), &mut house).run.unwrap();
    let journal = store().journal(&id).unwrap();
    let bad = journal.exchanges()[0].seq;
    let steps = plan(&journal, Which::Answer(bad), &done(&store(), &id).unwrap(), &state).unwrap();
    let shown: Vec<&str> = steps.iter().map(|step| step.shown.split('(').next().unwrap()).collect();
    assert_eq!(shown, ["put", "write_file"]);
    undo(&journal, &steps, store(), world(&mut house, &mut NoModel, &mut Nobody, &mut |_, _: &str| ())).unwrap();
    assert!(root.join("a.txt").exists() && !root.join("b.txt").exists() && house.shelf.is_empty());
    let rest = plan(&journal, Which::All, &done(&store(), &id).unwrap(), &state).unwrap();
    let how: Vec<&How> = rest.iter().map(|step| &step.how).collect();
    assert_eq!(how[0], &How::Cannot("it cannot be undone".into()));
    assert_eq!((how[1], how[2]), (&How::Done, &How::Done));
    assert!(matches!(how[3], How::Call(call) if call.tool == "restore_before"));
}

#[test]
fn what_was_kept_and_then_changed_is_not_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let (root, state) = (folder.path().join("root"), folder.path().join("state"));
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("a.txt"), "old").unwrap();
    let mut house = House::new(&root);
    let id = go("write_file(path='a.txt', text='new')\n", Store::open(&state).unwrap(), &mut house).run.unwrap();
    for kept in std::fs::read_dir(state.join("kept")).unwrap() {
        std::fs::write(kept.unwrap().path(), "{}").unwrap();
    }
    let journal = Store::open(&state).unwrap().journal(&id).unwrap();
    let steps = plan(&journal, Which::All, &Default::default(), &state).unwrap();
    assert!(matches!(&steps[0].how, How::Cannot(why) if why.contains("was changed")), "{steps:?}");
}
