//! What the standard library's modules ask of the world: files, databases, addresses.
//!
//! Each row is a tool like any other: judged by the gate, recorded, replayed, labelled. What acts
//! is decided here by how the root is mounted: in a private layer nothing does. An answer is a dict
//! with `value`, or with what the exception needs that the module raises.

pub(crate) mod mount;
mod layer;
mod files;
mod sql;

use crate::builtin::Arguments;
use emulant_ask::{Answer, Call, Value};
use emulant_gate::{Contract, Declaration, Effect};
use mount::Mount;
use serde_json::{Value as Json, json};
use sql::Connections;
use std::path::Path;
use std::time::Duration;

pub use mount::Access;

/// How long one statement or request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One tool of the system.
struct Row {
    name: &'static str,
    description: &'static str,
    acts: Acts,
    critical: &'static [&'static str],
    required: &'static [&'static str],
    run: fn(&mut System, &Arguments<'_>) -> Result<Value, Trouble>,
}

/// Does it change the world?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Acts {
    Never,
    /// Where files are mounted so that they can be written.
    OnFiles,
}

const ROWS: &[Row] = &[
    row("file.stat", "What is known about a file.", Acts::Never, &[], &["path"], files::stat),
    row("file.list", "Names and kinds in a folder.", Acts::Never, &[], &["path"], files::list),
    row("file.read", "Bytes of a file.", Acts::Never, &[], &["path", "offset", "size"], files::read),
    row("file.readlink", "Where a link leads.", Acts::Never, &[], &["path"], files::readlink),
    row("file.resolve", "A path without links.", Acts::Never, &[], &["path"], files::resolve),
    row("file.open", "Makes a file ready to be written.", Acts::OnFiles, &["path"], &["path", "mode"], files::open),
    row("file.write", "Writes bytes into a file.", Acts::OnFiles, &["path"], &["path", "offset", "data"], files::write),
    row("file.truncate", "Gives a file another size.", Acts::OnFiles, &["path"], &["path", "size"], files::truncate),
    row("file.mkdir", "Makes a folder.", Acts::OnFiles, &["path"], &["path"], files::mkdir),
    row("file.rmdir", "Removes an empty folder.", Acts::OnFiles, &["path"], &["path"], files::rmdir),
    row("file.unlink", "Removes a file.", Acts::OnFiles, &["path"], &["path"], files::unlink),
    row("file.rename", "Gives a file or folder another name.", Acts::OnFiles, &["path", "to"], &["path", "to"], files::rename),
    row("file.symlink", "Makes a link.", Acts::OnFiles, &["path", "to"], &["path", "to"], files::symlink),
    row("file.chmod", "Changes the mode of a file.", Acts::OnFiles, &["path"], &["path", "mode"], files::chmod),
    row("file.utime", "Changes the times of a file.", Acts::OnFiles, &["path"], &["path"], files::utime),
    row("memory.open", "Opens a database in memory.", Acts::Never, &[], &[], sql::open_memory),
    row("memory.execute", "Runs a statement on a database in memory.", Acts::Never, &[], &["connection", "sql"], sql::execute),
    row("memory.close", "Closes a database in memory.", Acts::Never, &[], &["connection"], sql::close),
    row("sql.open", "Opens a database in a file.", Acts::OnFiles, &["path"], &["path"], sql::open_file),
    row("sql.execute", "Runs a statement on a database in a file.", Acts::OnFiles, &["sql"], &["connection", "sql"], sql::execute),
    row("sql.close", "Closes a database in a file.", Acts::OnFiles, &[], &["connection"], sql::close),
];

const fn row(
    name: &'static str,
    description: &'static str,
    acts: Acts,
    critical: &'static [&'static str],
    required: &'static [&'static str],
    run: fn(&mut System, &Arguments<'_>) -> Result<Value, Trouble>,
) -> Row {
    Row { name, description, acts, critical, required, run }
}

/// Is this a tool of the system? Their names have a dot, which no other tool's name has.
pub fn is_system(tool: &str) -> bool {
    tool.contains('.')
}

/// Do answers of this tool only name what the user mounted? They may decide where is written.
pub(crate) fn only_names(tool: &str) -> bool {
    matches!(tool, "file.stat" | "file.list" | "file.resolve" | "file.open")
}

