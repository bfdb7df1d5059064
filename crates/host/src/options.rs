//! How a run is to be run, and the same as a value in the journal's opening, so
//! that a replay or a resumption in another process needs no command line.
//!
//! Grants are part of it. They come from whoever starts the run, never from the
//! program's text, and never from a journal that came from elsewhere.

use crate::manifest::Manifest;
use crate::record;
use crate::system::{self, Access};
use emulant_ask::{Limits, Value};
use emulant_compile::Holes;
use emulant_gate::Declaration;
use emulant_machine::label::Level;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What to do when a call needs a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approve {
    /// Ask now; where nobody is there, refuse.
    #[default]
    Now,
    /// Suspend the run until somebody answers.
    Later,
    /// Refuse.
    Never,
}

impl Approve {
    const ALL: [(Approve, &str); 3] = [(Approve::Now, "now"), (Approve::Later, "later"), (Approve::Never, "never")];

    /// The word on the command line and in journals.
    pub fn name(self) -> &'static str {
        Approve::ALL.iter().find(|(approve, _)| *approve == self).map_or("never", |(_, name)| name)
    }

    fn of(name: &str) -> Approve {
        Approve::ALL.iter().find(|(_, word)| *word == name).map_or(Approve::Never, |(approve, _)| *approve)
    }
}

/// What whoever forks a run grants. A journal that came from elsewhere grants nothing.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    /// Acting tools that run without a person's yes.
    pub allowed: BTreeSet<String>,
    /// The tools file, which also says state, budgets, secrets and policies.
    pub tools_file: Option<PathBuf>,
    /// The folder that files are seen below, and what may be done there.
    pub root: Option<(PathBuf, Option<Access>)>,
    /// Policies instead of those that the tools file names.
    pub policies: Vec<(String, String)>,
    /// Which model fills holes.
    pub model: Option<String>,
}

/// Everything that decides how a program runs.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOptions {
    /// File name as tracebacks show it.
    pub file: String,
    /// The program.
    pub text: String,
    /// Values that are predefined as globals.
    pub inputs: Vec<(String, Value)>,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// What it may spend.
    pub limits: Limits,
    /// Wall time that it may take, kept by the host.
    pub seconds: Option<u64>,
    /// Holes that are on besides the marked ones.
    pub holes: Holes,
    /// How forms of holes behave, by name: `partial` is `ask`, or what an opaque value says without asking.
    pub settings: BTreeMap<String, String>,
    /// Acting tools that run without a person's yes.
    pub allowed: BTreeSet<String>,
    /// What to do when a call needs a person.
    pub approve: Approve,
    /// Nothing acts: a model says what acting tools would give, and the report what would have happened.
    pub rehearse: bool,
    /// Ask each hole at once.
    pub eager: bool,
    /// The seed that `random` starts from; random without it.
    pub seed: Option<u64>,
    /// Which model fills holes, as [`emulant_model::parse_spec`] reads it.
    pub model: String,
    /// The tools file, to open it again in another process.
    pub tools_file: Option<PathBuf>,
    /// The folder below which the built-in tools see files.
    pub root: Option<PathBuf>,
    /// What `open` and the like may do below the root; nothing without it.
    pub access: Option<Access>,
    /// What labels follow.
    pub labels: Level,
    /// A model wrote the program after it had read somebody else's words; what the user had said is here.
    pub foreign_program: Option<String>,
    /// State, budgets and policies; the tools file says them.
    pub manifest: Manifest,
}

impl RunOptions {
    /// A program with the default options.
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> RunOptions {
        let file = file.into();
        RunOptions {
            argv: vec![file.clone()],
            file,
            text: text.into(),
            inputs: Vec::new(),
            limits: Limits::default(),
            seconds: None,
            holes: Holes::default(),
            settings: BTreeMap::new(),
            allowed: BTreeSet::new(),
            approve: Approve::default(),
            rehearse: false,
            eager: false,
            seed: None,
            model: "default".into(),
            tools_file: None,
            root: None,
            access: None,
            labels: Level::default(),
            foreign_program: None,
            manifest: Manifest::default(),
        }
    }

