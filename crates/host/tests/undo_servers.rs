//! Random programs over real servers that nobody here wrote (files, git, a memory of entities) and a database,
//! with contracts as a user would write them. The host dies at a random call of each and goes on in another
//! process; then everything is undone, once with a failure on the way. What is left is what was there before,
//! and what cannot be undone is named. 3 programs; 300 with EMULANT_FULL=1, or as many as EMULANT_SEQUENCES says.

use emulant_ask::{Answer, Call, Value, canonical};
use emulant_gate::{Declaration, SchemaCheck};
use emulant_host::answer::{NoModel, Person, Tools, World};
use emulant_host::keep::RunError;
use emulant_host::manifest::Manifest;
use emulant_host::options::{Approve, RunOptions};
use emulant_host::replay::{Said, answer, resume};
use emulant_host::run::{Outcome, RunResult, run};
use emulant_host::store::{RunState, Store};
use emulant_host::tools::{ToolBox, ToolsFile};
use emulant_host::undo::{How, Which, done, plan, undo};
use serde_json::{Value as Json, json};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The three servers, if all are installed.
fn servers(folder: &Path) -> Option<Json> {
    let script = |name: &str| here("../../.check/node_modules/@modelcontextprotocol").join(name).join("dist/index.js");
    let (files, memory, git) = (script("server-filesystem"), script("server-memory"), here("../../.check/venv/bin/mcp-server-git"));
    let missing = [files.clone(), memory.clone(), git.clone()].into_iter().find(|path| !path.exists());
    let missing = missing.or_else(|| ["node", "git"].map(PathBuf::from).into_iter().find(|name| Command::new(name).arg("--version").output().is_err()));
    if let Some(missing) = missing {
        // Written past the test harness, which hides what passing tests print.
        let left_out = format!("left out: undo over real servers ({} is not installed; check.d/10-mcp.sh does it)\n", missing.display());
        std::io::stderr().write_all(left_out.as_bytes()).unwrap();
        return None;
    }
    Some(json!({
        "files": {"command": "node", "args": [files, folder.join("root")]},
        "memory": {"command": "node", "args": [memory], "env": {"MEMORY_FILE_PATH": folder.join("memory.json")}},
        "git": {"command": git},
    }))
}

/// What a user would write about them. The servers have nothing that removes a file, a folder or a branch, so what
/// makes one cannot be undone. `git_reset` takes back `git_add` only where nothing was staged before: elsewhere the
/// expression has no value, and the step is named.
fn contracts() -> Json {
    let read = || json!({"contract": {"effect": "read"}});
    let inverse = |tool: &str, arguments: Json, observe: Json| json!({"critical": [], "contract": {"effect": "inverse", "inverse": {"tool": tool, "arguments": arguments}, "observe": observe}});
    let graph = json!({"tool": "read_graph"});
    let content = json!({"tool": "read_text_file", "arguments": {"path": "path"}});
    let put_back = || json!({"path": "path", "content": "before['content']"});
    let was_there = "[{'entityName': one['entityName'], 'contents': [text for text in one['observations'] if text in known['observations']]} \
        for one in deletions for known in before['entities'] if known['name'] == one['entityName']]";
    json!({
        "read_graph": read(), "read_text_file": read(), "git_status": read(), "git_diff_staged": read(), "git_branch": read(),
        "create_entities": inverse("delete_entities", json!({"entityNames": "[one['name'] for one in result['entities']]"}), graph.clone()),
        "create_relations": inverse("delete_relations", json!({"relations": "result['relations']"}), graph.clone()),
        "delete_relations": inverse("create_relations", json!({"relations": "[one for one in before['relations'] if one in relations]"}), graph.clone()),
        "add_observations": inverse("delete_observations", json!({"deletions": "[{'entityName': one['entityName'], 'observations': one['addedObservations']} for one in result['results']]"}), graph.clone()),
        "delete_observations": inverse("add_observations", json!({"observations": was_there}), graph.clone()),
        "delete_entities": {"critical": []},
        "files_write_file": inverse("files_write_file", put_back(), content.clone()),
        "edit_file": inverse("files_write_file", put_back(), content),
        "move_file": {"critical": [], "contract": {"effect": "inverse", "inverse": {"tool": "move_file", "arguments": {"source": "destination", "destination": "source"}}}},
        "create_directory": {"critical": []},
        "git_add": inverse("git_reset", json!({"repo_path": "{True: repo_path}[before.strip() == 'Staged changes:']"}), json!({"tool": "git_diff_staged", "arguments": {"repo_path": "repo_path"}})),
        "git_reset": {"critical": []},
        "git_checkout": inverse("git_checkout", json!({"repo_path": "repo_path", "branch_name": "[line[2:] for line in before.splitlines() if line.startswith('* ')][0]"}),
            json!({"tool": "git_branch", "arguments": {"repo_path": "repo_path", "branch_type": "'local'"}})),
        "git_create_branch": {"critical": []},
        "sqlite_execute": {"critical": [], "contract": {"effect": "staged"}},
    })
}

