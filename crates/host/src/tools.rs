//! The tools of a run: the tools file, the built-ins, and calling them.
//!
//! A tools file is the JSON that MCP hosts read, with one more key for what they
//! do not know:
//!
//! ```json
//! {
//!   "mcpServers": {"mail": {"command": "python3", "args": ["mail_server.py"], "env": {"MAIL_KEY": "${MAIL_KEY}"}}},
//!   "emulant": {
//!     "send_mail": {"acts": true, "critical": ["to"]},
//!     "read_inbox": {"acts": false, "origin": "third party"}
//!   }
//! }
//! ```
//!
//! Nobody but this file decides what acts: a server's own hints are not believed.
//! A tool that the file does not mention acts, and all its arguments are critical.

use crate::builtin::{Arguments, BUILTINS, Builtin};
use crate::files::Root;
use crate::manifest::{self, BudgetForm, CellForm, ContractForm, Manifest};
use crate::options::RunOptions;
use crate::mcp::{ServerConfig, ServerTool, Servers};
use crate::schema::Schemas;
use crate::system::{Access, System, is_system};
use emulant_ask::{Answer, Call, Mismatch, Value};
use emulant_gate::{Declaration, Effect, SchemaCheck};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a call may take, unless the tools file says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a server may take to start and tell its tools; package launchers download first.
const START_TIMEOUT: Duration = Duration::from_secs(120);
/// Largest tools file.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What a tools file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolsFile {
    servers: Vec<ServerConfig>,
    said: BTreeMap<String, Said>,
    manifest: Manifest,
}

/// What the tools file says about one tool.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    acts: Option<bool>,
    critical: Option<Vec<String>>,
    origin: Option<String>,
    timeout_seconds: Option<f64>,
    contract: Option<ContractForm>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileForm {
    #[serde(default)]
    mcp_servers: serde_json::Map<String, Json>,
    #[serde(default)]
    emulant: BTreeMap<String, Said>,
    #[serde(default)]
    emulant_state: BTreeMap<String, CellForm>,
    #[serde(default)]
    emulant_budget: BudgetForm,
    #[serde(default)]
    emulant_policies: Vec<String>,
    #[serde(default)]
    emulant_secrets: BTreeMap<String, crate::secrets::Secret>,
}

/// One entry of `mcpServers`. Other keys are other hosts' and stay unread.
#[derive(Deserialize)]
struct ServerForm {
    command: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    cwd: Option<PathBuf>,
    #[serde(default)]
    disabled: bool,
}

/// Why there are no tools, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolsError(pub String);

impl std::fmt::Display for ToolsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ToolsError {}