    /// The tools of the library's modules, which programs do not see as names.
    pub fn system_tools(&self) -> Vec<Declaration> {
        system::declarations(self.access)
    }

    /// The acting tools that run without a person's yes: those that were named, and those of
    /// a root that was mounted to be written.
    pub fn granted(&self) -> BTreeSet<String> {
        let of_system = system::acting(self.access).map(String::from);
        self.allowed.iter().cloned().chain(of_system).collect()
    }

    /// How the program's text is compiled, where these tools are declared.
    pub fn compile_options(&self, tools: &[Declaration]) -> emulant_compile::Options {
        let names = self.inputs.iter().map(|(name, _)| name.clone()).chain(tools.iter().map(|tool| tool.name.clone()));
        emulant_compile::Options {
            file: self.file.clone(),
            holes: self.holes,
            inputs: names.collect(),
            ..emulant_compile::Options::default()
        }
    }

    /// The machine's part.
    pub fn machine_options(&self, tools: &[Declaration]) -> emulant_machine::Options {
        emulant_machine::Options {
            eager: self.eager,
            tools: tools.iter().map(|tool| (tool.name.clone(), parameters(tool))).collect::<BTreeMap<_, _>>(),
            inputs: self.inputs.iter().cloned().chain(self.own_name()).collect(),
            argv: self.argv.clone(),
            labels: self.labels,
            settings: self.settings.clone(),
        }
    }

    /// `__file__`, for a program that has one.
    fn own_name(&self) -> Option<(String, Value)> {
        (!self.file.starts_with('<')).then(|| ("__file__".into(), Value::str(&self.file)))
    }

    /// For the journal's opening, with the tools as they were declared.
    pub fn to_value(&self, tools: &[Declaration]) -> Value {
        let texts = |texts: &mut dyn Iterator<Item = &String>| Value::List(texts.map(Value::str).collect());
        let path = |path: &Option<PathBuf>| path.as_ref().map_or(Value::None, |path| Value::str(path.to_string_lossy()));
        let number = |number: Option<u64>| number.and_then(|n| i64::try_from(n).ok()).map_or(Value::None, Value::Int);
        Value::dict([
            ("argv", texts(&mut self.argv.iter())),
            ("seconds", number(self.seconds)),
            ("hole_calls", Value::Bool(self.holes.calls)),
            ("hole_stubs", Value::Bool(self.holes.stubs)),
            ("holes", Value::List(self.holes.words().into_iter().map(Value::str).collect())),
            ("settings", Value::dict(self.settings.iter().map(|(name, value)| (name.clone(), Value::str(value))))),
            ("allowed", texts(&mut self.allowed.iter())),
            ("approve", Value::str(self.approve.name())),
            ("rehearse", Value::Bool(self.rehearse)),
            ("eager", Value::Bool(self.eager)),
            ("seed", number(self.seed)),
            ("model", Value::str(&self.model)),
            ("tools_file", path(&self.tools_file)),
            ("root", path(&self.root)),
            ("access", self.access.map_or(Value::None, |access| Value::str(access.name()))),
            ("labels", Value::str(self.labels.name())),
            ("foreign_program", self.foreign_program.as_ref().map_or(Value::None, Value::str)),
            ("manifest", self.manifest.to_value()),
            ("tools", record::from_declarations(tools)),
        ])
    }

    /// The options of a fork of a run that was begun here, where `grants` says nothing else.
    pub fn of_fork(run: &emulant_journal::Run, grants: Grants) -> RunOptions {
        let (mut options, _) = RunOptions::of_run(run);
        options.allowed = grants.allowed;
        options.model = grants.model.unwrap_or(options.model);
        // A recording is of one run.
        if let Some((_, model)) = options.model.strip_prefix("record:").and_then(|rest| rest.split_once('=')) {
            options.model = model.into();
        }
        if let Some(file) = grants.tools_file {
            (options.tools_file, options.manifest) = (Some(file), Manifest::default());
        }
        if let Some((root, access)) = grants.root {
            (options.root, options.access) = (Some(root), access);
        }
        if !grants.policies.is_empty() {
            options.manifest.policies = grants.policies;
        }
        options
    }

