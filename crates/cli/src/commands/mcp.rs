//! `emulant mcp`: an MCP server on stdio, so that an MCP host can run programs here.
//!
//! The client writes the programs, so it can grant nothing: tools, grants and model come
//! from the command line. A call that needs a person waits until one says so with
//! `emulant answer`, unless `--client-approves` hands that right to the client.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_ask::Limits;
use emulant_compile::Holes;
use emulant_gate::SchemaCheck;
use emulant_host::answer::{LazyModel, Nobody, World};
use emulant_host::keep::RunError;
use emulant_host::options::{Approve, RunOptions};
use emulant_host::replay::{self, Said};
use emulant_host::run::{Outcome, RunResult};
use emulant_host::schema::Schemas;
use emulant_host::traceback;
use emulant_host::value::from_foreign;
use emulant_machine::Stream;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler, ServiceExt};
use serde_json::{Map, Value as Json, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most output that one result carries, in bytes.
const OUTPUT_BYTES_MAX: u64 = 1 << 20;

/// What `mcp` is told.
#[derive(Args, Clone)]
#[command(after_help = "Example: emulant mcp --tools tools.json --allow write_file\n\n\
    In an MCP host's file: {\"mcpServers\": {\"emulant\": {\"command\": \"emulant\", \"args\": [\"mcp\"]}}}")]
pub struct Arguments {
    /// Tools that programs may call
    #[arg(long, value_name = "FILE")]
    tools: Option<PathBuf>,
    /// Folder below which the built-in tools see files; without it there are none
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// An acting tool that runs without asking
    #[arg(long, value_name = "TOOL")]
    allow: Vec<String>,
    /// The model that fills holes
    #[arg(long, value_name = "NAME|URL", default_value = "default")]
    model: String,
    /// Let the client answer approvals with `resume`
    #[arg(long)]
    client_approves: bool,
    /// Seconds that a run may take
    #[arg(long, value_name = "S", default_value = "120")]
    limit_seconds: u64,
}

/// Serves until the client closes standard input.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    common::store(state)?;
    let server = Server { arguments, state: state.map(Path::to_path_buf) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Trouble::computer)?;
    runtime.block_on(async {
        let service = server.serve(rmcp::transport::io::stdio()).await.map_err(Trouble::computer)?;
        service.waiting().await.map_err(Trouble::computer)?;
        Ok(0)
    })
}

#[derive(Clone)]
struct Server {
    arguments: Arguments,
    state: Option<PathBuf>,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let about = Implementation::new("emulant", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build()).with_server_info(about)
    }

    async fn list_tools(&self, _: Option<PaginatedRequestParams>, _: RequestContext<RoleServer>) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult { tools: tools(), ..ListToolsResult::default() })
    }

    async fn call_tool(&self, request: CallToolRequestParams, _: RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
        let server = self.clone();
        let arguments = request.arguments.unwrap_or_default();
        if let Some(tool) = tools().iter().find(|tool| tool.name == request.name) {
            let fits = Schemas::default().check(&Json::Object((*tool.input_schema).clone()), &Json::Object(arguments.clone()));
            if let Err(mismatch) = fits {
                return Ok(CallToolResult::error(vec![ContentBlock::text(mismatch.to_string())]).into());
            }
        }
        let work = match request.name.as_ref() {
            "run_program" => tokio::task::spawn_blocking(move || server.run_program(&arguments)),
            "resume" => tokio::task::spawn_blocking(move || server.resume(&arguments)),
            other => return Err(ErrorData::invalid_params(format!("there is no tool {other}"), None)),
        };
        let done = work.await.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        let result = match done {
            Ok(json) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(json.to_string())]);
                result.structured_content = Some(json);
                result
            }
            Err(trouble) => CallToolResult::error(vec![ContentBlock::text(trouble.reason)]),
        };
        Ok(result.into())
    }
}

fn tools() -> Vec<Tool> {
    let object = |json: Json| Arc::new(json.as_object().cloned().unwrap_or_default());
    let run = json!({"type": "object", "required": ["code"], "additionalProperties": false, "properties": {
        "code": {"type": "string", "description": "A Python 3.12 program. It has no files and no network of its own: `from emulant import tools` gives the configured tools, `ask` and `emulate` ask a language model."},
        "inputs": {"type": "object", "description": "Values that are predefined as globals, by name."},
        "hole_calls": {"type": "boolean", "description": "Also ask the model for calls of functions that are defined nowhere."},
    }});
    let resume = json!({"type": "object", "required": ["run"], "additionalProperties": false, "properties": {
        "run": {"type": "string", "description": "Id of a run that waits, or was interrupted."},
        "seq": {"type": "integer", "minimum": 0, "description": "The entry to answer."},
        "answer": {"description": "The answer, as JSON. Without `seq` and `answer` the run goes on with what was answered elsewhere."},
    }});
    let tool = |name, about, input| Tool::new(name, about, object(input)).with_raw_output_schema(object(outcome()));
    vec![
        tool("run_program", "Runs a Python program in a deterministic machine and gives its output. Each step that leaves the program is checked and recorded.", run),
        tool("resume", "Goes on with a run that waits for an answer.", resume),
    ]
}

