//! Everybody whom a generated program asks, made up: tools, a model and a person that answer by
//! chance, note what they did, and may die in the middle of it.

use super::answers;
use crate::dice::{Dice, number_of};
use crate::generate::{Dialect, program};
use emulant_ask::{Answer, Call, Hole, Request, canonical};
use emulant_gate::{Contract, Declaration, SchemaCheck};
use emulant_host::answer::{Holes, Person, Tools, World};
use emulant_host::options::{Approve, RunOptions};
use emulant_host::schema::Schemas;
use emulant_machine::Stream;
use serde_json::json;
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

/// What happens when the moment to die has come.
#[derive(Clone, Debug, Default)]
pub enum Death {
    /// Nothing.
    #[default]
    Never,
    /// A panic, which drops everything in this process that the run held.
    Panic,
    /// `kill -9` of this process.
    Kill,
}

/// What the made-up world has in common.
#[derive(Debug, Default)]
pub struct Fate {
    seed: u64,
    failing: usize,
    /// Moments that passed: one before and one after each deed of an answerer.
    pub moments: u64,
    /// The moment to die at.
    at: u64,
    death: Death,
    /// Calls of the acting tool, in order.
    pub acted: Vec<String>,
    /// Where they are noted for other processes to see.
    log: Option<PathBuf>,
}

impl Fate {
    /// A world that answers by `seed`, with so many of 100 answers failures.
    pub fn new(seed: u64, failing: usize) -> Fate {
        Fate { seed, failing, ..Fate::default() }
    }

    /// The same, which dies at the `at`-th moment.
    pub fn dying(self, at: u64, death: Death) -> Fate {
        Fate { at, death, ..self }
    }

    /// The same, with what acts noted in a file.
    pub fn noting(self, log: PathBuf) -> Fate {
        Fate { log: Some(log), ..self }
    }

    fn moment(&mut self) {
        self.moments += 1;
        if self.moments != self.at {
            return;
        }
        match self.death {
            Death::Never => {}
            Death::Panic => std::panic::panic_any(Died),
            Death::Kill => {
                let own = std::process::id().to_string();
                let _ = std::process::Command::new("kill").args(["-9", &own]).status();
                // The signal may come a moment later.
                std::thread::sleep(std::time::Duration::from_secs(10));
            }
        }
    }

    fn act(&mut self, deed: String) {
        if let Some(log) = &self.log {
            use std::io::Write;
            let file = std::fs::OpenOptions::new().create(true).append(true).open(log);
            let _ = file.and_then(|mut file| writeln!(file, "{deed}"));
        }
        self.acted.push(deed);
    }

    /// What this world answers.
    pub fn answer(&self, request: &Request) -> Answer {
        let text = serde_json::to_value(request).map(|json| canonical(&json)).unwrap_or_default();
        answers::random(&mut Dice::new(self.seed ^ number_of(&text), 0), request, self.failing)
    }
}

/// What a death by panic throws.
pub struct Died;

#[derive(Clone)]
struct Someone {
    fate: Rc<RefCell<Fate>>,
    schemas: Rc<Schemas>,
}

impl Tools for Someone {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        Ok(declarations())
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        &*self.schemas
    }

    fn call(&mut self, call: &Call) -> Answer {
        let mut fate = self.fate.borrow_mut();
        fate.moment();
        let request = Request::Call(call.clone());
        if call.tool == "put" {
            fate.act(format!("{:?}", call.arguments));
        }
        fate.moment();
        fate.answer(&request)
    }
}

impl Holes for Someone {
    fn answer(&mut self, holes: &[&Hole], _: Option<Instant>) -> Vec<Answer> {
        let mut fate = self.fate.borrow_mut();
        fate.moment();
        let answers = holes.iter().map(|hole| fate.answer(&Request::Emulate((*hole).clone()))).collect();
        fate.moment();
        answers
    }
}

impl Person for Someone {
    fn is_there(&mut self) -> bool {
        true
    }

    fn approve(&mut self, sentence: &str) -> Option<bool> {
        let mut fate = self.fate.borrow_mut();
        fate.moment();
        // Most are approved, so that most programs get somewhere.
        let approved = number_of(sentence).wrapping_add(fate.seed) % 10 < 7;
        fate.moment();
        Some(approved)
    }

    fn input(&mut self, prompt: &str) -> Option<Answer> {
        let mut fate = self.fate.borrow_mut();
        fate.moment();
        Some(fate.answer(&Request::Input { prompt: prompt.into() }))
    }
}

/// Two tools that read, and one that acts.
pub fn declarations() -> Vec<Declaration> {
    let tool = |name: &str, acts: bool, properties: serde_json::Value, required: &[&str]| Declaration {
        name: name.into(),
        description: String::new(),
        acts,
        critical: Some(Vec::new()),
        origin: String::new(),
        input_schema: json!({"type": "object", "properties": properties, "required": required}),
        output_schema: None,
        server: String::new(),
        contract: Contract::default(),
    };
    let key = json!({"key": {"type": "string"}});
    Vec::from([
        tool("get", false, key.clone(), &["key"]),
        tool("size", false, key, &["key"]),
        tool("put", true, json!({"key": {"type": "string"}, "value": {"type": "integer"}}), &["key", "value"]),
    ])
}

/// What an act in the world gave, what was printed, and what became of the world.
pub struct Lived<T> {
    /// What the act gave.
    pub result: T,
    /// Standard output and standard error.
    pub printed: String,
    /// The world after it.
    pub fate: Fate,
}

/// Does something in a made-up world.
pub fn live<T>(fate: Fate, act: impl FnOnce(World<'_>) -> T) -> Lived<T> {
    let someone = Someone { fate: Rc::new(RefCell::new(fate)), schemas: Rc::default() };
    let (mut tools, mut model, mut person) = (someone.clone(), someone.clone(), someone.clone());
    let mut printed = String::new();
    let mut sink = |stream: Stream, text: &str| {
        if stream == Stream::Out {
            printed.push_str(text);
        }
    };
    let result = act(World { tools: &mut tools, model: &mut model, person: &mut person, sink: &mut sink });
    drop((tools, model, person));
    let fate = Rc::try_unwrap(someone.fate).map(RefCell::into_inner).unwrap_or_default();
    Lived { result, printed, fate }
}

/// A generated program with the options of its run, and the world that answers it.
pub struct Scene {
    /// How it runs.
    pub options: RunOptions,
    /// Seed of the answers.
    pub answers: u64,
    /// How many of 100 answers fail.
    pub failing: usize,
}

impl Scene {
    /// A scene by chance. All that it does follows from the journal and the answers, the clock included.
    pub fn new(dice: &mut Dice) -> Scene {
        let statements = 3 + dice.below(8);
        let text = program(dice, Dialect::Recorded, statements);
        let allowed = if dice.chance(50) { Vec::from(["put".to_string()]) } else { Vec::new() };
        let options = RunOptions {
            allowed: allowed.into_iter().collect(),
            approve: *dice.pick(&[Approve::Now, Approve::Now, Approve::Later]),
            eager: dice.chance(25),
            seed: Some(dice.below(1000) as u64),
            limits: super::lazy::LIMITS,
            ..RunOptions::new("program.py", text)
        };
        Scene { options, answers: dice.bits(), failing: *dice.pick(&[0, 10, 25]) }
    }

    /// The world of this scene.
    pub fn fate(&self) -> Fate {
        Fate::new(self.answers, self.failing)
    }
}
