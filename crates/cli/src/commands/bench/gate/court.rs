//! A gate over declared tools, with calls whose arguments are the user's own or came from a page that
//! somebody else wrote: judged by the rules of a run, from exchanges as a journal holds them.

use crate::common::Trouble;
use emulant_ask::path::name_step;
use emulant_ask::{Answer, Ask, Call, Origin, Request, Seen, Site, Value};
use emulant_gate::{Approval, Decision, Declaration, Outcome, Stage, Word};
use emulant_host::manifest::Manifest;
use emulant_host::options::RunOptions;
use emulant_host::rules::Rules;
use emulant_host::schema::Schemas;
use emulant_host::value::from_foreign;
use emulant_journal::{Answered, Exchange, Settled};
use serde_json::Value as Json;

/// The tool whose answers are somebody else's words.
const PAGE: &str = "read_page";

/// Tools, and what their calls are judged by. All acting tools are allowed.
pub struct Court {
    pub tools: Vec<Declaration>,
    pub options: RunOptions,
    schemas: Schemas,
    rules: Rules,
}

impl Court {
    pub fn new(mut tools: Vec<Declaration>, manifest: Manifest) -> Result<Court, Trouble> {
        if !tools.iter().any(|tool| tool.name == PAGE) {
            tools.push(Declaration { name: PAGE.into(), origin: "third party".into(), ..Declaration::default() });
        }
        let allowed = tools.iter().filter(|tool| tool.acts).map(|tool| tool.name.clone()).collect();
        let options = RunOptions { allowed, manifest, ..RunOptions::new("", "") };
        let schemas = Schemas::default();
        let rules = Rules::new(&options, &tools, &[], &schemas).map_err(Trouble::usage)?;
        Ok(Court { tools, options, schemas, rules })
    }

    /// Judges a call where nobody can be asked. Arguments that `is_foreign` names came from the page.
    pub fn decide(&self, call: &Call, is_foreign: impl Fn(&str) -> bool) -> Decision {
        let seen = seen(call, is_foreign);
        let ask = Ask { id: 1, request: Request::Call(call.clone()), site: site(), seen };
        self.rules.decide(&self.options, &self.tools, &[page(call)], &self.schemas, &ask, call, &Approval::Nobody)
    }
}

/// Labels of the arguments that came from the page.
pub fn seen(call: &Call, is_foreign: impl Fn(&str) -> bool) -> Vec<Seen> {
    let foreign = call.arguments.iter().filter(|(name, _)| is_foreign(name));
    foreign.map(|(name, _)| Seen { part: name.clone(), data: vec![Origin { ask: 0, path: name_step(name) }], choice: Vec::new() }).collect()
}

/// The exchange in which the page was read.
pub fn page(call: &Call) -> Exchange {
    let read = Call { tool: PAGE.into(), arguments: Vec::new() };
    let answer = Answer::value(Value::dict(call.arguments.iter().cloned()));
    let entry = Answered { to: 1, answer, verdicts: Vec::new(), detail: Default::default(), at_us: 0 };
    Exchange {
        seq: 1,
        ask: Ask { id: 0, request: Request::Call(read), site: site(), seen: Vec::new() },
        acts: false,
        verdicts: Vec::new(),
        at_us: 0,
        approvals: Vec::new(),
        left: None,
        answer: Some(Settled { seq: 2, entry }),
    }
}

pub fn site() -> Site {
    Site { file: "bench.py".into(), line: 1, function: "<module>".into() }
}

pub fn call(tool: &str, arguments: &serde_json::Map<String, Json>) -> Call {
    Call { tool: tool.into(), arguments: arguments.iter().map(|(name, json)| (name.clone(), from_foreign(json))).collect() }
}

/// The stage that stopped a call, if one did.
pub fn stopped_by(decision: &Decision) -> Option<Stage> {
    match decision.outcome {
        Outcome::Pass => None,
        _ => decision.verdicts.iter().find(|verdict| verdict.word != Word::Pass).map(|verdict| verdict.stage),
    }
}
