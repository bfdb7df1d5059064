//! What several commands share: where state lives, how a run is opened again,
//! how its outcome is shown, and what went wrong on the way.

use emulant_host::answer::{Console, LazyModel, World};
use emulant_host::keep::RunError;
use emulant_host::options::RunOptions;
use emulant_host::run::{Outcome, RunResult};
use emulant_host::store::{Store, StoreError};
use emulant_host::tools::ToolBox;
use emulant_host::traceback;
use emulant_journal::Journal;
use emulant_machine::Stream;
use emulant_model::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt;
use std::io::{BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Exit status of wrong usage.
pub const USAGE: u8 = 64;
/// Exit status of damaged data.
pub const DATA: u8 = 65;
/// Exit status when this computer gets in the way: no disk, no tool server.
pub const COMPUTER: u8 = 74;

/// What a command could not do, and the exit status that goes with it.
#[derive(Debug)]
pub struct Trouble {
    pub status: u8,
    pub reason: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Trouble {
    pub fn usage(reason: impl Into<String>) -> Trouble {
        Trouble { status: USAGE, reason: reason.into() }
    }

    pub fn computer(reason: impl fmt::Display) -> Trouble {
        Trouble { status: COMPUTER, reason: reason.to_string() }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        let status = match &error {
            damage if damage.is_damage() => DATA,
            StoreError::Files(..) | StoreError::Database(_) => COMPUTER,
            StoreError::Run(_) | StoreError::Other(_) | StoreError::Journal(_) | StoreError::Damaged(_) => USAGE,
        };
        Trouble { status, reason: error.to_string() }
    }
}

impl From<RunError> for Trouble {
    fn from(error: RunError) -> Trouble {
        match error {
            RunError::Store(error) => error.into(),
            RunError::Journal(_) => Trouble { status: DATA, reason: error.to_string() },
            RunError::Tools(_) => Trouble::computer(error),
            RunError::Usage(_) => Trouble::usage(error.to_string()),
            RunError::Interrupted => Trouble::computer(error),
        }
    }
}

/// The store in `folder`, or where it is by default.
pub fn store(folder: Option<&Path>) -> Result<Store, Trouble> {
    let default = Store::default_folder();
    let folder = folder.map(Path::to_path_buf).or(default);
    let folder = folder.ok_or_else(|| Trouble::usage("neither XDG_STATE_HOME nor HOME says where to keep journals: give --state DIR"))?;
    Ok(Store::open(&folder)?)
}

/// The journal that RUN means: an id, a unique prefix of one, or an exported file.
pub fn journal(folder: Option<&Path>, run: &str) -> Result<Journal, Trouble> {
    let bytes = store(folder)?.bytes_of(run)?;
    let damaged = |reason: String| Trouble { status: DATA, reason: format!("{run}: {reason}") };
    let text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8".into()))?;
    let journal = Journal::read(text.split_inclusive('\n')).map_err(|fault| damaged(fault.to_string()))?;
    if journal.run().is_some() { Ok(journal) } else { Err(damaged("the journal is empty".into())) }
}

/// The tools that a run's options name.
pub fn tools(options: &RunOptions) -> Result<ToolBox, Trouble> {
    ToolBox::of(options).map_err(|error| Trouble::usage(error.to_string()))
}

/// Calls `act` with the world of this process: tools, the named model, the terminal, and
/// standard output.
pub fn with_world<T>(options: &RunOptions, act: impl FnOnce(World<'_>) -> Result<T, RunError>) -> Result<T, Trouble> {
    let mut tools = tools(options)?;
    let mut model = LazyModel::new(options.model.clone(), watcher());
    let mut person = Console::new(BufReader::new(std::io::stdin()));
    let mut sink = print;
    let world = World { tools: &mut tools, model: &mut model, person: &mut person, sink: &mut sink };
    Ok(act(world)?)
}

/// Program output goes out at once; a reader that left is no reason to stop a run halfway.
pub fn print(stream: Stream, text: &str) {
    let _ = match stream {
        Stream::Out => {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        }
        Stream::Err => std::io::stderr().lock().write_all(text.as_bytes()),
    };
}

/// How much is said at the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// A report when something was asked.
    WhenAsked,
    /// A report in any case.
    Always,
    /// The report as JSON.
    Json,
}

/// Shows how a run ended on standard error, and gives its exit status.
pub fn finish(file: &str, outcome: &Outcome, telling: Telling) -> u8 {
    match &outcome.result {
        RunResult::Raised(uncaught) => tell!("{}", traceback::text(uncaught)),
        RunResult::Rejected(error) => tell!("{}", traceback::rejected(file, error)),
        RunResult::Limit(_) => tell_line!("emulant: {}", outcome.report.message),
        RunResult::Done { .. } | RunResult::Waiting(_) => {}
    }
    let asked = ["emulate", "call", "approve"].iter().any(|kind| outcome.report.asks.contains_key(kind));
    let waits = matches!(outcome.result, RunResult::Waiting(_));
    match telling {
        Telling::Json => tell_line!("{}", outcome.report.to_json()),
        Telling::WhenAsked if !asked && !waits => {}
        _ => tell!("\n{}", outcome.report),
    }
    if let (RunResult::Waiting(waiting), Some(run), true) = (&outcome.result, &outcome.run, telling != Telling::Json) {
        for one in waiting {
            tell_line!("answer with: emulant answer {run} {} JSON", one.seq);
        }
    }
    outcome.result.exit_status()
}

/// Shows what a model does: bars on a terminal, lines elsewhere, and nothing for what is quick.
pub fn watcher() -> impl FnMut(&Progress) + Send + 'static {
    let terminal = std::io::stderr().is_terminal();
    let mut bar: Option<ProgressBar> = None;
    move |progress| {
        match progress {
            Progress::Source { name, from, licence, bytes } => {
                tell_line!("fetching {name} ({:.2} GB, {licence}) from {from}", *bytes as f64 / 1e9);
            }
            Progress::SourceFailed { from, reason } => tell_line!("{from}: {reason}"),
            Progress::Fetched { bytes, total } if terminal => {
                let bar = bar.get_or_insert_with(|| byte_bar(*total));
                bar.set_position(*bytes);
                return;
            }
            Progress::Waiting { name } => tell_line!("another process fetches {name}; waiting for it"),
            Progress::Checking { name } if terminal => tell_line!("checking {name}"),
            Progress::Loading { name } if terminal => tell_line!("loading {name}"),
            _ => return,
        }
        if let Some(bar) = bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn byte_bar(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style)
}

/// The path from the root of the file system, so that another process finds it.
pub fn absolute(path: &Path) -> Result<PathBuf, Trouble> {
    std::path::absolute(path).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))
}

