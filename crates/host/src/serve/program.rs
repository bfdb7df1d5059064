//! A program that is itself a server of MCP (`emulant.server`). This carries requests to it and what it
//! says back; what it offers, and what it answers, is its own affair. All clients share one run of it.

use super::front::Front;
use super::gateway::session_limits;
use super::{Offer, Refusal};
use crate::answer::{LazyModel, Nobody, World};
use crate::options::{Approve, RunOptions};
use crate::tools::ToolBox;
use crate::value::from_foreign;
use emulant_ask::Value;
use emulant_machine::Stream;
use rmcp::model::*;
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, MutexGuard};

/// How long an answer to a question is taken.
const STATE_TTL: Duration = Duration::from_secs(86_400);

/// A request, or the client's answer in the middle of one, and where the program's lines go.
type Message = (Json, UnboundedSender<Json>);

/// The face of a program to clients.
#[derive(Clone)]
pub(super) struct Program {
    /// One request at a time: the program is one.
    to_program: Arc<Mutex<Sender<Message>>>,
    about: Json,
    seal: RequestStateCodec,
}

impl Program {
    pub(super) fn new(offer: Offer) -> Result<Program, Refusal> {
        let seal = RequestStateCodec::try_new(offer.secret()?).map_err(|error| error.to_string())?;
        let (to_program, messages) = channel();
        let work = move || run(&offer, messages);
        std::thread::Builder::new().name("program".into()).spawn(work).map_err(|error| error.to_string())?;
        let (lines, mut said) = unbounded_channel();
        let describe = json!({"method": "describe", "params": {}, "client": {}});
        to_program.send((describe, lines)).map_err(|_| "the program ended at once")?;
        let about = said.blocking_recv().ok_or("the program ended before it said what it offers: it ends with `server.run()`")?;
        match about.get("result") {
            Some(about) => Ok(Program { about: about.clone(), to_program: Arc::new(Mutex::new(to_program)), seal }),
            None => Err(about["error"].to_string()),
        }
    }

    /// What the program answers to a request.
    async fn ask<T: DeserializeOwned>(&self, method: &str, params: impl serde::Serialize, context: &RequestContext<RoleServer>) -> Result<T, ErrorData> {
        let bad = |error: serde_json::Error| ErrorData::internal_error(error.to_string(), None);
        let mut params = serde_json::to_value(params).map_err(bad)?;
        if !params.is_object() {
            params = json!({});
        }
        params["_meta"] = serde_json::to_value(&context.meta).map_err(bad)?;
        let bound = format!("{method}\0{}{}", params["name"], params["uri"]);
        if let Some(state) = params.get("requestState").and_then(Json::as_str) {
            let opened = self.seal.open_with(state, bound.as_bytes()).map_err(|error| ErrorData::invalid_params(error.to_string(), None))?;
            params["requestState"] = Json::String(String::from_utf8_lossy(&opened).into_owned());
        }
        let client = json!({"protocol": context.protocol_version().map(|version| version.to_string()), "capabilities": context.client_capabilities()});
        let to_program = self.to_program.lock().await;
        let (lines, said) = unbounded_channel();
        let mut result = exchange(&to_program, json!({"method": method, "params": params, "client": client}), lines, said, context).await?;
        if let Some(state) = result.get("requestState").and_then(Json::as_str) {
            let sealed = self.seal.seal_with(state.as_bytes(), &SealOptions::new().associated_data(bound.as_bytes()).ttl(STATE_TTL));
            result["requestState"] = Json::String(sealed);
        }
        let is_new = context.protocol_version().is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
        if is_new && result.is_object() && result.get("resultType").is_none() {
            result["resultType"] = "complete".into();
        }
        serde_json::from_value(result).map_err(|error| ErrorData::internal_error(format!("the program's answer to {method} is none: {error}"), None))
    }
}