impl ToolsFile {
    /// Reads a tools file.
    ///
    /// # Errors
    /// When it cannot be read, or does not say what a tools file says.
    pub fn read(path: &Path) -> Result<ToolsFile, ToolsError> {
        let at = |reason: String| ToolsError(format!("{}: {reason}", path.display()));
        let size = std::fs::metadata(path).map_err(|error| at(error.to_string()))?.len();
        if size > FILE_BYTES_MAX {
            return Err(at(format!("larger than {FILE_BYTES_MAX} bytes")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| at(error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let is_toml = path.extension().is_some_and(|extension| extension == "toml");
        let json = if is_toml { toml_as_json(&text).map_err(at)? } else { text };
        ToolsFile::parse(&json, folder).map_err(|error| at(error.0))
    }

    /// What it says about a run.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A tool of an agent that calls it itself: no server tells of it, so that only this file does. Where it says
    /// nothing, the tool acts, and all its arguments are critical.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn of_agent(&self, name: &str) -> Result<Declaration, ToolsError> {
        let tool = ServerTool { name: name.into(), description: String::new(), input_schema: serde_json::json!({"type": "object"}), output_schema: None };
        let mut tools = Tools { declarations: Vec::new(), places: HashMap::new() };
        tools.declarations.push(declaration(name.into(), tool, ""));
        if let Some(said) = self.said.get(name) {
            tools.apply(name, said)?;
        }
        tools.declarations.pop().ok_or_else(|| ToolsError(format!("there is no tool {name}")))
    }

    /// Reads the text of a tools file; a relative `cwd` of a server is below `folder`.
    ///
    /// # Errors
    /// When the text does not say what a tools file says.
    pub fn parse(text: &str, folder: &Path) -> Result<ToolsFile, ToolsError> {
        let map: serde_json::Map<String, Json> = serde_json::from_str(text).map_err(|error| ToolsError(error.to_string()))?;
        let form = FileForm::deserialize(Json::Object(map)).map_err(|error| ToolsError(error.to_string()))?;
        let mut servers = Vec::new();
        for (name, json) in form.mcp_servers {
            let at = |reason: String| ToolsError(format!("server {name:?}: {reason}"));
            let server = ServerForm::deserialize(&json).map_err(|error| at(error.to_string()))?;
            if server.disabled {
                continue;
            }
            let command = server.command.ok_or_else(|| at("it has no `command`; only servers on stdio are supported".into()))?;
            let args: Result<_, _> = server.args.iter().map(|arg| expand(arg)).collect();
            let env: Result<_, _> = server.env.into_iter().map(|(key, value)| Ok((key, expand(&value)?))).collect();
            servers.push(ServerConfig {
                command: expand(&command).map_err(at)?,
                args: args.map_err(at)?,
                env: env.map_err(at)?,
                cwd: server.cwd.map(|cwd| folder.join(cwd)),
                name,
            });
        }
        for (name, said) in &form.emulant {
            let seconds = said.timeout_seconds.unwrap_or(1.0);
            if !(seconds > 0.0 && seconds <= 86_400.0) {
                return Err(ToolsError(format!("tool {name:?}: `timeout_seconds` is more than 0 and at most 86400")));
            }
        }
        let manifest = Manifest {
            state: manifest::state(form.emulant_state),
            budget: manifest::budget(&form.emulant_budget).map_err(ToolsError)?,
            policies: manifest::policies(&form.emulant_policies, folder).map_err(ToolsError)?,
            secrets: form.emulant_secrets,
        };
        Ok(ToolsFile { servers, said: form.emulant, manifest })
    }
}

/// `tools.toml` is the same with shorter words: `servers`, `tools`, `state`, `budget`, `policies`.
fn toml_as_json(text: &str) -> Result<String, String> {
    let table: serde_json::Map<String, Json> = toml::from_str(text).map_err(|error| error.to_string())?;
    let names = [("servers", "mcpServers"), ("tools", "emulant"), ("state", "emulantState"), ("budget", "emulantBudget"), ("policies", "emulantPolicies"), ("secrets", "emulantSecrets")];
    let mut out = serde_json::Map::new();
    for (key, value) in table {
        let name = names.iter().find(|(short, _)| *short == key).map(|(_, name)| *name);
        out.insert(name.ok_or_else(|| format!("there is no key {key:?}"))?.into(), value);
    }
    Ok(Json::Object(out).to_string())
}

/// `${NAME}` and `${NAME:-default}` as MCP hosts expand them.
fn expand(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (inner, tail) = after.split_once('}').ok_or_else(|| format!("`${{` without `}}` in {text:?}"))?;
        let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, default)| (name, Some(default)));
        let value = std::env::var(name).ok().or_else(|| default.map(String::from));
        out.push_str(before);
        out.push_str(&value.ok_or_else(|| format!("the environment variable {name} is not set"))?);
        rest = tail;
    }
    Ok(out + rest)
}

/// The tools that a run may call.
pub struct ToolBox {
    file: ToolsFile,
    root: Option<Root>,
    system: System,
    servers: Option<Servers>,
    tools: Option<Tools>,
    schemas: Schemas,
    timeout: Duration,
    start_timeout: Duration,
}

struct Tools {
    declarations: Vec<Declaration>,
    /// Who answers, by the tool's name.
    places: HashMap<String, Place>,
}

