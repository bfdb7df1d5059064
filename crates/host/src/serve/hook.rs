//! The hook of coding agents that stands before their tool calls: what the agent is about to do on
//! standard input, the gate's word on standard output. The agent acts, not we; the decision is a run
//! of one call in the journal.

use super::{Offer, Refusal};
use crate::answer::{Nobody, NoModel, Tools, World};
use crate::manifest::Manifest;
use crate::options::RunOptions;
use crate::run::RunResult;
use crate::schema::Schemas;
use crate::tools::ToolsFile;
use crate::value::from_foreign;
use emulant_ask::{Answer, Call, Value};
use emulant_gate::{Declaration, SchemaCheck};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

/// The program of a decision.
const PROGRAM: &str = "from emulant import tools\ngetattr(tools, tool)(**arguments)\n";
/// Its file name in journals.
const FILE: &str = "<hook>";

/// What the agent says. Other keys are its own affair.
#[derive(Deserialize)]
struct Said {
    hook_event_name: String,
    tool_name: String,
    #[serde(default)]
    tool_input: Map<String, Json>,
}

/// Judges the call that `text` tells of, and gives the answer for the agent: allow, deny or ask, with a reason.
///
/// # Errors
/// When the text says no such thing, or it cannot be judged; the call must not happen then.
pub fn pre_tool_use(text: &str, offer: &Offer) -> Result<Json, Refusal> {
    let said: Said = serde_json::from_str(text).map_err(|error| format!("this is no hook's input: {error}"))?;
    if said.hook_event_name != "PreToolUse" {
        return Err(format!("this hook is for PreToolUse, not for {}", said.hook_event_name));
    }
    let file = match &offer.tools_file {
        Some(path) => ToolsFile::read(path).map_err(|error| error.0)?,
        None => ToolsFile::default(),
    };
    let declaration = file.of_agent(&said.tool_name).map_err(|error| error.0)?;
    let mut tools = Judged { declaration, manifest: file.manifest().clone(), schemas: Schemas::default() };
    let options = RunOptions {
        inputs: vec![("tool".into(), Value::str(&said.tool_name)), ("arguments".into(), from_foreign(&Json::Object(said.tool_input)))],
        ..offer.options(FILE, PROGRAM)
    };
    let world = World { tools: &mut tools, model: &mut NoModel, person: &mut Nobody, sink: &mut |_, _| {} };
    let outcome = crate::run::run(options, Some(offer.store()?), world).map_err(|error| error.to_string())?;
    let run = outcome.run.unwrap_or_default();
    let (word, reason) = match &outcome.result {
        RunResult::Done { .. } => ("allow", "it passed the gate".to_string()),
        RunResult::Waiting(waiting) => ("ask", waiting.iter().map(|one| one.sentence.clone()).collect::<Vec<_>>().join("; ")),
        RunResult::Raised(uncaught) => ("deny", uncaught.message.clone()),
        other => ("deny", other.message()),
    };
    Ok(json!({"hookSpecificOutput": {
        "hookEventName": "PreToolUse", "permissionDecision": word, "permissionDecisionReason": format!("{reason} (emulant run {run})"),
    }}))
}

/// The one tool of a decision. Calling it does nothing: the agent does.
struct Judged {
    declaration: Declaration,
    manifest: Manifest,
    schemas: Schemas,
}

impl Tools for Judged {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        Ok(vec![self.declaration.clone()])
    }

    fn manifest(&self) -> Manifest {
        self.manifest.clone()
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        &self.schemas
    }

    fn call(&mut self, _: &Call) -> Answer {
        Answer::value(Value::None)
    }
}
