//! MCP servers over stdio. The only place that names `rmcp` and `tokio`.
//!
//! The face outside is blocking; inside, one thread runs all servers, so that
//! they are served whatever the caller does, and also when the caller itself
//! runs in an async runtime. Whatever a server does (refuse, crash, hang, talk
//! nonsense) comes back as an error in one sentence.

use emulant_ask::Value;
use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock, PaginatedRequestParams};
use rmcp::service::{RunningService, ServiceError};
use rmcp::{RoleClient, serve_client};
use serde_json::{Map, Value as Json};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::mpsc as jobs;
use tokio::time::timeout;

use crate::value::{from_foreign, to_foreign};

/// Most tools of one server.
const TOOLS_MAX: usize = 1000;
/// Most pages of a server's list of tools.
const PAGES_MAX: usize = 100;
/// How much of a server's standard error is kept for messages.
const STDERR_BYTES_MAX: usize = 4096;
/// Longest message that is taken over from a server, in characters.
const MESSAGE_MAX: usize = 2000;
/// How long a server may take to start again in the middle of a run, at least.
const START: Duration = Duration::from_secs(30);
/// How long a server may take to end by itself.
const STOP: Duration = Duration::from_secs(1);
/// What a server gets of our environment besides its own `env`: enough to find
/// programs and the user's folders, no keys.
const INHERITED: [&str; 12] = [
    "HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "USER", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
];

/// How a server is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// Its name in the tools file.
    pub name: String,
    /// The program.
    pub command: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables that it gets besides the few that all servers inherit.
    pub env: Vec<(String, String)>,
    /// The folder that it runs in; ours if there is none.
    pub cwd: Option<PathBuf>,
}

/// A tool as its server tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServerTool {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) input_schema: Json,
    pub(crate) output_schema: Option<Json>,
}

/// The servers of one tools file. Dropping it stops them.
pub(crate) struct Servers {
    jobs: Option<jobs::UnboundedSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

enum Job {
    List(Duration, mpsc::Sender<Vec<Result<Vec<ServerTool>, String>>>),
    Call(Request, Duration, mpsc::Sender<Result<Value, String>>),
}

struct Request {
    server: usize,
    tool: String,
    arguments: Map<String, Json>,
    /// Whether text that is JSON stands for the JSON.
    decodes_text: bool,
}

impl Servers {
    pub(crate) fn new(configs: Vec<ServerConfig>) -> Result<Servers, String> {
        let (sender, receiver) = jobs::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no runtime for tool servers: {error}"))?;
        let work = move || runtime.block_on(work(configs, receiver));
        let thread = std::thread::Builder::new().name("mcp".into()).spawn(work);
        let thread = thread.map_err(|error| format!("no thread for tool servers: {error}"))?;
        Ok(Servers { jobs: Some(sender), thread: Some(thread) })
    }

    /// The tools of each server, in the order of the configurations. Starts
    /// those that do not run.
    pub(crate) fn list(&self, limit: Duration) -> Result<Vec<Result<Vec<ServerTool>, String>>, String> {
        self.send(|reply| Job::List(limit, reply))
    }

    /// Calls a tool. A server that crashed or was ended starts anew; a call that
    /// was sent is never sent twice.
    pub(crate) fn call(
        &self,
        server: usize,
        tool: &str,
        arguments: &[(String, Value)],
        decodes_text: bool,
        limit: Duration,
    ) -> Result<Value, String> {
        let convert = |(name, value): &(String, Value)| match to_foreign(value) {
            Ok(json) => Ok((name.clone(), json)),
            Err(reason) => Err(format!("$.{name}: {reason}")),
        };
        let arguments = arguments.iter().map(convert).collect::<Result<_, _>>()?;
        let request = Request { server, tool: tool.into(), arguments, decodes_text };
        self.send(|reply| Job::Call(request, limit, reply))?
    }