#[derive(Clone)]
enum Place {
    Builtin(&'static Builtin),
    Server { index: usize, tool: String, promises_json: bool },
}

impl ToolBox {
    /// The tools of a tools file, and the built-ins if there is a root for them.
    /// Nothing is started yet.
    ///
    /// # Errors
    /// When the root is not a folder.
    pub fn new(file: ToolsFile, root: Option<&Path>) -> Result<ToolBox, ToolsError> {
        let open = |path: &Path| Root::open(path).map_err(|error| ToolsError(format!("{}: {error}", path.display())));
        let root = root.map(open).transpose()?;
        let system = System::new(None, None).map_err(|error| ToolsError(error.to_string()))?;
        Ok(ToolBox { file, root, system, servers: None, tools: None, schemas: Schemas::default(), timeout: TIMEOUT, start_timeout: START_TIMEOUT })
    }

    /// The tools that a run's options name.
    ///
    /// # Errors
    /// When the tools file cannot be read, or the root is not a folder.
    pub fn of(options: &RunOptions) -> Result<ToolBox, ToolsError> {
        let file = options.tools_file.as_deref().map_or_else(|| Ok(ToolsFile::default()), ToolsFile::read)?;
        let tools = ToolBox::new(file, options.root.as_deref())?;
        match (&options.root, options.access) {
            (Some(root), Some(access)) => tools.with_files(root, access),
            _ => Ok(tools),
        }
    }

    /// Mounts a root for `open` and the like; without this they are refused.
    ///
    /// # Errors
    /// When the root is not a folder, or there is no place for a private layer.
    pub fn with_files(mut self, root: &Path, access: Access) -> Result<ToolBox, ToolsError> {
        let at = |error| ToolsError(format!("{}: {error}", root.display()));
        self.system = System::new(Some(root), Some(access)).map_err(at)?;
        Ok(self)
    }

    /// Does again what a recorded call did to the private layer and to databases in memory.
    pub fn recall(&mut self, call: &Call) {
        if is_system(&call.tool) {
            self.system.recall(call);
        }
    }

    /// Another time that a call may take where the tools file says nothing.
    pub fn with_timeout(mut self, timeout: Duration) -> ToolBox {
        self.timeout = timeout;
        self
    }

    /// Another time that servers may take to start and tell their tools.
    pub fn with_start_timeout(mut self, timeout: Duration) -> ToolBox {
        self.start_timeout = timeout;
        self
    }

    /// All tools. The first call starts the servers of the tools file.
    ///
    /// # Errors
    /// When a server does not start or tell its tools, or the tools file speaks of
    /// a tool that nobody has.
    pub fn declare(&mut self) -> Result<&[Declaration], ToolsError> {
        if self.tools.is_none() {
            self.tools = Some(self.gather()?);
        }
        Ok(self.tools.as_ref().map_or(&[], |tools| &tools.declarations))
    }

    /// State, budgets and policies of the tools file.
    pub fn manifest(&self) -> &Manifest {
        self.file.manifest()
    }

    /// The schema checker, for the gate.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// Calls a tool and waits for its answer. Everything that goes wrong is an
    /// answer that raises: the arguments or the result do not fit the schema, the
    /// server refuses, crashes or hangs.
    ///
    /// Nothing is judged here. Ask the gate first.
    pub fn call(&mut self, call: &Call) -> Answer {
        let started = Instant::now();
        let mut answer = match self.answer(call) {
            Ok(answer) => answer,
            Err(message) => Answer::Raise { class: "ToolError".into(), message: format!("{}: {message}", call.tool) },
        };
        if let Answer::Value { detail, .. } = &mut answer {
            detail.by = self.who(&call.tool);
            detail.time_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        }
        answer
    }

