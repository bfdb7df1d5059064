//! What `emulant` says and hears: one JSON object a line.

use emulant_ask::{Call, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A question.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Read policies and make them ready.
    Open {
        /// Name and text.
        policies: Vec<(String, String)>,
        /// The tools.
        tools: Vec<Tool>,
        /// Cells: name and JSON Schema.
        state: Vec<(String, Json)>,
    },
    /// Judge a call by the policies that are open.
    Judge {
        /// The call.
        call: Call,
        /// What is known about it.
        facts: Facts,
        /// Cells: name and value.
        state: State,
    },
    /// Sets of policies that differ from these in one place.
    Mutants {
        /// Name and text.
        policies: Vec<(String, String)>,
    },
}

/// Cells: name and value.
pub type State = Vec<(String, Value)>;

/// A tool as policies see it.
#[derive(Clone, Debug, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Does it act?
    pub acts: bool,
    /// Its effect, by name.
    pub effect: String,
    /// Who serves it.
    pub server: String,
    /// JSON Schema of its arguments.
    pub input_schema: Json,
}

/// What is known about a call besides the call.
#[derive(Clone, Debug, Deserialize)]
pub struct Facts {
    /// Was the tool allowed for this run?
    pub granted: bool,
    /// Did a person say yes to exactly this call?
    pub approved: bool,
    /// The level of labels.
    pub level: String,
    /// By argument.
    pub labels: Vec<(String, Provenance)>,
    /// Does it stand under a condition over somebody else's words?
    pub under: bool,
    /// How alarming the content is.
    pub risk: i64,
    /// Which rules found something.
    pub findings: Vec<String>,
    /// Digest of the exact call.
    pub digest: String,
    /// Acting calls that may still be made.
    pub calls_left: i64,
    /// Whole units of money that may still be spent.
    pub money_left: i64,
}

/// Where an argument came from.
#[derive(Clone, Debug, Deserialize)]
pub struct Provenance {
    /// Does it decide whom or what the call reaches?
    pub critical: bool,
    /// Does it hold somebody else's bytes?
    pub untrusted: bool,
    /// Did those select it?
    pub chosen: bool,
    /// Whose answers are in it.
    pub sources: Vec<String>,
}

/// What is said back.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The policies are ready.
    Ready {
        /// How many.
        policies: usize,
        /// The schema that they were checked against.
        schema: Json,
    },
    /// The ruling on a call.
    Ruling(Ruling),
    /// What was changed, and the changed policies as one text.
    Mutants(Vec<(String, String)>),
    /// It cannot be done, and why.
    Error(String),
}

/// What the policies say about a call.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// May it pass?
    pub allowed: bool,
    /// Policies that decided it: name, and the reason that they give.
    pub because: Vec<(String, String)>,
    /// Policies that failed to evaluate.
    pub errors: Vec<String>,
}