    fn send<T>(&self, job: impl FnOnce(mpsc::Sender<T>) -> Job) -> Result<T, String> {
        let gone = || "the thread of the tool servers has ended".to_string();
        let (reply, answer) = mpsc::channel();
        self.jobs.as_ref().ok_or_else(gone)?.send(job(reply)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has already been reported; there is nothing to save.
            let _ = thread.join();
        }
    }
}

async fn work(configs: Vec<ServerConfig>, mut jobs: jobs::UnboundedReceiver<Job>) {
    let mut servers: Vec<Server> = configs.into_iter().map(|config| Server { config, connection: None }).collect();
    while let Some(job) = jobs.recv().await {
        // Whoever asked may have given up; that is no reason to end.
        match job {
            Job::List(limit, reply) => drop(reply.send(list_all(&mut servers, limit).await)),
            Job::Call(request, limit, reply) => {
                let answer = match servers.get_mut(request.server) {
                    Some(server) => server.call(request, limit).await,
                    None => Err("there is no such server".into()),
                };
                drop(reply.send(answer));
            }
        }
    }
    for server in servers {
        server.stop().await;
    }
}

/// All servers start at once: each takes its time, mostly waiting.
async fn list_all(servers: &mut Vec<Server>, limit: Duration) -> Vec<Result<Vec<ServerTool>, String>> {
    let tasks: Vec<_> = servers
        .drain(..)
        .map(|mut server| {
            tokio::spawn(async move {
                let listed = server.list(limit).await;
                (server, listed)
            })
        })
        .collect();
    let mut listed = Vec::new();
    for task in tasks {
        match task.await {
            Ok((server, tools)) => {
                servers.push(server);
                listed.push(tools);
            }
            Err(error) => listed.push(Err(format!("its task ended: {error}"))),
        }
    }
    listed
}

struct Server {
    config: ServerConfig,
    connection: Option<Connection>,
}

struct Connection {
    service: RunningService<RoleClient, ()>,
    process: Process,
}

impl Server {
    async fn list(&mut self, limit: Duration) -> Result<Vec<ServerTool>, String> {
        let outcome = match timeout(limit, self.list_slowly()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("it did not tell its tools within {}", seconds(limit))),
        };
        if outcome.is_err() {
            self.connection = None;
        }
        outcome
    }

    async fn list_slowly(&mut self) -> Result<Vec<ServerTool>, String> {
        let connection = self.connected().await?;
        let mut tools = Vec::new();
        let mut cursor = None;
        for _ in 0..PAGES_MAX {
            let page = PaginatedRequestParams::default().with_cursor(cursor);
            let page = match connection.service.peer().list_tools(Some(page)).await {
                Ok(page) => page,
                Err(error) => return Err(connection.why(error).await),
            };
            tools.extend(page.tools.into_iter().map(server_tool));
            if tools.len() > TOOLS_MAX {
                return Err(format!("it has more than {TOOLS_MAX} tools"));
            }
            match page.next_cursor {
                Some(next) => cursor = Some(next),
                None => return Ok(tools),
            }
        }
        Err(format!("its list of tools has more than {PAGES_MAX} pages"))
    }

    async fn call(&mut self, request: Request, limit: Duration) -> Result<Value, String> {
        // A server that has to start anew takes its time for that, not the call's.
        let start = limit.max(START);
        let connection = match timeout(start, self.connected()).await {
            Ok(connection) => connection?,
            Err(_) => return Err(format!("it did not start within {}", seconds(start))),
        };
        let params = CallToolRequestParams::new(request.tool).with_arguments(request.arguments);
        let reason = match timeout(limit, connection.service.call_tool(params)).await {
            Ok(Ok(result)) => return typed(result, request.decodes_text),
            // A refusal; the server is well.
            Ok(Err(ServiceError::McpError(error))) => return Err(cut(&error.message)),
            Ok(Err(error)) => connection.why(error).await,
            Err(_) => format!("it did not answer within {} and was ended; what it did until then is not known", seconds(limit)),
        };
        self.connection = None;
        Err(reason)
    }

    /// The connection that there is, or a new one.
    async fn connected(&mut self) -> Result<&Connection, String> {
        if self.connection.as_ref().is_some_and(|connection| connection.service.is_closed()) {
            self.connection = None;
        }
        if self.connection.is_none() {
            self.connection = Some(connect(&self.config).await?);
        }
        self.connection.as_ref().ok_or_else(|| "it is not connected".into())
    }