/// The schema of what both tools give: a run's report, and what it wrote.
fn outcome() -> Json {
    let count = json!({"type": "integer", "minimum": 0});
    let text = json!({"type": "string"});
    let waiting = json!({"type": "array", "items": {"type": "object", "required": ["seq", "sentence", "in_doubt"], "properties": {
        "seq": count, "sentence": text, "in_doubt": {"type": "boolean"},
    }}});
    json!({"type": "object",
        "required": ["run", "result", "message", "exit_status", "instructions", "asks", "refused", "tokens_in", "tokens_out", "time_ms", "waiting", "output", "errors"],
        "properties": {
            "run": {"type": ["string", "null"], "description": "The run's id."},
            "result": {"enum": ["done", "exit", "raised", "limit", "rejected", "waiting"]},
            "message": {"type": "string", "description": "The exception, the limit, or what it waits for."},
            "exit_status": count, "instructions": count,
            "asks": {"type": "object", "additionalProperties": count, "description": "Steps that left the program, by kind."},
            "refused": count, "tokens_in": count, "tokens_out": count, "time_ms": count,
            "waiting": waiting,
            "output": {"type": "string", "description": "What it wrote to standard output."},
            "errors": {"type": "string", "description": "What it wrote to standard error, and its traceback."},
        }})
}

impl Server {
    fn run_program(&self, arguments: &Map<String, Json>) -> Result<Json, Trouble> {
        let code = arguments.get("code").and_then(Json::as_str).ok_or_else(|| Trouble::usage("`code` is a text"))?;
        let inputs = match arguments.get("inputs") {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Object(map)) => map.iter().map(|(name, value)| (name.clone(), from_foreign(value))).collect(),
            Some(_) => return Err(Trouble::usage("`inputs` is an object")),
        };
        let tools_file = self.arguments.tools.as_deref().map(common::absolute).transpose()?;
        let beside = tools_file.as_ref().and_then(|file| file.parent()).map(Path::to_path_buf);
        let options = RunOptions {
            inputs,
            limits: Limits { output_bytes: OUTPUT_BYTES_MAX, ..Limits::default() },
            seconds: Some(self.arguments.limit_seconds),
            holes: Holes { calls: arguments.get("hole_calls") == Some(&Json::Bool(true)), ..Holes::default() },
            allowed: self.arguments.allow.iter().cloned().collect(),
            approve: Approve::Later,
            model: self.arguments.model.clone(),
            root: self.arguments.root.as_deref().map(common::absolute).transpose()?.or(beside),
            tools_file,
            ..RunOptions::new("program.py", code)
        };
        let store = common::store(self.state.as_deref())?;
        told("program.py", &options.clone(), |world| emulant_host::run::run(options, Some(store), world))
    }

    fn resume(&self, arguments: &Map<String, Json>) -> Result<Json, Trouble> {
        let run = arguments.get("run").and_then(Json::as_str).ok_or_else(|| Trouble::usage("`run` is a text"))?;
        let store = common::store(self.state.as_deref())?;
        let id = store.find(run)?;
        let journal = store.journal(&id)?;
        let options = super::answer::options(&journal)?;
        let (seq, answer) = match (arguments.get("seq").and_then(Json::as_u64), arguments.get("answer")) {
            (Some(seq), Some(answer)) => (seq, answer),
            (None, None) => return told(&options.file, &options, |world| replay::resume(store, &id, world)),
            _ => return Err(Trouble::usage("`seq` and `answer` go together")),
        };
        let approval = journal.exchange_at(seq).is_some_and(|exchange| exchange.waits_for().is_some());
        if approval && !self.arguments.client_approves {
            return Err(Trouble::usage(format!("a person must say so: emulant answer {id} {seq} true")));
        }
        let said = Said::Json(answer.clone());
        told(&options.file, &options, |world| replay::answer(store, &id, seq, &said, world))
    }
}

/// Runs with what the options name, nobody at a terminal, and the output kept.
fn told(file: &str, options: &RunOptions, act: impl FnOnce(World<'_>) -> Result<Outcome, RunError>) -> Result<Json, Trouble> {
    let mut tools = common::tools(options)?;
    let mut model = LazyModel::new(options.model.clone(), |_| {});
    let (mut output, mut errors) = (String::new(), String::new());
    let mut sink = |stream: Stream, text: &str| match stream {
        Stream::Out => output.push_str(text),
        Stream::Err => errors.push_str(text),
    };
    let outcome = act(World { tools: &mut tools, model: &mut model, person: &mut Nobody, sink: &mut sink })?;
    match &outcome.result {
        RunResult::Raised(uncaught) => errors.push_str(&traceback::text(uncaught)),
        RunResult::Rejected(error) => errors.push_str(&traceback::rejected(file, error)),
        _ => {}
    }
    let mut json = outcome.report.to_json();
    json["output"] = Json::String(output);
    json["errors"] = Json::String(errors);
    Ok(json)
}
