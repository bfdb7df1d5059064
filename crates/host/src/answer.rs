//! Who answers: the world as a run sees it. Each answerer is a trait, so that the
//! command line, the MCP server and the Python package put their own here.

use crate::person::{Terminal, approval, input_line};
use crate::tools::ToolBox;
use emulant_ask::{Answer, AnswerDetail, Call, Compile, CompileMode, Hole, Value};
use emulant_compile::ErrorKind;
use emulant_gate::{Declaration, SchemaCheck};
use emulant_journal::{hex, sha256};
use emulant_machine::{Reply, Stream};
use emulant_model::{Asker, Backend, Progress};
use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Everybody whom a run may ask, and where its output goes.
pub struct World<'w> {
    /// Tools.
    pub tools: &'w mut dyn Tools,
    /// Fills holes.
    pub model: &'w mut dyn Holes,
    /// Approves, and types lines.
    pub person: &'w mut dyn Person,
    /// Takes output, in order.
    pub sink: &'w mut dyn FnMut(Stream, &str),
}

/// Tools that a program can call.
pub trait Tools {
    /// All of them.
    ///
    /// # Errors
    /// Why there are none, in one sentence.
    fn declare(&mut self) -> Result<Vec<Declaration>, String>;
    /// State, budgets and policies that go with them.
    fn manifest(&self) -> crate::manifest::Manifest {
        crate::manifest::Manifest::default()
    }
    /// Checks their arguments, for the gate.
    fn schemas(&self) -> &dyn SchemaCheck;
    /// Calls one. The gate was asked before.
    fn call(&mut self, call: &Call) -> Answer;
    /// What a call will change, so that it can be put back; only for tools whose effect is staged.
    ///
    /// # Errors
    /// Why it cannot be told.
    fn before(&mut self, call: &Call) -> Result<Value, String> {
        Err(format!("{} cannot tell what it will change", call.tool))
    }
    /// Puts back what [`Tools::before`] told.
    ///
    /// # Errors
    /// Why it cannot.
    fn restore(&mut self, before: &Value) -> Result<(), String> {
        let _ = before;
        Err("there is nothing that could be put back".into())
    }
    /// A recorded call that is not called again: what it did to things that live no longer than
    /// this process is done again. Most tools have no such things.
    fn recall(&mut self, _: &Call) {}
}

impl Tools for ToolBox {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        ToolBox::declare(self).map(<[Declaration]>::to_vec).map_err(|error| error.0)
    }

    fn manifest(&self) -> crate::manifest::Manifest {
        ToolBox::manifest(self).clone()
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        ToolBox::schemas(self)
    }

    fn call(&mut self, call: &Call) -> Answer {
        ToolBox::call(self, call)
    }

    fn before(&mut self, call: &Call) -> Result<Value, String> {
        ToolBox::before(self, call)
    }

    fn restore(&mut self, before: &Value) -> Result<(), String> {
        ToolBox::restore(self, before)
    }

    fn recall(&mut self, call: &Call) {
        ToolBox::recall(self, call);
    }
}

/// Fills holes.
pub trait Holes {
    /// One answer for each of `holes`, which are independent of each other. What is
    /// still open at `deadline` is [`Answer::Stopped`].
    fn answer(&mut self, holes: &[&Hole], deadline: Option<Instant>) -> Vec<Answer>;
    /// Hears of a recorded answer that is used again, oldest first.
    fn recall(&mut self, _hole: &Hole, _answer: &Answer) {}
}

/// Recorded answers that are kept for a model which is not opened yet.
const RECALLED_MAX: usize = 4096;