/// The tools of all, and when things go wrong.
struct House {
    folder: PathBuf,
    servers: Json,
    tools: ToolBox,
    /// The acting call at which the process dies, counted from now; and whether the call is made before.
    dies_in: Option<(usize, bool)>,
    dead: Cell<bool>,
    /// What the call gave at which the process died.
    last: Option<Json>,
    /// The acting call that fails and is not made, counted from now.
    fails_in: Option<usize>,
    acting: Vec<String>,
}

struct Watch<'d>(&'d Cell<bool>);

impl Person for Watch<'_> {
    fn is_there(&mut self) -> bool {
        false
    }

    fn approve(&mut self, _: &str) -> Option<bool> {
        None
    }

    fn input(&mut self, _: &str) -> Option<Answer> {
        None
    }

    fn interrupts(&mut self) -> bool {
        self.0.replace(false)
    }
}

struct Hands<'h> {
    tools: &'h mut ToolBox,
    dies_in: &'h mut Option<(usize, bool)>,
    dead: &'h Cell<bool>,
    last: &'h mut Option<Json>,
    fails_in: &'h mut Option<usize>,
    acting: &'h [String],
}

impl Tools for Hands<'_> {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        Tools::declare(self.tools)
    }

    fn manifest(&self) -> Manifest {
        Tools::manifest(self.tools)
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        Tools::schemas(self.tools)
    }

    fn call(&mut self, call: &Call) -> Answer {
        if !self.acting.contains(&call.tool) {
            return Tools::call(self.tools, call);
        }
        match self.fails_in {
            Some(0) => {
                *self.fails_in = None;
                return Answer::Raise { class: "ToolError".into(), message: "the server is gone".into() };
            }
            Some(left) => *left -= 1,
            None => {}
        }
        match self.dies_in {
            Some((0, is_made)) => {
                let answer = if *is_made { Tools::call(self.tools, call) } else { Answer::Failed { reason: "it was never made".into() } };
                *self.last = match &answer {
                    Answer::Value { value, .. } => Some(value.to_plain_json()),
                    _ => None,
                };
                *self.dies_in = None;
                self.dead.set(true);
                answer
            }
            Some((left, _)) => {
                *left -= 1;
                Tools::call(self.tools, call)
            }
            None => Tools::call(self.tools, call),
        }
    }

    fn before(&mut self, call: &Call) -> Result<Value, String> {
        Tools::before(self.tools, call)
    }

    fn restore(&mut self, before: &Value) -> Result<(), String> {
        Tools::restore(self.tools, before)
    }
}

impl House {
    fn new(folder: &Path, servers: &Json) -> House {
        let tools = House::start(folder, servers);
        let mut house = House { folder: folder.into(), servers: servers.clone(), tools, dies_in: None, dead: Cell::new(false), last: None, fails_in: None, acting: Vec::new() };
        house.acting = Tools::declare(&mut house.tools).unwrap().iter().filter(|tool| tool.acts).map(|tool| tool.name.clone()).collect();
        house
    }

