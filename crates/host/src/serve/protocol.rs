//! The face to MCP clients, over whatever carries it. It speaks all revisions that `rmcp` knows, up to
//! 2026-07-28, where a question for a person is an `input_required` result with a sealed state; before,
//! it is an elicitation, where the client has that, and else an answer that says how to go on.

use super::gateway::{self, Heard, Session};
use super::program::Program;
use super::{Offer, Question, Refusal};
use crate::options::RunOptions;
use crate::schema::Schemas;
use emulant_gate::{Declaration, SchemaCheck};
use emulant_journal::sha256;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientResult, ContentBlock, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema,
    Implementation, InitializeRequestParams, InitializeResult, InputRequest, InputRequiredResult, InputRequests, ListToolsResult, PaginatedRequestParams, ProtocolVersion, RequestStateCodec, SealOptions, ServerCapabilities,
    ServerConfig, ServerRequest, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler, ServiceExt};
use serde_json::{Map, Value as Json, json};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// How long an answer to a question is taken.
const STATE_TTL: Duration = Duration::from_secs(86_400);
/// The key of our one question in an `input_required` result.
const QUESTION: &str = "answer";
/// Names that are ours.
const OWN: [&str; 3] = ["run_program", "resume", "journal"];

/// Serves one client on standard input and output, until it closes them.
///
/// # Errors
/// When the client does not speak MCP.
pub fn stdio(offer: Offer) -> Result<(), Refusal> {
    match offer.program {
        Some(_) => over_stdio(Program::new(offer)?),
        None => over_stdio(Handler::new(offer)?),
    }
}

fn over_stdio(handler: impl ServerHandler) -> Result<(), Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let service = handler.serve(rmcp::transport::io::stdio()).await.map_err(|error| error.to_string())?;
        service.waiting().await.map(|_| ()).map_err(|error| error.to_string())
    })
}

/// The gateway's session of one client, begun with its first use.
type Slot = Arc<Mutex<Option<Session>>>;

/// One client's face.
#[derive(Clone)]
pub(super) struct Handler {
    offer: Arc<Offer>,
    /// The session of all clients that have none of their own: those that send no `initialize`.
    shared: Slot,
    /// The session of a client that sent one.
    own: OnceLock<Slot>,
    seal: RequestStateCodec,
}

/// What a call came to, before it is put into the words of the client's revision.
enum Outcome {
    /// A run's report.
    Report(Json),
    /// A gateway's call.
    Heard(Heard),
}

impl Handler {
    pub(super) fn new(offer: Offer) -> Result<Handler, Refusal> {
        let seal = RequestStateCodec::try_new(offer.secret()?).map_err(|error| error.to_string())?;
        Ok(Handler { offer: Arc::new(offer), shared: Slot::default(), own: OnceLock::new(), seal })
    }

    fn slot(&self) -> MutexGuard<'_, Option<Session>> {
        self.own.get().unwrap_or(&self.shared).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `act` with the session, which is begun if there is none.
    fn with_session<T>(&self, act: impl FnOnce(&Session) -> T) -> Result<T, Refusal> {
        let mut slot = self.slot();
        let session = match slot.take() {
            Some(session) => session,
            None => Session::begin(&self.offer)?,
        };
        let done = act(&session);
        *slot = Some(session);
        Ok(done)
    }

    fn declared(&self) -> Result<Vec<Declaration>, Refusal> {
        match self.offer.tools_file {
            Some(_) => self.with_session(|session| session.tools().to_vec()),
            None => Ok(Vec::new()),
        }
    }

    fn gateway_call(&self, tool: &str, arguments: &Map<String, Json>) -> Result<Heard, Refusal> {
        // A session that has ended, of its own or in another process, is followed by a new one.
        for _ in 0..2 {
            match self.with_session(|session| session.call(tool, arguments.clone()))? {
                Some(heard) => return Ok(heard),
                None => *self.slot() = None,
            }
        }
        Err("the session ended at once".into())
    }

    /// Answers what a run waits for; the run of the gateway's session is in the session's hands.
    fn settle(&self, run: &str, answer: Option<(u64, Json)>) -> Result<Outcome, Refusal> {
        let (_, id, journal) = self.offer.own(run)?;
        let options = journal.run().map(|run| RunOptions::of_run(run).0);
        if !options.as_ref().is_some_and(gateway::is_session) {
            return match answer {
                Some((seq, answer)) => self.offer.settle(&id, seq, answer),
                None => self.offer.resume(&Map::from_iter([("run".to_string(), Json::from(id))])),
            }
            .map(Outcome::Report);
        }
        let waiting = journal.exchanges().iter().flat_map(|exchange| exchange.approvals.last()).next_back().map(|approval| approval.seq);
        if let Some(heard) = waiting.and_then(|seq| gateway::settled_elsewhere(&self.offer, &id, seq)) {
            // The session in this process may still wait for what is settled now.
            *self.slot() = None;
            return Ok(Outcome::Heard(heard));
        }
        let heard = self.with_session(|session| session.settle(answer))?;
        Ok(Outcome::Heard(heard.unwrap_or_else(|| Heard::Error("the session has ended".into()))))
    }