/// A model that is opened when the first hole asks for it.
pub struct LazyModel {
    spec: String,
    backend: Option<Result<Box<dyn Backend>, String>>,
    recalled: Vec<(Hole, Answer)>,
    watcher: Arc<Mutex<dyn FnMut(&Progress) + Send>>,
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl LazyModel {
    /// The model that `spec` names; `watcher` hears about progress.
    pub fn new(spec: impl Into<String>, watcher: impl FnMut(&Progress) + Send + 'static) -> LazyModel {
        LazyModel { spec: spec.into(), backend: None, recalled: Vec::new(), watcher: Arc::new(Mutex::new(watcher)), deadline: Arc::default() }
    }

    fn open(&self) -> Result<Box<dyn Backend>, String> {
        let spec = emulant_model::parse_spec(&self.spec).map_err(|error| error.to_string())?;
        let person = Asker::new(|text| Terminal::open()?.line(text));
        let options = emulant_model::Options { person: Some(person), ..emulant_model::Options::default() };
        let opened = emulant_model::open(&spec, &options, &self.watcher);
        let mut backend = opened.map_err(|error| error.to_string())?;
        let (watcher, deadline) = (self.watcher.clone(), self.deadline.clone());
        backend.watch(Box::new(move |progress| {
            if let Ok(mut watcher) = watcher.lock() {
                watcher(progress);
            }
            match deadline.lock().is_ok_and(|deadline| deadline.is_some_and(|deadline| Instant::now() >= deadline)) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        }));
        Ok(backend)
    }
}

impl Holes for LazyModel {
    fn answer(&mut self, holes: &[&Hole], deadline: Option<Instant>) -> Vec<Answer> {
        if let Ok(mut known) = self.deadline.lock() {
            *known = deadline;
        }
        if self.backend.is_none() {
            self.backend = Some(self.open());
            if let Some(Ok(backend)) = &mut self.backend {
                self.recalled.drain(..).for_each(|(hole, answer)| backend.recall(&hole, &answer));
            }
        }
        match &mut self.backend {
            Some(Ok(backend)) => until_it_fits(holes, &mut |holes| backend.answer(holes)),
            Some(Err(reason)) => holes.iter().map(|_| Answer::Failed { reason: reason.clone() }).collect(),
            None => Vec::new(),
        }
    }