    /// The options of a fork of a run that was recorded elsewhere: its program and inputs, limits no wider than
    /// the usual ones, and nothing else that reaches outside but what `grants` says.
    ///
    /// # Errors
    /// What the run had and `grants` says nothing of, in a sentence that names the flag.
    pub fn of_foreign(run: &emulant_journal::Run, grants: Grants) -> Result<RunOptions, String> {
        let (recorded, _) = RunOptions::of_run(run);
        let lacks = [
            (recorded.tools_file.is_some() && grants.tools_file.is_none(), "a tools file: give your own with --tools FILE"),
            (recorded.access.is_some() && !grants.root.as_ref().is_some_and(|(_, access)| access.is_some()), "files: give a folder of yours with --root DIR"),
            (recorded.model != "default" && grants.model.is_none(), "a model of its choice: give yours with --model NAME|URL"),
            (
                !recorded.manifest.policies.is_empty() && grants.policies.is_empty(),
                "policies of its own: give yours with --policy FILE (`--policy default` for the usual ones)",
            ),
        ];
        if let Some((_, what)) = lacks.iter().find(|(lacks, _)| *lacks) {
            return Err(format!("run {} was recorded elsewhere, with {what}", run.run));
        }
        let (most, least) = (Limits::default(), recorded.limits);
        let limits = Limits {
            instructions: least.instructions.min(most.instructions),
            memory_bytes: least.memory_bytes.min(most.memory_bytes),
            output_bytes: least.output_bytes.min(most.output_bytes),
            asks: least.asks.min(most.asks),
            depth: least.depth.min(most.depth),
        };
        let bare = RunOptions { limits, root: None, access: None, tools_file: None, manifest: Manifest::default(), ..recorded };
        let granted = emulant_journal::Run { options: bare.to_value(&[]), limits, ..run.clone() };
        Ok(RunOptions::of_fork(&granted, grants))
    }

    /// The options and tools of a recorded run; what is missing or malformed has
    /// its default, and grants nothing.
    pub fn of_run(run: &emulant_journal::Run) -> (RunOptions, Vec<Declaration>) {
        let value = &run.options;
        let flag = |name: &str| matches!(value.get(name), Some(Value::Bool(true)));
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(String::from);
        let number = |name: &str| match value.get(name) {
            Some(Value::Int(n)) => u64::try_from(*n).ok(),
            _ => None,
        };
        let texts = |name: &str| match value.get(name) {
            Some(Value::List(items)) => items.iter().filter_map(|item| item.as_str().map(String::from)).collect(),
            _ => Vec::new(),
        };
        let mut holes = Holes { calls: flag("hole_calls"), stubs: flag("hole_stubs"), ..Holes::default() };
        texts("holes").iter().for_each(|word: &String| _ = holes.switch_on(word));
        let settings = match value.get("settings") {
            Some(Value::Dict(pairs)) => pairs.iter().filter_map(|(k, v)| Some((k.as_str()?.to_string(), v.as_str()?.to_string()))).collect(),
            _ => BTreeMap::new(),
        };
        let options = RunOptions {
            file: run.program.file.clone(),
            text: run.program.text.clone(),
            inputs: run.inputs.clone(),
            argv: texts("argv"),
            limits: run.limits,
            seconds: number("seconds"),
            holes,
            settings,
            allowed: texts("allowed").into_iter().collect(),
            approve: Approve::of(&text("approve").unwrap_or_default()),
            rehearse: flag("rehearse"),
            eager: flag("eager"),
            seed: number("seed"),
            model: text("model").unwrap_or_else(|| "default".into()),
            tools_file: text("tools_file").map(PathBuf::from),
            root: text("root").map(PathBuf::from),
            access: text("access").as_deref().and_then(Access::of),
            // Journals of earlier versions followed bytes only.
            labels: text("labels").map_or(Level::Flow, |name| Level::named(&name).unwrap_or(Level::Strict)),
            foreign_program: text("foreign_program"),
            manifest: match value.get("manifest") {
                None => Manifest::default(),
                Some(value) => Manifest::of_value(value).unwrap_or_else(|_| Manifest::nothing()),
            },
        };
        let tools = value.get("tools").and_then(record::to_declarations).unwrap_or_default();
        (options, tools)
    }
}