    fn answer(&mut self, call: &Call) -> Result<Answer, String> {
        if is_system(&call.tool) {
            return Ok(self.system.call(call));
        }
        self.declare().map_err(|error| error.0)?;
        let unknown = || "no tool of this name is declared".to_string();
        let tools = self.tools.as_ref().ok_or_else(unknown)?;
        let declaration = tools.declarations.iter().find(|tool| tool.name == call.tool).ok_or_else(unknown)?;
        let place = tools.places.get(&call.tool).ok_or_else(unknown)?;
        self.check_arguments(declaration, call).map_err(|mismatch| mismatch.to_string())?;
        let value = match place {
            Place::Builtin(builtin) => {
                let root = self.root.as_ref().ok_or("there is no root")?;
                match (builtin.run)(root, &Arguments::new(call, self.timeout_of(&call.tool))) {
                    Ok(value) => value,
                    Err(failure) => return Ok(failure.into()),
                }
            }
            Place::Server { index, tool, promises_json } => {
                let servers = self.servers.as_ref().ok_or("its server does not run")?;
                servers.call(*index, tool, &call.arguments, *promises_json, self.timeout_of(&call.tool))?
            }
        };
        if let Some(schema) = &declaration.output_schema {
            let fits = self.schemas.check(schema, &value.to_plain_json());
            fits.map_err(|mismatch| format!("its result does not fit its schema: {mismatch}"))?;
        }
        Ok(Answer::value(value))
    }

    /// What a call of a built-in tool will change: the file, as it is.
    ///
    /// # Errors
    /// When the tool is none of those, or the file cannot be read.
    pub fn before(&self, call: &Call) -> Result<Value, String> {
        let root = self.root.as_ref().ok_or("there is no root")?;
        let argument = match call.tool.as_str() {
            "write_file" => "path",
            "sqlite_execute" => "database",
            other => return Err(format!("{other} cannot tell what it will change")),
        };
        let path = call.arguments.iter().find(|(name, _)| name == argument).and_then(|(_, value)| value.as_str());
        let path = path.ok_or_else(|| format!("$.{argument}: it is missing"))?;
        crate::files::before(root, path)
    }

    /// Puts a file back as [`ToolBox::before`] saw it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn restore(&self, before: &Value) -> Result<(), String> {
        crate::files::restore(self.root.as_ref().ok_or("there is no root")?, before)
    }

    fn check_arguments(&self, declaration: &Declaration, call: &Call) -> Result<(), Mismatch> {
        let mut map = serde_json::Map::new();
        for (name, value) in &call.arguments {
            if map.insert(name.clone(), value.to_plain_json()).is_some() {
                return Err(Mismatch { path: format!("$.{name}"), reason: "it is given twice".into() });
            }
        }
        self.schemas.check(&declaration.input_schema, &map.into())
    }

    fn timeout_of(&self, tool: &str) -> Duration {
        let said = self.file.said.get(tool).and_then(|said| said.timeout_seconds);
        said.map_or(self.timeout, Duration::from_secs_f64)
    }

    fn who(&self, tool: &str) -> String {
        if is_system(tool) {
            return "system".into();
        }
        match self.tools.as_ref().and_then(|tools| tools.places.get(tool)) {
            Some(Place::Server { index, .. }) => self.file.servers.get(*index).map(|server| server.name.clone()).unwrap_or_default(),
            Some(Place::Builtin(_)) => "built-in".into(),
            None => String::new(),
        }
    }

    fn gather(&mut self) -> Result<Tools, ToolsError> {
        let listed = self.list_servers()?;
        let mut tools = Tools { declarations: Vec::new(), places: HashMap::new() };
        if self.root.is_some() {
            for builtin in BUILTINS {
                tools.add(builtin.declaration(), Place::Builtin(builtin))?;
            }
        }
        let taken = counts(&listed);
        for (index, (config, server_tools)) in self.file.servers.iter().zip(listed).enumerate() {
            for tool in server_tools {
                let bare = identifier(&tool.name);
                let is_builtin = BUILTINS.iter().any(|builtin| builtin.name == bare);
                // Two tools of one name: each carries the name of its server.
                let alone = taken.get(&bare) == Some(&1) && !is_builtin;
                let name = if alone { bare } else { format!("{}_{bare}", identifier(&config.name)) };
                let place = Place::Server { index, promises_json: tool.output_schema.is_some(), tool: tool.name.clone() };
                tools.add(declaration(name, tool, &config.name), place)?;
            }
        }
        for (name, said) in &self.file.said {
            tools.apply(name, said)?;
        }
        Ok(tools)
    }