    fn start(folder: &Path, servers: &Json) -> ToolBox {
        let text = json!({"mcpServers": servers, "emulant": contracts()}).to_string();
        ToolBox::new(ToolsFile::parse(&text, folder).unwrap(), Some(&folder.join("root"))).unwrap()
    }

    /// As another process would find it.
    fn restart(&mut self) {
        self.tools = House::start(&self.folder, &self.servers);
    }

    fn with<T>(&mut self, act: impl FnOnce(World<'_>) -> T) -> T {
        let House { tools, dies_in, dead, last, fails_in, acting, .. } = self;
        let mut hands = Hands { tools, dies_in, dead, last, fails_in, acting };
        act(World { tools: &mut hands, model: &mut NoModel, person: &mut Watch(dead), sink: &mut |_, _| () })
    }

    fn look(&mut self, tool: &str, arguments: Json) -> Json {
        let arguments = arguments.as_object().unwrap().iter().map(|(name, json)| (name.clone(), emulant_host::value::from_foreign(json))).collect();
        match Tools::call(&mut self.tools, &Call { tool: tool.into(), arguments }) {
            Answer::Value { value, .. } => value.to_plain_json(),
            other => panic!("{tool}: {other:?}"),
        }
    }

    /// All that the reads show, and the bytes of every file; without what is named `keep…`, which stays.
    fn seen(&mut self) -> BTreeMap<String, String> {
        let root = self.folder.join("root");
        let mut all = BTreeMap::new();
        files(&root, &root, &mut all);
        // The graph has no order that could be put back.
        let graph = self.look("read_graph", json!({}));
        let mut parts: Vec<String> = ["entities", "relations"].iter().flat_map(|kind| graph[*kind].as_array().cloned().unwrap_or_default()).map(|mut one| {
            if let Some(texts) = one.get_mut("observations").and_then(Json::as_array_mut) {
                texts.sort_by_key(Json::to_string);
            }
            canonical(&one)
        }).collect();
        parts.sort();
        all.insert("graph".into(), parts.join("\n"));
        let repo = json!({"repo_path": root.join("repo")});
        for tool in ["git_status", "git_diff_staged"] {
            all.insert(tool.into(), self.look(tool, repo.clone()).to_string());
        }
        let branches = self.look("git_branch", json!({"repo_path": root.join("repo"), "branch_type": "local"}));
        all.insert("git_branch".into(), branches.as_str().unwrap().lines().filter(|line| !line.contains("keep")).collect::<Vec<_>>().join("\n"));
        all
    }
}

fn files(root: &Path, folder: &Path, out: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == ".git" || name.starts_with("keep") {
            continue;
        }
        let shown = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        match path.is_dir() {
            true => files(root, &path, out),
            false => drop(out.insert(shown, format!("{:?}", std::fs::read(&path).unwrap()))),
        }
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below
    }
}