/// The tools of the system, for a root mounted in this way.
pub fn declarations(access: Option<Access>) -> Vec<Declaration> {
    let declaration = |row: &Row| Declaration {
        name: row.name.into(),
        description: row.description.into(),
        acts: acts(row, access),
        critical: Some(row.critical.iter().map(|path| path.to_string()).collect()),
        origin: String::new(),
        input_schema: schema(row),
        output_schema: Some(json!({"type": "object"})),
        server: String::new(),
        contract: Contract { effect: effect(row, access), ..Contract::default() },
    };
    ROWS.iter().map(declaration).collect()
}

/// Names of those that change the world, for a root mounted in this way.
pub(crate) fn acting(access: Option<Access>) -> impl Iterator<Item = &'static str> {
    ROWS.iter().filter(move |row| acts(row, access)).map(|row| row.name)
}

fn acts(row: &Row, access: Option<Access>) -> bool {
    row.acts == Acts::OnFiles && access == Some(Access::ReadWrite)
}

/// What is written into a private layer changes nothing outside.
fn effect(row: &Row, access: Option<Access>) -> Effect {
    match acts(row, access) {
        true => Effect::Irreversible,
        false => Effect::Read,
    }
}

fn schema(row: &Row) -> Json {
    let properties = json!({
        "path": {"type": "string"}, "to": {"type": "string"}, "offset": {"type": ["integer", "null"]},
        "size": {"type": "integer"}, "mode": {"type": ["integer", "string"]}, "follow": {"type": "boolean"},
        "connection": {"type": "integer"}, "sql": {"type": "string"},
    });
    json!({"type": "object", "properties": properties, "required": row.required})
}

/// Why an answer has no value: what the module of the library raises.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// An `OSError`: its number and its words.
    System(i32, String),
    /// An exception of another class, with details by name.
    Other(&'static str, String, Vec<(&'static str, Value)>),
}

impl Trouble {
    pub(crate) fn system(number: i32, words: &str) -> Trouble {
        Trouble::System(number, words.into())
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Trouble {
        match error.raw_os_error() {
            // The system's words, without the number that Rust puts behind them.
            Some(number) => Trouble::System(number, error.to_string().split(" (os error").next().unwrap_or_default().into()),
            None if error.kind() == std::io::ErrorKind::PermissionDenied => mount::outside(),
            None => Trouble::System(5, error.to_string()),
        }
    }
}

impl From<crate::builtin::Failure> for Trouble {
    fn from(failure: crate::builtin::Failure) -> Trouble {
        Trouble::Other("ValueError", failure.message().into(), Vec::new())
    }
}

/// Files and databases of one run.
pub(crate) struct System {
    pub(crate) mount: Mount,
    connections: Connections,
}

impl System {
    /// The files below `root`, mounted as `access` says; none at all without it.
    pub(crate) fn new(root: Option<&Path>, access: Option<Access>) -> std::io::Result<System> {
        Ok(System { mount: Mount::new(root, access)?, connections: Connections::default() })
    }

    pub(crate) fn call(&mut self, call: &Call) -> Answer {
        let arguments = Arguments::new(call, TIMEOUT);
        let Some(row) = ROWS.iter().find(|row| row.name == call.tool) else {
            return Answer::Raise { class: "ToolError".into(), message: format!("{}: no such tool", call.tool) };
        };
        Answer::value(match (row.run)(self, &arguments) {
            Ok(value) => Value::dict([("value", value)]),
            Err(Trouble::System(number, words)) => Value::dict([("errno", Value::Int(number.into())), ("strerror", Value::Str(words))]),
            Err(Trouble::Other(class, message, details)) => {
                let base = [("error", Value::str(class)), ("message", Value::Str(message))];
                Value::dict(base.into_iter().chain(details))
            }
        })
    }

    /// Does again what a recorded call did to what lives no longer than the process: the private
    /// layer, the scratch folder, databases in memory.
    pub(crate) fn recall(&mut self, call: &Call) {
        let path = call.arguments.iter().find(|(name, _)| name == "path").and_then(|(_, value)| value.as_str());
        let is_kept = path.is_some_and(|path| self.mount.is_kept(path));
        if call.tool.starts_with("memory.") || call.tool.starts_with("sql.") || !is_kept {
            let _ = self.call(call);
        }
    }
}