/// Sends a request and passes on what the program says until its answer comes.
async fn exchange(
    to_program: &MutexGuard<'_, Sender<Message>>,
    request: Json,
    lines: UnboundedSender<Json>,
    mut said: UnboundedReceiver<Json>,
    context: &RequestContext<RoleServer>,
) -> Result<Json, ErrorData> {
    let gone = || ErrorData::internal_error("the program has ended", None);
    to_program.send((request, lines.clone())).map_err(|_| gone())?;
    loop {
        let mut line = tokio::select! {
            line = said.recv() => line.ok_or_else(gone)?,
            // The thread may have ended without a word.
            () = tokio::time::sleep(Duration::from_secs(300)) => return Err(gone()),
        };
        if let Some(error) = line.get("error") {
            let (code, message) = (error["code"].as_i64().and_then(|code| i32::try_from(code).ok()).unwrap_or(-32603), error["message"].as_str().unwrap_or_default());
            return Err(ErrorData::new(ErrorCode(code), message.to_string(), error.get("data").filter(|data| !data.is_null()).cloned()));
        }
        if line.get("result").is_some() {
            return Ok(line["result"].take());
        }
        if let Ok(notification) = serde_json::from_value::<ServerNotification>(line["notify"].take()) {
            // A client that has left hears nothing.
            let _ = context.peer.send_notification(notification).await;
            continue;
        }
        let response = match serde_json::from_value::<ServerRequest>(line["ask"].take()) {
            Ok(request) => context.peer.send_request(request).await.map_err(|error| error.to_string()),
            Err(error) => Err(format!("this cannot be asked: {error}")),
        };
        let answer = match response {
            Ok(response) => json!({"response": response}),
            Err(error) => json!({"error": error}),
        };
        to_program.send((answer, lines.clone())).map_err(|_| gone())?;
    }
}

/// The program's thread.
fn run(offer: &Offer, messages: Receiver<Message>) {
    let reply: RefCell<Option<UnboundedSender<Json>>> = RefCell::new(None);
    let take = || -> Option<Value> {
        let (json, lines) = messages.recv().ok()?;
        *reply.borrow_mut() = Some(lines);
        Some(from_foreign(&json))
    };
    let say = |json: Json| {
        if let Some(lines) = reply.borrow().as_ref() {
            // The client may have gone.
            let _ = lines.send(json);
        }
    };
    let mut line = String::new();
    let mut sink = |stream: Stream, text: &str| {
        if stream == Stream::Err {
            return;
        }
        line.push_str(text);
        while let Some((whole, rest)) = line.split_once('\n') {
            say(serde_json::from_str(whole).unwrap_or_default());
            line = rest.to_string();
        }
    };
    let failed = |message: String| json!({"error": {"code": -32603, "message": message}});
    let (file, text) = offer.program.clone().unwrap_or_default();
    let options = RunOptions { limits: session_limits(), approve: Approve::Never, ..offer.options(&file, &text) };
    let tools = match ToolBox::of(&options) {
        Ok(tools) => tools,
        Err(error) => return refuse(&messages, &error.0),
    };
    let mut front = Front::new(offer, tools, &take);
    let mut model = LazyModel::new(options.model.clone(), |_| {});
    let world = World { tools: &mut front, model: &mut model, person: &mut Nobody, sink: &mut sink };
    let outcome = offer.store().map_err(crate::keep::RunError::Usage).and_then(|store| crate::run::run(options, Some(store), world));
    let reason = match outcome {
        Ok(outcome) => format!("the program ended: {} {}", outcome.result.name(), outcome.report.message),
        Err(error) => error.to_string(),
    };
    say(failed(reason.clone()));
    refuse(&messages, &reason);
}

/// Answers whatever comes with the reason why there is no program.
fn refuse(messages: &Receiver<Message>, reason: &str) {
    for (_, lines) in messages {
        let _ = lines.send(json!({"error": {"code": -32603, "message": reason}}));
    }
}

impl ServerHandler for Program {
    async fn discover(&self, _: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let mut about = self.get_info();
        // Subscriptions of that revision are streams of changes, which a program does not send.
        if let Some(resources) = &mut about.capabilities.resources {
            resources.subscribe = None;
        }
        Ok(DiscoverResult::from_server_info(self.supported_protocol_versions().into_owned(), about))
    }