/// Ways to act: the call with `{0}`, `{1}` and `{2}` for small numbers, `{n}` for the step.
const ACTS: [&str; 16] = [
    "create_entities(entities=[{'name': 'e{0}', 'entityType': 't', 'observations': ['o{1}']}, {'name': 'e{2}', 'entityType': 'u', 'observations': []}])",
    "create_entities(entities=[{'name': 'e{0}', 'entityType': 't', 'observations': ['é{n}']}])",
    "create_relations(relations=[{'from': 'e{0}', 'to': 'e{1}', 'relationType': 'r{2}'}])",
    "delete_relations(relations=[{'from': 'e{0}', 'to': 'e{1}', 'relationType': 'r{2}'}, {'from': 'e0', 'to': 'e1', 'relationType': 'old'}])",
    "add_observations(observations=[{'entityName': 'e{0}', 'contents': ['o{1}', 'o{2}']}])",
    "delete_observations(deletions=[{'entityName': 'e{0}', 'observations': ['o{1}', 'first']}])",
    "files_write_file(path=ROOT + '/f{0}.txt', content='{n} é\\n')",
    "files_write_file(path=ROOT + '/repo/g{0}.txt', content='{n}\\n')",
    "edit_file(path=ROOT + '/f{0}.txt', edits=[{'oldText': 'é', 'newText': 'e{n}'}])",
    "move_file(source=ROOT + '/f{0}.txt', destination=ROOT + '/f{1}.txt')",
    "move_file(source=ROOT + '/f{0}.txt', destination=ROOT + '/m{1}.txt')",
    "git_add(repo_path=ROOT + '/repo', files=['g{0}.txt'])",
    "git_checkout(repo_path=ROOT + '/repo', branch_name=['main', 'side'][{0} % 2])",
    "sqlite_execute(database='d.db', sql='INSERT INTO t VALUES (?)', parameters=[{n}])",
    "create_directory(path=ROOT + '/keep{n}')",
    "git_create_branch(repo_path=ROOT + '/repo', branch_name='keep{n}')",
];

fn program(dice: &mut Dice, steps: usize, number: u64, root: &Path) -> String {
    let mut text = String::from("from emulant import tools\n");
    for act in ACTS {
        let name = act.split('(').next().unwrap();
        text.push_str(&format!("{name} = tools.{name}\n"));
    }
    text.push_str(&format!("ROOT = {}\n", json!(root)));
    for step in 0..steps {
        let act = ACTS[dice.roll(ACTS.len())].replace("{n}", &format!("{}", number * 100 + step as u64));
        let act = (0..3).fold(act, |act, at| act.replace(&format!("{{{at}}}"), &dice.roll(3).to_string()));
        // What a server refuses is not the end.
        text.push_str(&format!("try:\n    {act}\nexcept Exception as error:\n    print(error)\n"));
    }
    text
}

fn prepare(folder: &Path) {
    let repo = folder.join("root/repo");
    std::fs::create_dir_all(&repo).unwrap();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let done = Command::new("git").args(identity).args(arguments).current_dir(&repo).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    for name in ["f0.txt", "f1.txt", "repo/g0.txt", "repo/g1.txt", "repo/g2.txt"] {
        std::fs::write(folder.join("root").join(name), "old é\n").unwrap();
    }
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "g0.txt", "g1.txt"]);
    git(&["commit", "-q", "-m", "the first commit"]);
    git(&["branch", "side"]);
    std::fs::write(repo.join("g1.txt"), "changed\n").unwrap();
}

fn finished(outcome: &Outcome, seed: u64, text: &str) {
    assert!(matches!(outcome.result, RunResult::Done { status: 0 }), "seed {seed}: {:?}\n{text}", outcome.result);
}

#[derive(Default)]
struct Sum {
    in_doubt: usize,
    undone: usize,
    named: BTreeMap<String, usize>,
}