    /// One of our own tools, or one behind us. The arguments fit the tool's schema.
    fn perform(&self, tool: &str, arguments: &Map<String, Json>) -> Result<Outcome, Refusal> {
        match tool {
            "run_program" => self.offer.run_program(arguments).map(Outcome::Report),
            "journal" => self.offer.journal(arguments).map(Outcome::Report),
            "resume" => {
                let run = arguments.get("run").and_then(Json::as_str).unwrap_or_default();
                let (_, id, journal) = self.offer.own(run)?;
                let answer = match (arguments.get("seq").and_then(Json::as_u64), arguments.get("answer")) {
                    (Some(seq), Some(answer)) => {
                        self.offer.may_say(&journal, &id, seq, answer)?;
                        Some((seq, answer.clone()))
                    }
                    (None, None) => None,
                    _ => return Err("`seq` and `answer` go together".into()),
                };
                match self.settle(&id, answer)? {
                    // The tool's own result, in the form that `resume` promises.
                    Outcome::Heard(heard) => Ok(Outcome::Report(as_report(&id, heard))),
                    report => Ok(report),
                }
            }
            _ => self.gateway_call(tool, arguments).map(Outcome::Heard),
        }
    }

    fn question(&self, outcome: &Outcome) -> Option<Question> {
        match outcome {
            Outcome::Report(report) => self.offer.question(report),
            Outcome::Heard(Heard::Waits { run, seq, sentence }) => Some(Question { run: run.clone(), seq: *seq, sentence: sentence.clone(), yes_or_no: true }),
            Outcome::Heard(_) => None,
        }
    }

    /// What a sealed state is bound to: this very call.
    fn bound_to(&self, request: &CallToolRequestParams) -> Vec<u8> {
        let arguments = emulant_ask::canonical(&json!(request.arguments));
        let digest = sha256(arguments.as_bytes());
        [self.offer.client.as_bytes(), b"\0", request.name.as_bytes(), b"\0", &digest].concat()
    }

    fn sealed(&self, question: &Question, request: &CallToolRequestParams) -> InputRequiredResult {
        let state = json!({"run": question.run, "seq": question.seq, "yes_or_no": question.yes_or_no}).to_string();
        let bound = self.bound_to(request);
        let state = self.seal.seal_with(state.as_bytes(), &SealOptions::new().associated_data(&bound).ttl(STATE_TTL));
        let requests = InputRequests::from([(QUESTION.to_string(), InputRequest::Elicitation(ElicitRequest::new(form(question))))]);
        InputRequiredResult::new(Some(requests), Some(state))
    }

    /// Goes on with a call that was answered with a question before. Says too whether there was an answer: without one
    /// the client is not asked again.
    fn take_up(&self, request: &CallToolRequestParams, state: &str) -> Result<(Outcome, bool), Refusal> {
        let opened = self.seal.open_with(state, &self.bound_to(request)).map_err(|error| format!("`requestState`: {error}"))?;
        let state: Json = serde_json::from_slice(&opened).map_err(|error| error.to_string())?;
        let (run, seq) = (state["run"].as_str().unwrap_or_default(), state["seq"].as_u64().unwrap_or_default());
        let response = request.input_responses.as_ref().and_then(|responses| responses.get(QUESTION)).cloned().unwrap_or_default();
        let answer = serde_json::from_value::<ElicitResult>(response).ok().and_then(|result| answer_of(&result, state["yes_or_no"] == true));
        let answered = answer.is_some();
        // Without an answer it is looked whether somebody else gave one.
        let mut outcome = self.settle(run, answer.map(|answer| (seq, answer)))?;
        if let Outcome::Report(report) = &mut outcome {
            // The client has seen nothing of what the run wrote before it asked.
            if let Some(output) = self.offer.whole_output(run) {
                report["output"] = Json::String(output);
            }
        }
        Ok((outcome, answered))
    }

