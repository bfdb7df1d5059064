//! `emulant run`: a program, with what it may use.

use crate::common::{self, Telling, Trouble};
use clap::{Args, ValueEnum};
use emulant_ask::{Limits, Value};
use emulant_compile::Holes;
use emulant_host::written;
use emulant_host::options::{Approve, RunOptions};
use emulant_host::manifest;
use emulant_host::system::Access;
use emulant_host::value::from_foreign;
use emulant_machine::label::Level;
use std::io::Read;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Largest program that is read.
const PROGRAM_BYTES_MAX: u64 = 64 << 20;

/// What `run` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant run --tools examples/triage.json --allow write_file examples/triage.py\n\n\
    Exit status: 0; 1 uncaught exception; the program's own up to 63; 64 usage; 65 not a program\n\
    or not supported; 66 a limit; 67 an ask's exception was not caught; 75 it waits for a person.")]
pub struct Arguments {
    /// A value that is predefined as a global
    #[arg(long, value_name = "NAME=JSON")]
    input: Vec<String>,
    /// Holes that are on besides decorated stubs and `ask`
    #[arg(long, value_delimiter = ',', value_name = "KIND,...")]
    holes: Vec<HoleKind>,
    /// Tools that the program may call
    #[arg(long, value_name = "FILE")]
    tools: Option<PathBuf>,
    /// Folder that the program sees as /mnt, where it starts: to be read (ro, as without a word), to be
    /// written into a private layer that is gone at the end (overlay), or to be written (rw). Without it
    /// `open` is refused, and the built-in tools see the folder of the tools file.
    #[arg(long, value_name = "DIR[:ro|:overlay|:rw]")]
    root: Option<String>,
    /// An acting tool that runs without asking
    #[arg(long, value_name = "TOOL")]
    allow: Vec<String>,
    /// Policies instead of those that the tools file names; `default` is the one that comes with the program
    #[arg(long, value_name = "FILE")]
    policy: Vec<String>,
    /// What labels follow
    #[arg(long, default_value = "flow", value_name = "LEVEL")]
    labels: Labels,
    /// A model wrote the program after it had read somebody else's words; TEXT is what the user had said
    #[arg(long, value_name = "TEXT")]
    user_said: Option<String>,
    /// When a call needs a person
    #[arg(long, default_value = "now")]
    approve: When,
    /// Let nothing act: a model says what acting tools would give, a root is written into a private layer, and the
    /// report tells what would have been made, refused, or asked
    #[arg(long)]
    rehearse: bool,
    /// Ask each hole at once instead of in batches
    #[arg(long)]
    eager: bool,
    /// What `random` starts from, unless the program says so itself
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// default, small, test, a .gguf file, FORMAT:NAME@URL (openai, anthropic, systemone,
    /// decisions), script:FILE, person, or a route of several: small:0.9,default:0.6,person
    #[arg(long, value_name = "NAME|URL", default_value = "default")]
    model: String,
    /// Functions that were written once (@synthesize, @auto); new ones are added
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Toolkits that `Emulated("Name")` finds, one JSON record a line
    #[arg(long, value_name = "FILE")]
    toolkits: Option<PathBuf>,
    /// Record the model's answers in a file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["replay", "record_missing"])]
    record: Option<PathBuf>,
    /// Take the model's answers from a recording; what is not in it fails
    #[arg(long, value_name = "FILE", conflicts_with = "record_missing")]
    replay: Option<PathBuf>,
    /// Take the model's answers from a recording, and add what is not in it
    #[arg(long, value_name = "FILE")]
    record_missing: Option<PathBuf>,
    #[arg(long, value_name = "N", help = "Instructions that may be spent")]
    limit_instructions: Option<u64>,
    #[arg(long, value_name = "BYTES", help = "Memory that may be used")]
    limit_memory: Option<u64>,
    #[arg(long, value_name = "BYTES", help = "Output that may be written")]
    limit_output: Option<u64>,
    #[arg(long, value_name = "N", help = "Asks that may be made")]
    limit_asks: Option<u64>,
    #[arg(long, value_name = "S", help = "Seconds that it may take")]
    limit_seconds: Option<u64>,
    /// Keep no journal
    #[arg(long, value_name = "none")]
    journal: Option<JournalKind>,
    /// Print the report as JSON on standard error
    #[arg(long)]
    json: bool,
    /// Print the report also when nothing was asked
    #[arg(long)]
    report: bool,
    /// The program as text
    #[arg(short = 'c', value_name = "CODE")]
    code: Option<String>,
    /// FILE (`-` is standard input), and the program's own arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FILE")]
    program: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HoleKind {
    Calls,
    Stubs,
    Blocks,
    Pseudo,
    Partial,
}

impl HoleKind {
    fn word(self) -> &'static str {
        match self {
            HoleKind::Calls => "calls",
            HoleKind::Stubs => "stubs",
            HoleKind::Blocks => "blocks",
            HoleKind::Pseudo => "pseudo",
            HoleKind::Partial => "partial",
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Labels {
    /// Bytes, and what selected them by key or index
    Flow,
    /// Also branches taken under somebody else's words
    Control,
    /// Also what the branch that was not taken would have written
    Strict,
}

impl From<Labels> for Level {
    fn from(labels: Labels) -> Level {
        match labels {
            Labels::Flow => Level::Flow,
            Labels::Control => Level::Control,
            Labels::Strict => Level::Strict,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum When {
    Now,
    Later,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum JournalKind {
    None,
}

impl From<When> for Approve {
    fn from(when: When) -> Approve {
        match when {
            When::Now => Approve::Now,
            When::Later => Approve::Later,
            When::Never => Approve::Never,
        }
    }
}

/// Runs the program.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let telling = match (arguments.json, arguments.report) {
        (true, _) => Telling::Json,
        (false, true) => Telling::Always,
        (false, false) if arguments.rehearse => Telling::Always,
        (false, false) => Telling::WhenAsked,
    };
    let options = options(&arguments)?;
    emulant_model::parse_spec(&options.model).map_err(|error| Trouble::usage(format!("--model: {error}")))?;
    if arguments.journal.is_some() && options.approve == Approve::Later {
        return Err(Trouble::usage("--approve later needs a journal to wait in"));
    }
    let store = match arguments.journal {
        Some(JournalKind::None) => None,
        None => Some(common::store(state)?),
    };
    let file = options.file.clone();
    let policies = manifest::policies(&arguments.policy, Path::new("")).map_err(Trouble::usage)?;
    let model = options.model.clone();
    let outcome = common::with_world(&options.clone(), |world| {
        let mut options = options;
        options.manifest = world.tools.manifest();
        if !policies.is_empty() {
            options.manifest.policies = policies;
        }
        emulant_host::run::run(options, store, world)
    })?;
    if let Some(path) = &arguments.lock {
        written::keep(path, &outcome.notes, &model, outcome.run.as_deref()).map_err(Trouble::computer)?;
    }
    Ok(common::finish(&file, &outcome, telling))
}

fn options(arguments: &Arguments) -> Result<RunOptions, Trouble> {
    let (file, text, argv) = program(arguments)?;
    let defaults = Limits::default();
    let tools_file = arguments.tools.as_deref().map(common::absolute).transpose()?;
    let (root, access) = match arguments.root.as_deref().map(root_and_access) {
        Some((folder, Access::ReadWrite)) if arguments.rehearse => (common::absolute(&folder)?, Some(Access::Overlay)),
        Some((folder, access)) => (common::absolute(&folder)?, Some(access)),
        None => (root_beside(tools_file.as_deref())?, None),
    };
    let mut holes = Holes::default();
    arguments.holes.iter().for_each(|kind| _ = holes.switch_on(kind.word()));
    Ok(RunOptions {
        inputs: arguments.input.iter().map(|input| self::input(input)).collect::<Result<_, _>>()?,
        argv,
        limits: Limits {
            instructions: arguments.limit_instructions.unwrap_or(defaults.instructions),
            memory_bytes: arguments.limit_memory.unwrap_or(defaults.memory_bytes),
            output_bytes: arguments.limit_output.unwrap_or(defaults.output_bytes),
            asks: arguments.limit_asks.unwrap_or(defaults.asks),
            ..defaults
        },
        seconds: arguments.limit_seconds,
        holes,
        settings: settings(arguments)?,
        allowed: arguments.allow.iter().cloned().collect(),
        approve: arguments.approve.into(),
        rehearse: arguments.rehearse,
        eager: arguments.eager,
        seed: arguments.seed,
        model: model(arguments)?,
        tools_file,
        root: Some(root),
        access,
        labels: arguments.labels.into(),
        foreign_program: arguments.user_said.clone(),
        ..RunOptions::new(file, text)
    })
}

/// `DIR:overlay` as folder and access; a folder whose own name ends so is written with `:ro` behind it.
pub fn root_and_access(root: &str) -> (PathBuf, Access) {
    match root.rsplit_once(':').and_then(|(folder, word)| Some((folder, Access::of(word)?))) {
        Some((folder, access)) => (folder.into(), access),
        None => (root.into(), Access::ReadOnly),
    }
}

/// The folder that the built-in tools see where none is given: that of the tools file, or this one.
pub fn root_beside(tools_file: Option<&Path>) -> Result<PathBuf, Trouble> {
    match tools_file {
        Some(file) => Ok(file.parent().map(Path::to_path_buf).unwrap_or_default()),
        None => common::absolute(Path::new(".")),
    }
}

/// What the library's forms of holes are told.
fn settings(arguments: &Arguments) -> Result<BTreeMap<String, String>, Trouble> {
    let mut settings = BTreeMap::new();
    if let Some(path) = &arguments.lock {
        settings.insert("lock".into(), written::read(path).map_err(Trouble::usage)?.to_string());
    }
    if let Some(path) = &arguments.toolkits {
        let opened = std::fs::File::open(path).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))?;
        let text = read(opened, &path.display().to_string())?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let toolkits = lines.map(|line| common::json("a toolkit", line)).collect::<Result<Vec<_>, _>>()?;
        settings.insert("toolkits".into(), serde_json::Value::from(toolkits).to_string());
    }
    Ok(settings)
}

/// Who fills holes, with the recording in front. In a replay nobody has to be there.
fn model(arguments: &Arguments) -> Result<String, Trouble> {
    let modes = [("record", &arguments.record), ("replay", &arguments.replay), ("record-missing", &arguments.record_missing)];
    let Some((word, Some(path))) = modes.into_iter().find(|(_, path)| path.is_some()) else { return Ok(arguments.model.clone()) };
    let path = common::absolute(path)?;
    match word {
        "replay" => Ok(format!("replay:{}", path.display())),
        _ => Ok(format!("{word}:{}={}", path.display(), arguments.model)),
    }
}

/// File name, text and `sys.argv`.
fn program(arguments: &Arguments) -> Result<(String, String, Vec<String>), Trouble> {
    let given = |first: &str, rest: &[String]| std::iter::once(first.to_string()).chain(rest.iter().cloned()).collect();
    if let Some(code) = &arguments.code {
        return Ok(("<string>".into(), code.clone(), given("-c", &arguments.program)));
    }
    match arguments.program.as_slice() {
        [] => Err(Trouble::usage("give a FILE, `-` or -c CODE; see emulant run --help")),
        [dash, rest @ ..] if dash == "-" => Ok(("<stdin>".into(), read(std::io::stdin().lock(), "standard input")?, given("-", rest))),
        [file, rest @ ..] => {
            let opened = std::fs::File::open(file).map_err(|error| Trouble::usage(format!("{file}: {error}")))?;
            Ok((file.clone(), read(opened, file)?, given(file, rest)))
        }
    }
}

/// The text of a program.
pub fn read(reader: impl Read, name: &str) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    let result = reader.take(PROGRAM_BYTES_MAX + 1).read_to_end(&mut bytes);
    result.map_err(|error| Trouble::usage(format!("{name}: {error}")))?;
    if bytes.len() as u64 > PROGRAM_BYTES_MAX {
        return Err(Trouble::usage(format!("{name}: larger than {PROGRAM_BYTES_MAX} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| Trouble { status: common::DATA, reason: format!("{name}: it is not UTF-8") })?;
    Ok(text.strip_prefix('\u{feff}').map(String::from).unwrap_or(text))
}

fn input(text: &str) -> Result<(String, Value), Trouble> {
    let (name, json) = text.split_once('=').ok_or_else(|| Trouble::usage(format!("--input {text}: it reads NAME=JSON")))?;
    let is_name = name.chars().enumerate().all(|(at, c)| c == '_' || c.is_alphabetic() || (at > 0 && c.is_alphanumeric()));
    if name.is_empty() || !is_name {
        return Err(Trouble::usage(format!("--input {text}: {name:?} is no name")));
    }
    Ok((name.into(), from_foreign(&common::json(&format!("--input {name}"), json)?)))
}