    fn list_servers(&mut self) -> Result<Vec<Vec<ServerTool>>, ToolsError> {
        if self.file.servers.is_empty() {
            return Ok(Vec::new());
        }
        let servers = Servers::new(self.file.servers.clone()).map_err(ToolsError)?;
        let listed = servers.list(self.start_timeout).map_err(ToolsError)?;
        self.servers = Some(servers);
        let named = |(config, outcome): (&ServerConfig, Result<Vec<ServerTool>, String>)| {
            outcome.map_err(|reason| ToolsError(format!("tool server {}: {reason}", config.name)))
        };
        self.file.servers.iter().zip(listed).map(named).collect()
    }
}

impl Tools {
    fn add(&mut self, declaration: Declaration, place: Place) -> Result<(), ToolsError> {
        let name = declaration.name.clone();
        if self.places.insert(name.clone(), place).is_some() {
            return Err(ToolsError(format!("two tools would be named {name}")));
        }
        self.declarations.push(declaration);
        Ok(())
    }

    fn apply(&mut self, name: &str, said: &Said) -> Result<(), ToolsError> {
        let builtin = BUILTINS.iter().find(|builtin| builtin.name == name);
        let Some(declaration) = self.declarations.iter_mut().find(|declaration| declaration.name == name) else {
            return match builtin {
                Some(_) => Ok(()),
                None => Err(ToolsError(format!("the tools file speaks of {name:?}, a tool that no server has"))),
            };
        };
        if builtin.is_some_and(|builtin| builtin.acts) && said.acts == Some(false) {
            return Err(ToolsError(format!("{name} acts; the tools file cannot say otherwise")));
        }
        if let Some(acts) = said.acts {
            declaration.acts = acts;
        }
        if let Some(critical) = &said.critical {
            declaration.critical = Some(critical.clone());
        }
        if let Some(origin) = &said.origin {
            declaration.origin = origin.clone();
        }
        let at = |reason: String| ToolsError(format!("tool {name:?}: {reason}"));
        let form = said.contract.clone().unwrap_or_default();
        let (contract, effect) = form.read().map_err(at)?;
        if builtin.is_some_and(|builtin| builtin.acts) && effect == Some(Effect::Read) {
            return Err(at("it acts; the tools file cannot say otherwise".into()));
        }
        let before = declaration.contract.effect;
        declaration.contract = contract;
        match (effect, said.acts) {
            (Some(effect), Some(acts)) if acts == (effect == Effect::Read) => {
                return Err(at(format!("`acts` and the effect {:?} contradict each other", effect.name())));
            }
            (Some(effect), _) => declaration.acts = effect != Effect::Read,
            (None, Some(false)) => declaration.contract.effect = Effect::Read,
            (None, _) => declaration.contract.effect = before,
        }
        Ok(())
    }
}

fn declaration(name: String, tool: ServerTool, server: &str) -> Declaration {
    Declaration {
        name,
        description: tool.description,
        acts: true,
        critical: None,
        origin: String::new(),
        input_schema: tool.input_schema,
        output_schema: tool.output_schema,
        server: server.into(),
        contract: Default::default(),
    }
}

fn counts(listed: &[Vec<ServerTool>]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for tool in listed.iter().flatten() {
        *counts.entry(identifier(&tool.name)).or_default() += 1;
    }
    counts
}

/// A name that a program can call: `get-sum` is `get_sum`.
fn identifier(name: &str) -> String {
    let mut out: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if out.starts_with(|c: char| c.is_ascii_digit()) || out.is_empty() {
        out.insert(0, '_');
    }
    out
}