    #[allow(deprecated)] // Clients before 2026-07-28 hear logs.
    fn get_info(&self) -> ServerConfig {
        let about = Implementation::new("emulant", env!("CARGO_PKG_VERSION"));
        let mut can = ServerCapabilities::builder().enable_tools().enable_logging().build();
        if self.about["resources"] == true {
            let mut resources = ResourcesCapability::default();
            resources.subscribe = Some(true);
            can.resources = Some(resources);
        }
        if self.about["prompts"] == true {
            can.prompts = Some(PromptsCapability::default());
        }
        if self.about["completions"] == true {
            can.completions = Some(JsonObject::default());
        }
        ServerConfig::new(can).with_server_info(about)
    }

    async fn list_tools(&self, request: Option<PaginatedRequestParams>, context: RequestContext<RoleServer>) -> Result<ListToolsResult, ErrorData> {
        self.ask("tools/list", request, &context).await
    }

    async fn call_tool(&self, request: CallToolRequestParams, context: RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
        let result: Json = self.ask("tools/call", request, &context).await?;
        answered::<CallToolResult, _>(result)
    }

    async fn list_resources(&self, request: Option<PaginatedRequestParams>, context: RequestContext<RoleServer>) -> Result<ListResourcesResult, ErrorData> {
        self.ask("resources/list", request, &context).await
    }

    async fn list_resource_templates(&self, request: Option<PaginatedRequestParams>, context: RequestContext<RoleServer>) -> Result<ListResourceTemplatesResult, ErrorData> {
        self.ask("resources/templates/list", request, &context).await
    }

    async fn read_resource(&self, request: ReadResourceRequestParams, context: RequestContext<RoleServer>) -> Result<ReadResourceResponse, ErrorData> {
        let result: Json = self.ask("resources/read", request, &context).await?;
        answered::<ReadResourceResult, _>(result)
    }

    #[allow(deprecated)] // Clients before 2026-07-28 subscribe so.
    async fn subscribe(&self, request: SubscribeRequestParams, context: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        self.ask::<Json>("resources/subscribe", request, &context).await.map(|_| ())
    }

    #[allow(deprecated)]
    async fn unsubscribe(&self, request: UnsubscribeRequestParams, context: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        self.ask::<Json>("resources/unsubscribe", request, &context).await.map(|_| ())
    }

    async fn list_prompts(&self, request: Option<PaginatedRequestParams>, context: RequestContext<RoleServer>) -> Result<ListPromptsResult, ErrorData> {
        self.ask("prompts/list", request, &context).await
    }

    async fn get_prompt(&self, request: GetPromptRequestParams, context: RequestContext<RoleServer>) -> Result<GetPromptResponse, ErrorData> {
        let result: Json = self.ask("prompts/get", request, &context).await?;
        answered::<GetPromptResult, _>(result)
    }

    async fn complete(&self, request: CompleteRequestParams, context: RequestContext<RoleServer>) -> Result<CompleteResult, ErrorData> {
        self.ask("completion/complete", request, &context).await
    }

    #[allow(deprecated)] // Clients before 2026-07-28 set the level so.
    async fn set_level(&self, request: SetLevelRequestParams, context: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        self.ask::<Json>("logging/setLevel", request, &context).await.map(|_| ())
    }
}

/// A whole result, or a question.
fn answered<T: DeserializeOwned + Into<R>, R: From<InputRequiredResult>>(result: Json) -> Result<R, ErrorData> {
    let bad = |error: serde_json::Error| ErrorData::internal_error(format!("the program's answer is none: {error}"), None);
    match result["resultType"] == "input_required" {
        true => serde_json::from_value::<InputRequiredResult>(result).map(R::from).map_err(bad),
        false => serde_json::from_value::<T>(result).map(Into::into).map_err(bad),
    }
}