fn sequence(seed: u64, house: &mut House, sum: &mut Sum) {
    let folder = house.folder.clone();
    let store = || Store::open(&folder.join("state")).unwrap();
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let before = house.seen();
    let steps = 3 + dice.roll(8);
    let text = program(&mut dice, steps, seed, &folder.join("root"));
    house.dies_in = Some((dice.roll(steps), dice.roll(2) == 0));
    let options = RunOptions { allowed: house.acting.iter().cloned().collect(), approve: Approve::Never, ..RunOptions::new("p.py", text.clone()) };
    let id = match house.with(|world| run(options, Some(store()), world)) {
        // So many calls did not leave: what cannot be shown before is refused.
        Ok(outcome) => {
            house.dies_in = None;
            finished(&outcome, seed, &text);
            outcome.run.unwrap()
        }
        Err(RunError::Interrupted) => {
            house.restart();
            let id = store().list().unwrap().into_iter().find(|row| row.state == RunState::Open).unwrap().id;
            let outcome = house.with(|world| resume(store(), &id, world)).unwrap();
            match outcome.result {
                RunResult::Waiting(waiting) => {
                    assert!(waiting[0].in_doubt, "seed {seed}");
                    sum.in_doubt += 1;
                    // Whoever looks sees whether it happened.
                    let said = house.last.take().map_or(Said::Again, Said::Json);
                    let outcome = house.with(|world| answer(store(), &id, waiting[0].seq, &said, world)).unwrap();
                    finished(&outcome, seed, &text);
                }
                other => panic!("seed {seed}: the call that the process died in is not in doubt: {other:?}"),
            }
            id
        }
        Err(error) => panic!("seed {seed}: {error}"),
    };
    let journal = store().journal(&id).unwrap();
    house.fails_in = Some(dice.roll(steps));
    for round in 0..3 {
        let plan = plan(&journal, Which::All, &done(&store(), &id).unwrap(), &folder.join("state")).unwrap();
        let left = plan.iter().filter(|step| matches!(step.how, How::Call(_))).count();
        for step in &plan {
            let tool = step.shown.split('(').next().unwrap();
            match &step.how {
                How::Call(_) | How::Done => {}
                How::Cannot(why) => {
                    let is_known = match tool {
                        "create_directory" | "git_create_branch" => why == "it cannot be undone" || why.starts_with("it failed"),
                        "git_add" => why.contains("KeyError") || why.starts_with("it failed"),
                        _ => why.starts_with("it failed"),
                    };
                    assert!(is_known, "seed {seed}: {step:?}");
                    if round == 0 {
                        *sum.named.entry(format!("{tool}: {}", why.split([':', ',']).next().unwrap())).or_default() += 1;
                    }
                }
                How::InDoubt => panic!("seed {seed}: {step:?}"),
            }
        }
        if left == 0 {
            break;
        }
        assert!(round < 2, "seed {seed}: two rounds are enough: {plan:?}");
        let failing = house.fails_in.is_some();
        let outcome = house.with(|world| undo(&journal, &plan, store(), world)).unwrap();
        if !failing || house.fails_in.is_some() {
            finished(&outcome, seed, &text);
        }
        house.fails_in = None;
        sum.undone += left;
    }
    let after = house.seen();
    for (name, what) in &before {
        assert_eq!(after.get(name), Some(what), "seed {seed}: {name}\n{text}");
    }
    assert_eq!(after.len(), before.len(), "seed {seed}: {after:?}\n{text}");
}

#[test]
fn what_random_programs_did_on_real_servers_is_undone_though_the_host_died() {
    let folder = tempfile::tempdir().unwrap();
    let Some(servers) = servers(folder.path()) else { return };
    let said = std::env::var("EMULANT_SEQUENCES").ok().and_then(|count| count.parse().ok());
    let count = said.unwrap_or(if std::env::var_os("EMULANT_FULL").is_some() { 300 } else { 3 });
    prepare(folder.path());
    let mut house = House::new(folder.path(), &servers);
    // What was there before.
    house.look("create_entities", json!({"entities": [{"name": "e0", "entityType": "old", "observations": ["first"]}, {"name": "e1", "entityType": "old", "observations": []}]}));
    house.look("create_relations", json!({"relations": [{"from": "e0", "to": "e1", "relationType": "old"}]}));
    house.look("sqlite_execute", json!({"database": "d.db", "sql": "CREATE TABLE t (n)"}));
    let mut sum = Sum::default();
    for seed in 0..count {
        sequence(seed, &mut house, &mut sum);
    }
    let told = format!("{count} sequences: {} acts undone, {} calls in doubt at a crash; named as not undone: {:?}\n", sum.undone, sum.in_doubt, sum.named);
    std::io::stderr().write_all(told.as_bytes()).unwrap();
    assert!(sum.undone >= count as usize);
}