/// Longest text that a message repeats, in characters.
const REPEATED_MAX: usize = 40;

/// JSON from the command line.
pub fn json(what: &str, text: &str) -> Result<serde_json::Value, Trouble> {
    let hint = match text.chars().count() <= REPEATED_MAX && !text.contains(['"', '[', '{']) {
        true => format!(" (a text needs quotes: '\"{text}\"')"),
        false => String::new(),
    };
    let json = serde_json::from_str(text).map_err(|error| Trouble::usage(format!("{what} is not JSON: {error}{hint}")))?;
    match large_integer(text) {
        Some(digits) => Err(Trouble::usage(format!("{what}: {digits} does not fit 64 bits; give it as a text and convert it in the program"))),
        None => Ok(json),
    }
}

/// The first integer in JSON text that would be read as the nearest float.
fn large_integer(text: &str) -> Option<String> {
    // Every other piece between quotes is a string; an escaped quote does not end one.
    let outside = text.replace("\\\\", "").replace("\\\"", "");
    let words = outside.split('"').step_by(2).flat_map(|piece| piece.split([',', ':', '[', ']', '{', '}', ' ', '\t', '\n', '\r']));
    let is_integer = |word: &&str| !word.is_empty() && word.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    let large = words.filter(is_integer).find(|word| word.parse::<i64>().is_err() && word.parse::<u64>().is_err())?;
    Some(if large.len() > REPEATED_MAX { format!("an integer of {} digits", large.trim_start_matches('-').len()) } else { large.into() })
}