    fn recall(&mut self, hole: &Hole, answer: &Answer) {
        match &mut self.backend {
            Some(Ok(backend)) => backend.recall(hole, answer),
            Some(Err(_)) => {}
            None if self.recalled.len() < RECALLED_MAX => self.recalled.push((hole.clone(), answer.clone())),
            None => {}
        }
    }
}

/// Most answers of one hole before it has failed.
const TRIES_MAX: usize = 3;

/// Asks again, with what was wrong, where an answer does not fit its type.
fn until_it_fits(holes: &[&Hole], ask: &mut dyn FnMut(&[&Hole]) -> Vec<Answer>) -> Vec<Answer> {
    let mut answers = ask(holes);
    for (index, answer) in answers.iter_mut().enumerate() {
        let Some(hole) = holes.get(index) else { break };
        let mut again = (*hole).clone();
        for tries in 2..=TRIES_MAX {
            let Some(reason) = emulant_model::unfit(answer) else { break };
            again.feedback.push((Value::None, reason.into()));
            *answer = ask(&[&again]).pop().unwrap_or(Answer::Failed { reason: "the model gave no answer".into() });
            if let (TRIES_MAX, Some(reason)) = (tries, emulant_model::unfit(answer)) {
                *answer = Answer::Failed { reason: format!("{reason} (the last of {TRIES_MAX})") };
            }
        }
    }
    answers
}

/// A failure says what was asked and how to go on; what came stands in its reason.
pub(crate) fn explained(answer: Answer, hole: &Hole) -> Answer {
    let what = if hole.name.is_empty() { format!("{:?}", shortened(&hole.instruction)) } else { format!("{}()", hole.name) };
    let asked = format!("asked for {what} -> {}", shortened(&hole.shape.python()));
    match answer {
        Answer::Failed { reason } => Answer::Failed { reason: format!("{reason}; {asked}; take another --model, or catch AskFailed") },
        Answer::Abstained { reason } => Answer::Abstained { reason: format!("{reason}; {asked}; take another --model, or catch Abstained") },
        Answer::Refused { reason } => Answer::Refused { reason: format!("{reason}; {asked}; say it differently, or catch Refused") },
        other => other,
    }
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

/// Nobody fills holes.
pub struct NoModel;

impl Holes for NoModel {
    fn answer(&mut self, holes: &[&Hole], _: Option<Instant>) -> Vec<Answer> {
        holes.iter().map(|_| Answer::Failed { reason: "there is no model".into() }).collect()
    }
}

/// The person in front of a run.
pub trait Person {
    /// Is somebody there to approve a call?
    fn is_there(&mut self) -> bool;
    /// Yes, no, or neither.
    fn approve(&mut self, sentence: &str) -> Option<bool>;
    /// A line of input; `None` when nobody can type one now.
    fn input(&mut self, prompt: &str) -> Option<Answer>;
    /// Shall the run be left as it is? Asked several times a second.
    fn interrupts(&mut self) -> bool {
        false
    }
}

/// The terminal for approvals, and a stream for lines.
pub struct Console<R> {
    terminal: Option<Terminal>,
    lines: R,
}

impl<R: BufRead> Console<R> {
    /// Approvals on the controlling terminal, if there is one; lines from `lines`.
    pub fn new(lines: R) -> Console<R> {
        Console { terminal: Terminal::open(), lines }
    }
}

impl<R: BufRead> Person for Console<R> {
    fn is_there(&mut self) -> bool {
        self.terminal.is_some()
    }

    fn approve(&mut self, sentence: &str) -> Option<bool> {
        self.terminal.as_mut()?.approve(sentence)
    }

    fn input(&mut self, _: &str) -> Option<Answer> {
        Some(input_line(&mut self.lines))
    }
}

/// Nobody is there.
pub struct Nobody;

impl Person for Nobody {
    fn is_there(&mut self) -> bool {
        false
    }

    fn approve(&mut self, _: &str) -> Option<bool> {
        None
    }

    fn input(&mut self, _: &str) -> Option<Answer> {
        None
    }
}

/// The answer to an approval, from a yes or no.
pub(crate) fn said(granted: bool) -> Answer {
    approval(granted)
}

/// Microseconds since the epoch.
pub(crate) fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

/// The answer to a clock ask.
pub(crate) fn clock() -> Answer {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Answer::value(Value::Float(now.as_secs_f64()))
}

/// The answer to a seed ask: the given seed, or fresh random bits.
pub(crate) fn seed(given: Option<u64>) -> Answer {
    let seed = given.map_or_else(fresh_seed, Ok);
    match seed {
        Ok(seed) => Answer::value(i64::try_from(seed).map_or_else(|_| Value::Big(seed.to_string()), Value::Int)),
        Err(reason) => Answer::Failed { reason },
    }
}

fn fresh_seed() -> Result<u64, String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system has no random bytes: {error}"))?;
    // 63 bits: a plain int in every reader.
    Ok(u64::from_le_bytes(bytes) >> 1)
}

/// Text becomes code, or a syntax error. Pure: a replay compiles again and gets the same.
pub(crate) fn compiled(compile: &Compile) -> Reply {
    let options = emulant_compile::Options { file: compile.file.clone(), mode: compile.mode, ..Default::default() };
    // `eval` allows blanks before its expression; its columns count without them.
    let text = if compile.mode == CompileMode::Eval { compile.text.trim_start_matches([' ', '\t']) } else { &compile.text };
    match emulant_compile::compile(text, &options) {
        Ok(code) => Reply::Code(code),
        Err(error) => {
            let (class, message) = match error.kind {
                ErrorKind::NotSupported => ("SyntaxError".to_string(), format!("not supported: {}", error.message)),
                kind => (kind.name().to_string(), error.message),
            };
            Reply::SyntaxError { class, message, line: error.line, col: error.col, text: error.text }
        }
    }
}

/// What the journal keeps of [`compiled`].
pub(crate) fn compile_answer(compile: &Compile, reply: &Reply) -> Answer {
    match reply {
        Reply::SyntaxError { class, message, .. } => Answer::Raise { class: class.clone(), message: message.clone() },
        _ => Answer::Value {
            value: Value::Str(hex(&sha256(compile.text.as_bytes()))),
            detail: AnswerDetail { by: "compiler".into(), ..AnswerDetail::default() },
        },
    }
}
