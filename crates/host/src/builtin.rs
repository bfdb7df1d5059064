//! The built-in tools: one table. A new tool is a row, its function, and a test.

use crate::files::{self, Root};
use crate::sqlite;
use emulant_ask::{Answer, Call, Value};
use emulant_gate::{Contract, Declaration, Effect};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// A built-in tool.
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    description: &'static str,
    pub(crate) acts: bool,
    critical: &'static [&'static str],
    input: fn() -> Json,
    output: fn() -> Json,
    pub(crate) run: fn(&Root, &Arguments<'_>) -> Result<Value, Failure>,
}

/// All built-in tools.
pub(crate) const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "read_text",
        description: "The text of a UTF-8 file below the root.",
        acts: false,
        critical: &[],
        input: || object(json!({"path": {"type": "string"}}), &["path"]),
        output: || json!({"type": "string"}),
        run: files::read_text,
    },
    Builtin {
        name: "write_file",
        description: "Writes a text to a file below the root, replacing it; returns the number of characters.",
        acts: true,
        critical: &["path"],
        input: || object(json!({"path": {"type": "string"}, "text": {"type": "string"}}), &["path", "text"]),
        output: || json!({"type": "integer"}),
        run: files::write_file,
    },
    Builtin {
        name: "list_dir",
        description: "Name, kind (file, folder, link, other) and size of each entry of a folder below the root.",
        acts: false,
        critical: &[],
        input: || object(json!({"path": {"type": "string", "default": "."}}), &[]),
        output: || {
            let row = json!({"name": {"type": "string"}, "kind": {"type": "string"}, "size": {"type": "integer"}});
            json!({"type": "array", "items": object(row, &["name", "kind", "size"])})
        },
        run: files::list_dir,
    },
    Builtin {
        name: "sqlite_query",
        description: "Rows, as dicts, of one SQL query on a SQLite database below the root.",
        acts: false,
        critical: &[],
        input: sql,
        output: || json!({"type": "array", "items": {"type": "object"}}),
        run: sqlite::query,
    },
    Builtin {
        name: "sqlite_execute",
        description: "Runs one SQL statement that changes a SQLite database below the root; returns the number of rows changed.",
        acts: true,
        critical: &["database", "sql"],
        input: sql,
        output: || json!({"type": "integer"}),
        run: sqlite::execute,
    },
    Builtin {
        name: crate::narrow::NAME,
        description: "A result of a tool without the parts that somebody else wrote, as the tools file labels them.",
        acts: false,
        critical: &[],
        input: || object(json!({"value": {}}), &["value"]),
        output: || json!({}),
        run: |_, _| Err(Failure::tool("the journal of the run answers it")),
    },
    Builtin {
        name: crate::undo::RESTORE,
        description: "Puts a file back as it was kept before a call changed it; for programs that undo.",
        acts: true,
        critical: &["kept"],
        input: || object(json!({"kept": {"type": "string"}}), &["kept"]),
        output: || json!({"type": "null"}),
        run: |_, _| Err(Failure::tool("the store of the run answers it")),
    },
];

fn sql() -> Json {
    let parameters = json!({"type": "array", "default": []});
    object(json!({"database": {"type": "string"}, "sql": {"type": "string"}, "parameters": parameters}), &["database", "sql"])
}

fn object(properties: Json, required: &[&str]) -> Json {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

impl Builtin {
    fn contract(&self) -> Contract {
        // What a file was before is kept, and can be put back. A database may be too large to be kept
        // for each statement; the tools file can ask for it (`"effect": "staged"`).
        let effect = match self.name {
            "write_file" => Effect::Staged,
            _ if self.acts => Effect::Irreversible,
            _ => Effect::Read,
        };
        let labels = if self.name == crate::narrow::NAME { vec![(String::new(), "system".to_string())] } else { Vec::new() };
        Contract { effect, labels, ..Contract::default() }
    }

    pub(crate) fn declaration(&self) -> Declaration {
        Declaration {
            name: self.name.into(),
            description: self.description.into(),
            acts: self.acts,
            critical: Some(self.critical.iter().map(|path| path.to_string()).collect()),
            origin: String::new(),
            input_schema: (self.input)(),
            output_schema: (self.name != crate::narrow::NAME).then(self.output),
            server: String::new(),
            contract: self.contract(),
        }
    }
}

/// The arguments of a call of a built-in tool.
pub(crate) struct Arguments<'a> {
    call: &'a Call,
    timeout: Duration,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(call: &'a Call, timeout: Duration) -> Arguments<'a> {
        Arguments { call, timeout }
    }

    pub(crate) fn tool(&self) -> &'a str {
        &self.call.tool
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn optional(&self, name: &str) -> Option<&'a Value> {
        self.call.arguments.iter().find(|(given, _)| given == name).map(|(_, value)| value)
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&'a str>, Failure> {
        let text = |value: &'a Value| value.as_str().ok_or_else(|| Failure::tool(format!("$.{name}: expected a string")));
        self.optional(name).map(text).transpose()
    }

    pub(crate) fn text(&self, name: &str) -> Result<&'a str, Failure> {
        self.optional_text(name)?.ok_or_else(|| Failure::tool(format!("$.{name}: it is missing")))
    }
}

/// A Python exception that a tool raises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    class: &'static str,
    message: String,
}

impl Failure {
    pub(crate) fn new(class: &'static str, message: impl Into<String>) -> Failure {
        Failure { class, message: message.into() }
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn tool(message: impl Into<String>) -> Failure {
        Failure::new("ToolError", message)
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Answer {
        Answer::Raise { class: failure.class.into(), message: failure.message }
    }
}