    async fn stop(self) {
        let Some(Connection { service, mut process }) = self.connection else { return };
        // Closing its standard input asks the server to end; dropping the process makes it.
        let _ = timeout(STOP, service.cancel()).await;
        let _ = timeout(STOP, process.child.wait()).await;
    }
}

impl Connection {
    /// Why the connection failed, with what the server had to say about it.
    async fn why(&self, error: ServiceError) -> String {
        if let ServiceError::McpError(error) = error {
            return cut(&error.message);
        }
        // The last words come through another pipe; give them a moment.
        tokio::time::sleep(Duration::from_millis(100)).await;
        match error {
            ServiceError::TransportClosed | ServiceError::TransportSend(_) | ServiceError::Cancelled { .. } => {
                format!("it ended before it answered{}", self.process.last_words())
            }
            other => format!("{}{}", cut(&other.to_string()), self.process.last_words()),
        }
    }
}

async fn connect(config: &ServerConfig) -> Result<Connection, String> {
    let mut command = Command::new(&config.command);
    command.args(&config.args).env_clear();
    command.envs(INHERITED.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.envs(config.env.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own: a launcher like npx is ended together with what it launched.
    command.process_group(0).kill_on_drop(true);
    if let Some(folder) = &config.cwd {
        command.current_dir(folder);
    }
    let mut child = command.spawn().map_err(|error| format!("{} does not start: {error}", config.command))?;
    let pipes = (child.stdout.take(), child.stdin.take(), child.stderr.take());
    let process = Process { group: child.id(), child, stderr: Arc::default() };
    let (Some(stdout), Some(stdin), Some(stderr)) = pipes else { return Err("it has no pipes".into()) };
    tokio::spawn(keep_tail(stderr, process.stderr.clone()));
    match serve_client((), (stdout, stdin)).await {
        Ok(service) => Ok(Connection { service, process }),
        Err(error) => {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Err(format!("it does not speak MCP: {}{}", cut(&error.to_string()), process.last_words()))
        }
    }
}

/// A server's process; dropping it ends the whole group.
struct Process {
    child: Child,
    group: Option<u32>,
    stderr: Arc<Mutex<Vec<u8>>>,
}

impl Process {
    /// The end of its standard error, as the tail of a sentence.
    fn last_words(&self) -> String {
        let bytes = self.stderr.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes);
        let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
        line.map(|line| format!(": {}", cut(line))).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let group = self.group.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        if let Some(group) = group {
            // It fails only when the whole group has ended already.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

async fn keep_tail(mut stderr: ChildStderr, tail: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(&buffer[..count]);
        let excess = tail.len().saturating_sub(STDERR_BYTES_MAX);
        tail.drain(..excess);
    }
}

fn server_tool(tool: rmcp::model::Tool) -> ServerTool {
    ServerTool {
        name: tool.name.into_owned(),
        description: tool.description.map(|text| cut(&text)).unwrap_or_default(),
        input_schema: Json::Object((*tool.input_schema).clone()),
        output_schema: tool.output_schema.map(|schema| Json::Object((*schema).clone())),
    }
}

/// Structured content if there is any; else the one text, as JSON if the tool
/// promised a schema; else all parts as a list.
fn typed(result: CallToolResult, decodes_text: bool) -> Result<Value, String> {
    if result.is_error == Some(true) {
        let texts: Vec<String> = result.content.iter().filter_map(text_of).map(String::from).collect();
        let message = if texts.is_empty() { "it reported an error without a message".into() } else { texts.join("\n") };
        return Err(cut(&message));
    }
    if let Some(structured) = result.structured_content {
        return Ok(from_foreign(&structured));
    }
    let part = |block: &ContentBlock| match text_of(block) {
        Some(text) => match serde_json::from_str(text) {
            Ok(json) if decodes_text => from_foreign(&json),
            _ => Value::str(text),
        },
        None => from_foreign(&serde_json::to_value(block).unwrap_or_default()),
    };
    let mut parts: Vec<Value> = result.content.iter().map(part).collect();
    Ok(match parts.len() {
        0 => Value::None,
        1 => parts.remove(0),
        _ => Value::List(parts),
    })
}

fn text_of(block: &ContentBlock) -> Option<&str> {
    match block {
        ContentBlock::Text(text) => Some(&text.text),
        _ => None,
    }
}

fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MESSAGE_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into(),
    }
}