    /// A result for the client; a question goes to its person, as its revision does that.
    async fn conclude(&self, (mut outcome, asks): (Outcome, bool), request: &CallToolRequestParams, tool: &Tool, context: &RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
        let elicits = context.client_capabilities().and_then(|capabilities| capabilities.elicitation).is_some_and(|has| has.form.is_some() || has.url.is_none());
        let is_new = context.protocol_version().is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
        while let (true, Some(question)) = (elicits && asks, self.question(&outcome)) {
            if is_new {
                return Ok(self.sealed(&question, request).into());
            }
            let Some(answer) = ask(&question, context).await else { break };
            let handler = self.clone();
            let (run, seq) = (question.run.clone(), question.seq);
            let next = blocking(move || handler.settle(&run, Some((seq, answer)))).await?;
            outcome = match (outcome, next) {
                (_, Err(reason)) => return Ok(refused(&reason)),
                (Outcome::Report(before), Ok(Outcome::Report(mut after))) => {
                    for stream in ["output", "errors"] {
                        after[stream] = Json::from(before[stream].as_str().unwrap_or_default().to_string() + after[stream].as_str().unwrap_or_default());
                    }
                    Outcome::Report(after)
                }
                (_, Ok(after)) => after,
            };
        }
        Ok(result(outcome, tool).into())
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let about = Implementation::new("emulant", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build()).with_server_info(about)
    }

    async fn initialize(&self, request: InitializeRequestParams, context: RequestContext<RoleServer>) -> Result<InitializeResult, ErrorData> {
        self.own.get_or_init(Slot::default);
        context.peer.set_peer_info(request.clone());
        self.negotiate_initialize(&request)
    }

    async fn list_tools(&self, _: Option<PaginatedRequestParams>, _: RequestContext<RoleServer>) -> Result<ListToolsResult, ErrorData> {
        let handler = self.clone();
        let declared = blocking(move || handler.declared()).await?.map_err(|reason| ErrorData::internal_error(reason, None))?;
        Ok(ListToolsResult { tools: own_tools().into_iter().chain(declared.iter().map(offered)).collect(), ..ListToolsResult::default() })
    }

    async fn call_tool(&self, request: CallToolRequestParams, context: RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
        let own = own_tools().into_iter().find(|tool| tool.name == request.name);
        let handler = self.clone();
        let behind = move || handler.declared();
        let tool = match own {
            Some(tool) => tool,
            None => match blocking(behind).await? {
                Ok(declared) => declared.iter().map(offered).find(|tool| tool.name == request.name).ok_or_else(|| no_tool(&request.name))?,
                Err(reason) => return Ok(refused(&reason)),
            },
        };
        let arguments = request.arguments.clone().unwrap_or_default();
        let schema = Json::Object((*tool.input_schema).clone());
        if let Err(mismatch) = Schemas::default().check(&schema, &Json::Object(arguments.clone())) {
            return Ok(refused(&mismatch.to_string()));
        }
        let (handler, asked) = (self.clone(), request.clone());
        let outcome = blocking(move || match &asked.request_state {
            Some(state) => handler.take_up(&asked, state),
            None => handler.perform(behind_name(&asked.name), &arguments).map(|outcome| (outcome, true)),
        });
        match outcome.await? {
            Ok(outcome) => self.conclude(outcome, &request, &tool, &context).await,
            Err(reason) => Ok(refused(&reason)),
        }
    }
}

/// Runs what blocks beside the protocol.
async fn blocking<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> Result<T, ErrorData> {
    tokio::task::spawn_blocking(act).await.map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

fn no_tool(name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("there is no tool {name}"), None)
}

fn refused(reason: &str) -> CallToolResponse {
    CallToolResult::error(vec![ContentBlock::text(reason)]).into()
}

// ---- questions

/// Asks the client's person; `None` when there is no answer.
async fn ask(question: &Question, context: &RequestContext<RoleServer>) -> Option<Json> {
    let request = ServerRequest::ElicitRequest(ElicitRequest::new(form(question)));
    match context.peer.send_request(request).await {
        Ok(ClientResult::ElicitResult(result)) => answer_of(&result, question.yes_or_no),
        _ => None,
    }
}

/// The form of a question.
fn form(question: &Question) -> ElicitRequestParams {
    let (message, schema) = match question.yes_or_no {
        true => (format!("May this happen? {}", question.sentence), ElicitationSchema::builder().required_bool("yes")),
        false => (if question.sentence.is_empty() { "The program waits for a line of input.".into() } else { question.sentence.clone() }, ElicitationSchema::builder().required_string("line")),
    };
    ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema: schema.build_unchecked() }
}

/// What a person said. A form that is declined is a no where yes or no was asked; one that is closed is no answer.
fn answer_of(result: &ElicitResult, yes_or_no: bool) -> Option<Json> {
    let content = |name: &str| result.content.as_ref()?.get(name).cloned();
    match (&result.action, yes_or_no) {
        (ElicitationAction::Accept, true) => content("yes").filter(Json::is_boolean),
        (ElicitationAction::Accept, false) => content("line").filter(Json::is_string),
        (ElicitationAction::Decline, true) => Some(Json::Bool(false)),
        // Also whatever later revisions know.
        _ => None,
    }
}

