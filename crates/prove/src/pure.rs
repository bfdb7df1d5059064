//! Runs a program that needs nobody: no model, no tool, no person, no journal.
//! Clock and seed are answered, text is compiled, files are those of an empty folder where one is
//! given, and every other ask fails.

use emulant_ask::{Answer, Ask, Compile, CompileMode, Limit, Limits, Request, Value};
use emulant_compile::{CompileError, ErrorKind};
use emulant_host::system::{Access, is_system};
use emulant_host::tools::{ToolBox, ToolsFile};
use emulant_machine::code::Code;
use emulant_machine::{Library, Machine, Options, Reply, Step, Stream, Uncaught};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a program did.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
    /// How it ended.
    pub ended: Ended,
    /// Instructions spent.
    pub instructions: u64,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The last line was reached, or `sys.exit` was called.
    Done {
        /// Exit status.
        status: i32,
    },
    /// An exception was not caught.
    Raised {
        /// Its class.
        class: String,
        /// Its message.
        message: String,
        /// Line in which it was raised.
        line: u32,
        /// What standard error shows.
        traceback: String,
    },
    /// A budget ran out.
    Limit(Limit),
    /// The text is not Python.
    SyntaxError(String),
    /// The text is Python that we cannot run.
    Unsupported(String),
}

/// Run a text as `__main__` with this many instructions.
pub fn run(file: &str, text: &str, instructions: u64) -> Ran {
    run_within(file, text, Limits { instructions, ..Limits::default() })
}

/// Run a text as `__main__` within limits.
pub fn run_within(file: &str, text: &str, limits: Limits) -> Ran {
    match code_of(file, text) {
        Ok(code) => run_in(emulant_stdlib::library(), code, limits, named(file)),
        Err(refused) => refused,
    }
}

/// Run a text as `__main__` with this many instructions, in a folder of its own that is empty and vanishes with it.
pub fn run_in_folder(file: &str, text: &str, instructions: u64) -> Ran {
    let code = match code_of(file, text) {
        Ok(code) => code,
        Err(refused) => return refused,
    };
    let machine = Machine::new(emulant_stdlib::library(), Limits { instructions, ..Limits::default() }, named(file));
    let mut folder = Folder::default();
    drive(machine, code, |asks| asks.iter().map(|ask| (ask.id, folder.reply(ask))).collect())
}

/// As `run_in`, and whoever asks for files hears that none are mounted.
pub fn run_without_files(library: Arc<dyn Library>, code: Arc<Code>, limits: Limits, options: Options) -> Ran {
    let mut tools = None;
    drive(Machine::new(library, limits, options), code, |asks| {
        let mut answer = |ask: &Ask| match &ask.request {
            Request::Call(call) if is_system(&call.tool) => {
                let tools = tools.get_or_insert_with(|| ToolBox::new(ToolsFile::default(), None));
                Reply::Answer(match tools {
                    Ok(tools) => tools.call(call),
                    Err(error) => Answer::Failed { reason: error.to_string() },
                })
            }
            _ => reply(ask),
        };
        asks.iter().map(|ask| (ask.id, answer(ask))).collect()
    })
}

/// As a program is run by its file's name alone.
fn named(file: &str) -> Options {
    Options { argv: vec![file.into()], ..Options::default() }
}

/// The code of a program, or how it ends without having begun.
fn code_of(file: &str, text: &str) -> Result<Arc<Code>, Ran> {
    let ended = |ended| Ran { output: String::new(), errors: String::new(), ended, instructions: 0 };
    let options = emulant_compile::Options { file: file.into(), ..Default::default() };
    emulant_compile::compile(text, &options).map_err(|error| match error.kind {
        ErrorKind::NotSupported => ended(Ended::Unsupported(error.to_string())),
        kind => ended(Ended::SyntaxError(format!("{}: {} (line {})", kind.name(), error.message, error.line))),
    })
}

/// An empty folder for programs that ask for files or databases; made when the first one does.
#[derive(Default)]
struct Folder(Option<(tempfile::TempDir, ToolBox)>);

impl Folder {
    fn reply(&mut self, ask: &Ask) -> Reply {
        match &ask.request {
            Request::Call(call) if is_system(&call.tool) => Reply::Answer(match self.tools() {
                Ok(tools) => tools.call(call),
                Err(reason) => Answer::Failed { reason },
            }),
            _ => reply(ask),
        }
    }