/// Parameter names in the order of the schema, so that positional arguments have names.
fn parameters(tool: &Declaration) -> Vec<String> {
    let properties = tool.input_schema.get("properties").and_then(serde_json::Value::as_object);
    properties.map(|map| map.keys().cloned().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use emulant_journal::{Program, Run};

    #[test]
    fn options_come_back_equal_from_a_journal() {
        let options = RunOptions {
            inputs: vec![("n".into(), Value::Int(3))],
            seconds: Some(9),
            holes: Holes { calls: true, partial: true, ..Holes::default() },
            settings: BTreeMap::from([("partial".to_string(), "true".to_string())]),
            allowed: BTreeSet::from(["send".to_string()]),
            approve: Approve::Later,
            rehearse: true,
            eager: true,
            seed: Some(7),
            model: "small".into(),
            tools_file: Some("/a/tools.json".into()),
            access: Some(Access::Overlay),
            labels: Level::Control,
            foreign_program: Some("pay the bill".into()),
            manifest: Manifest { policies: vec![("p".into(), "forbid (principal, action, resource);".into())], ..Manifest::default() },
            ..RunOptions::new("p.py", "x = 1\n")
        };
        let run = Run {
            run: "r".into(),
            program: Program::new("p.py", "x = 1\n"),
            inputs: options.inputs.clone(),
            limits: options.limits,
            options: options.to_value(&[]),
            semantics: 1,
            words: 1,
            started_us: 0,
            salt: String::new(),
            parent: None,
        };
        assert_eq!(RunOptions::of_run(&run), (options.clone(), Vec::new()));
        // From elsewhere, nothing of it reaches outside.
        let why = |grants: Grants| RunOptions::of_foreign(&run, grants).unwrap_err();
        assert!(why(Grants::default()).ends_with("a tools file: give your own with --tools FILE"));
        let grants = Grants { tools_file: Some("/mine.json".into()), ..Grants::default() };
        assert!(why(grants.clone()).ends_with("--root DIR"));
        let grants = Grants { root: Some(("/mine".into(), Some(Access::ReadOnly))), ..grants };
        assert!(why(grants.clone()).ends_with("--model NAME|URL"));
        let grants = Grants { model: Some("default".into()), ..grants };
        assert!(why(grants.clone()).contains("--policy FILE"));
        let mine = vec![("mine".to_string(), "permit (principal, action, resource);".to_string())];
        let wide = Run { limits: Limits { instructions: u64::MAX, asks: 3, ..run.limits }, ..run.clone() };
        let forked = RunOptions::of_foreign(&wide, Grants { policies: mine.clone(), ..grants }).unwrap();
        assert_eq!((&forked.manifest.policies, forked.access, &forked.model), (&mine, Some(Access::ReadOnly), &"default".to_string()));
        assert_eq!((forked.root, forked.tools_file, forked.allowed.len()), (Some("/mine".into()), Some("/mine.json".into()), 0));
        assert_eq!((forked.limits.instructions, forked.limits.asks), (Limits::default().instructions, 3));
        assert_eq!((forked.inputs, forked.holes, forked.labels), (options.inputs, options.holes, options.labels));
        // A recording is of one run, and is not written by another.
        let recorded = Run { options: RunOptions { model: "record:/a.jsonl=small".into(), ..RunOptions::new("p.py", "x = 1\n") }.to_value(&[]), ..run.clone() };
        assert_eq!(RunOptions::of_fork(&recorded, Grants::default()).model, "small");
        let foreign = Run { options: Value::str("nonsense"), ..run };
        assert_eq!(RunOptions::of_run(&foreign).0.approve, Approve::Never);
        assert!(RunOptions::of_run(&foreign).0.allowed.is_empty());
    }
}
