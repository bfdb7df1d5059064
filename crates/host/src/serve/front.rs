//! The tools of a program that serves a client: those of the tools file, and one that gives what the
//! client wants next.

use super::Offer;
use crate::answer::Tools;
use crate::manifest::Manifest;
use crate::tools::ToolBox;
use emulant_ask::{Answer, Call, Value};
use emulant_gate::{Contract, Declaration, Effect, SchemaCheck};
use serde_json::json;

/// The tool that gives the program the client's next call.
const NEXT: &str = "next_call";

/// The tools of a session: those of the tools file, and the one that gives the next call.
pub(super) struct Front<'i> {
    tools: ToolBox,
    next: Declaration,
    take: &'i dyn Fn() -> Option<Value>,
}

impl<'i> Front<'i> {
    /// `take` gives what the client wants next, until it has left.
    pub(super) fn new(offer: &Offer, tools: ToolBox, take: &'i dyn Fn() -> Option<Value>) -> Front<'i> {
        Front { tools, next: next(offer), take }
    }
}

impl Tools for Front<'_> {
    fn declare(&mut self) -> Result<Vec<Declaration>, String> {
        let declared = self.tools.declare().map_err(|error| error.0)?;
        Ok(declared.iter().chain([&self.next]).cloned().collect())
    }

    fn manifest(&self) -> Manifest {
        self.tools.manifest().clone()
    }

    fn schemas(&self) -> &dyn SchemaCheck {
        self.tools.schemas()
    }

    fn call(&mut self, call: &Call) -> Answer {
        if call.tool != NEXT {
            return self.tools.call(call);
        }
        match (self.take)() {
            Some(value) => Answer::value(value),
            None => Answer::Raise { class: "EOFError".into(), message: "the client has left".into() },
        }
    }

    fn before(&mut self, call: &Call) -> Result<Value, String> {
        self.tools.before(call)
    }

    fn restore(&mut self, before: &Value) -> Result<(), String> {
        self.tools.restore(before)
    }

    fn recall(&mut self, call: &Call) {
        self.tools.recall(call);
    }
}

/// The tool that gives the client's calls. Who wrote them is not known, unless the user says that the client's
/// words are the user's own.
fn next(offer: &Offer) -> Declaration {
    let whose = offer.trusts_client.then(|| (String::new(), "user".to_string()));
    Declaration {
        name: NEXT.into(),
        description: "The next call of the gateway's client.".into(),
        acts: false,
        critical: None,
        origin: "the client".into(),
        input_schema: json!({"type": "object", "additionalProperties": false}),
        output_schema: None,
        server: String::new(),
        contract: Contract { effect: Effect::Read, labels: whose.into_iter().collect(), ..Contract::default() },
    }
}