    fn tools(&mut self) -> Result<&mut ToolBox, String> {
        if self.0.is_none() {
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            let tools = ToolBox::new(ToolsFile::default(), None).and_then(|tools| tools.with_files(folder.path(), Access::ReadWrite));
            self.0 = Some((folder, tools.map_err(|error| error.to_string())?));
        }
        self.0.as_mut().map(|(_, tools)| tools).ok_or_else(|| "no folder".into())
    }
}

/// The events in the functions of a text, with comprehensions in frames of their own. `None`
/// when it does not compile.
pub fn traced(file: &str, text: &str, instructions: u64) -> Option<Vec<serde_json::Value>> {
    let options = emulant_compile::Options { file: file.into(), comprehension_frames: true, ..Default::default() };
    let code = emulant_compile::compile(text, &options).ok()?;
    let mut machine = Machine::new(emulant_stdlib::library(), Limits { instructions, ..Limits::default() }, Options::default());
    machine.set_trace(true);
    let mut step = machine.start(code);
    while let Step::Asks(asks) = step {
        step = machine.resume(asks.iter().map(|ask| (ask.id, reply(ask))).collect());
    }
    let mut trace = machine.take_trace();
    trace.retain(|event| event.function != "<module>");
    Some(emulant_lens::trace::events(&trace))
}

/// Run code as `__main__` with a library of one's own.
pub fn run_in(library: Arc<dyn Library>, code: Arc<Code>, limits: Limits, options: Options) -> Ran {
    drive(Machine::new(library, limits, options), code, |asks| asks.iter().map(|ask| (ask.id, reply(ask))).collect())
}

/// Run code to its end; `replies` answers each batch of asks.
pub fn drive(mut machine: Machine, code: Arc<Code>, mut replies: impl FnMut(&[Ask]) -> Vec<(u64, Reply)>) -> Ran {
    let (mut output, mut errors) = (String::new(), String::new());
    let mut step = machine.start(code);
    let ended = loop {
        for (stream, text) in machine.take_output() {
            match stream {
                Stream::Out => output.push_str(&text),
                Stream::Err => errors.push_str(&text),
            }
        }
        step = match step {
            Step::Asks(asks) => machine.resume(replies(&asks)),
            Step::Paused => machine.go_on(),
            Step::Done { status } => break Ended::Done { status },
            Step::Limit(limit) => break Ended::Limit(limit),
            Step::Raised(uncaught) => break raised(&uncaught),
        };
    };
    Ran { output, errors, ended, instructions: machine.instructions() }
}

pub(crate) fn raised(uncaught: &Uncaught) -> Ended {
    let line = uncaught.frames.last().map_or(0, |frame| frame.span.line);
    Ended::Raised { class: uncaught.class.clone(), message: uncaught.message.clone(), line, traceback: emulant_host::traceback::text(uncaught) }
}

pub(crate) fn reply(ask: &Ask) -> Reply {
    match &ask.request {
        Request::Clock => Reply::Answer(clock()),
        Request::Seed => Reply::Answer(Answer::value(Value::Int(0))),
        Request::Compile(compile) => compiled(compile),
        Request::Input { .. } => {
            Reply::Answer(Answer::Raise { class: "EOFError".into(), message: "EOF when reading a line".into() })
        }
        other => Reply::Answer(Answer::Failed { reason: format!("nobody is there to answer {}", other.kind()) }),
    }
}

/// The answer to a clock ask: seconds since the epoch.
fn clock() -> Answer {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Answer::value(Value::Float(now.as_secs_f64()))
}

/// The reply to text that becomes code. Pure: the same text gives the same code.
pub(crate) fn compiled(compile: &Compile) -> Reply {
    let options = emulant_compile::Options { file: compile.file.clone(), mode: compile.mode, ..Default::default() };
    // `eval` allows blanks before its expression; its columns count without them.
    let text = if compile.mode == CompileMode::Eval { compile.text.trim_start_matches([' ', '\t']) } else { &compile.text };
    match emulant_compile::compile(text, &options) {
        Ok(code) => Reply::Code(code),
        Err(error) => syntax_error(error),
    }
}

fn syntax_error(error: CompileError) -> Reply {
    let (class, message) = match error.kind {
        ErrorKind::NotSupported => ("SyntaxError".to_string(), format!("not supported: {}", error.message)),
        kind => (kind.name().to_string(), error.message),
    };
    Reply::SyntaxError { class, message, line: error.line, col: error.col, text: error.text }
}