// ---- results

fn result(outcome: Outcome, tool: &Tool) -> CallToolResult {
    match outcome {
        Outcome::Report(json) => structured(json),
        Outcome::Heard(Heard::Value(value)) if tool.output_schema.is_some() => structured(value),
        Outcome::Heard(Heard::Value(value)) => CallToolResult::success(blocks(value)),
        Outcome::Heard(Heard::Error(reason)) => CallToolResult::error(vec![ContentBlock::text(reason)]),
        Outcome::Heard(Heard::Waits { run, seq, sentence }) => {
            let text = format!("It waits for a person: {sentence}. A person says so with `emulant answer {run} {seq} true`; then call resume with {{\"run\": \"{run}\"}}.");
            CallToolResult::error(vec![ContentBlock::text(text)])
        }
    }
}

fn structured(json: Json) -> CallToolResult {
    let mut result = CallToolResult::success(vec![ContentBlock::text(json.to_string())]);
    result.structured_content = Some(json);
    result
}

/// The content that a tool's server gave, from what a program saw of it.
fn blocks(value: Json) -> Vec<ContentBlock> {
    let is_block = |item: &Json| ["image", "audio", "resource", "resource_link"].iter().any(|kind| item["type"] == **kind);
    match value {
        Json::Null => Vec::new(),
        Json::String(text) => vec![ContentBlock::text(text)],
        Json::Array(items) if !items.is_empty() && items.iter().all(|item| item.is_string() || is_block(item)) => items.into_iter().flat_map(blocks).collect(),
        block if is_block(&block) => vec![serde_json::from_value(block.clone()).unwrap_or_else(|_| ContentBlock::text(block.to_string()))],
        other => vec![ContentBlock::text(other.to_string())],
    }
}

/// How a gateway's call ended, as the report of a run.
fn as_report(run: &str, heard: Heard) -> Json {
    let report = |result: &str, status: u8, message: String, output: String, waiting: Json| {
        json!({"run": run, "result": result, "message": message, "exit_status": status, "waiting": waiting, "output": output, "errors": ""})
    };
    match heard {
        Heard::Value(Json::String(text)) => report("done", 0, String::new(), text, json!([])),
        Heard::Value(value) => report("done", 0, String::new(), value.to_string(), json!([])),
        Heard::Error(reason) => report("raised", 67, reason, String::new(), json!([])),
        Heard::Waits { seq, sentence, .. } => report("waiting", 75, sentence.clone(), String::new(), json!([{"seq": seq, "sentence": sentence, "in_doubt": false}])),
    }
}

// ---- tools

/// A tool behind us, as clients see it. Its annotations say what the tools file says, not its server.
fn offered(declaration: &Declaration) -> Tool {
    let object = |json: &Json| Arc::new(json.as_object().cloned().unwrap_or_default());
    let name = match OWN.contains(&declaration.name.as_str()) {
        true => format!("tool_{}", declaration.name),
        false => declaration.name.clone(),
    };
    let mut tool = Tool::new(name, declaration.description.clone(), object(&declaration.input_schema));
    tool.output_schema = declaration.output_schema.as_ref().filter(|schema| schema["type"] == "object").map(object);
    tool.annotations = Some(ToolAnnotations::new().read_only(!declaration.acts));
    tool
}

/// The name behind us of a tool that is offered.
fn behind_name(name: &str) -> &str {
    name.strip_prefix("tool_").filter(|name| OWN.contains(name)).unwrap_or(name)
}

fn own_tools() -> Vec<Tool> {
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
    let journal = json!({"type": "object", "additionalProperties": false, "properties": {
        "run": {"type": "string", "description": "Id of a run, or the beginning of it; without it all runs are listed."},
    }});
    let tool = |name, about, input, output| Tool::new(name, about, object(input)).with_raw_output_schema(object(output));
    vec![
        tool("run_program", "Runs a Python program in a deterministic machine and gives its output. Each step that leaves the program is checked and recorded.", run, report_schema()),
        tool("resume", "Goes on with a run, or a call, that waits for an answer.", resume, report_schema()),
        tool("journal", "The record of what was done: the runs of this client, or the entries of one.", journal, json!({"type": "object"})),
    ]
}

/// The schema of a run's report with what it wrote.
fn report_schema() -> Json {
    let count = json!({"type": "integer", "minimum": 0});
    let text = json!({"type": "string"});
    let waiting = json!({"type": "array", "items": {"type": "object", "required": ["seq", "sentence", "in_doubt"], "properties": {
        "seq": count, "sentence": text, "in_doubt": {"type": "boolean"},
    }}});
    json!({"type": "object", "required": ["run", "result", "message", "exit_status", "waiting", "output", "errors"], "properties": {
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
