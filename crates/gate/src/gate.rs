//! The rules.

use crate::decision::{Decision, Judged, Outcome, Stage, Word};
use crate::origin::{Describe, Source, SourceKind};
use crate::sentence;
use alloc::{collections::BTreeSet, format, string::{String, ToString}, vec, vec::Vec};
use emulant_ask::{Call, Mismatch, Seen, Site, Value, canonical};
use serde_json::{Map, Value as Json, json};

/// Deepest argument that is judged; the schema check would follow any depth.
const NESTING_MAX: u32 = 100;

/// What is known about a tool before it is called. It comes from the user's
/// tools file, never from the program; a server's own claims fill it in only
/// where that cannot make the tool less guarded.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The name by which programs call it.
    pub name: String,
    /// What it does, for people and models.
    pub description: String,
    /// Whether it may change the world outside. Only a declared read has `false`.
    pub acts: bool,
    /// Arguments, or paths below them, that decide whom or what an acting call
    /// reaches. `None`: nobody said, so all of them are.
    pub critical: Option<Vec<String>>,
    /// Whose words its answers are (`third party`), for sentences; may be empty.
    pub origin: String,
    /// JSON Schema of the arguments.
    pub input_schema: Json,
    /// JSON Schema of the result, if it is declared.
    pub output_schema: Option<Json>,
}

/// Checks JSON against JSON Schema.
pub trait SchemaCheck {
    /// # Errors
    /// The first place that does not fit. A schema that cannot be used fits nothing.
    fn check(&self, schema: &Json, json: &Json) -> Result<(), Mismatch>;
}

/// What a person said about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approval {
    /// Nothing yet, but someone can be asked.
    Open,
    /// There is nobody to ask.
    Nobody,
    /// Yes, to the call bound here.
    Given(Bound),
    /// No.
    Denied,
}

/// The exact call that an approval is for. A call that differs in any argument
/// or origin is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound(String);

impl Bound {
    /// Binds to `call` with the labels `seen`.
    pub fn to(call: &Call, seen: &[Seen]) -> Bound {
        let arguments: Vec<Json> = call.arguments.iter().map(|(name, value)| json!([name, value.to_json()])).collect();
        let origin = |origin: &emulant_ask::Origin| json!([origin.ask, origin.path]);
        let seen: Vec<Json> = seen
            .iter()
            .map(|seen| {
                let data: Vec<Json> = seen.data.iter().map(origin).collect();
                let choice: Vec<Json> = seen.choice.iter().map(origin).collect();
                json!([seen.part, data, choice])
            })
            .collect();
        Bound(canonical(&json!([call.tool, arguments, seen])))
    }
}

/// Judges calls.
pub struct Gate<'a> {
    /// The tools that exist.
    pub tools: &'a [Declaration],
    /// Names of acting tools that the user allowed for this run.
    pub allowed: &'a BTreeSet<String>,
    /// Checks schemas.
    pub schemas: &'a dyn SchemaCheck,
    /// Describes origins.
    pub origins: &'a dyn Describe,
}

impl Gate<'_> {
    /// Judges `call`, whose arguments have the labels `seen`, asked at `site`.
    pub fn decide(&self, call: &Call, seen: &[Seen], site: &Site, approval: &Approval) -> Decision {
        let mut verdicts = Vec::new();
        let outcome = match self.schema(call, &mut verdicts) {
            Err(outcome) => outcome,
            Ok(tool) => self.policy(tool, call, seen, site, approval, &mut verdicts),
        };
        Decision { verdicts, outcome }
    }

    /// Judges the result of a call that passed.
    ///
    /// # Errors
    /// Where the result does not fit the tool's schema.
    pub fn judge_result(&self, tool: &str, result: &Value) -> Result<Judged, (Judged, Mismatch)> {
        let declared = self.tools.iter().find(|declared| declared.name == tool);
        let Some(schema) = declared.and_then(|tool| tool.output_schema.as_ref()) else {
            return Ok(judged(Stage::Result, Word::Pass, "the tool declares no schema of its result"));
        };
        match self.schemas.check(schema, &result.to_plain_json()) {
            Ok(()) => Ok(judged(Stage::Result, Word::Pass, "")),
            Err(mismatch) => Err((judged(Stage::Result, Word::Refused, mismatch.to_string()), mismatch)),
        }
    }

    fn schema(&self, call: &Call, verdicts: &mut Vec<Judged>) -> Result<&Declaration, Outcome> {
        let Some(tool) = self.tools.iter().find(|tool| tool.name == call.tool) else {
            let reason = format!("{} refused: no tool of this name is declared", call.tool);
            verdicts.push(judged(Stage::Schema, Word::Refused, reason.clone()));
            return Err(Outcome::Refused { reason });
        };
        let fits = arguments(call).and_then(|arguments| self.schemas.check(&tool.input_schema, &arguments));
        if let Err(mismatch) = fits {
            verdicts.push(judged(Stage::Schema, Word::Refused, mismatch.to_string()));
            return Err(Outcome::Malformed(mismatch));
        }
        verdicts.push(judged(Stage::Schema, Word::Pass, ""));
        Ok(tool)
    }

    fn policy(
        &self,
        tool: &Declaration,
        call: &Call,
        seen: &[Seen],
        site: &Site,
        approval: &Approval,
        verdicts: &mut Vec<Judged>,
    ) -> Outcome {
        if !tool.acts {
            verdicts.push(judged(Stage::Policy, Word::Pass, "it only reads"));
            return Outcome::Pass;
        }
        let Some(concern) = self.concern(tool, call, seen, site) else {
            verdicts.push(judged(Stage::Policy, Word::Pass, "it is allowed for this run"));
            return Outcome::Pass;
        };
        verdicts.push(judged(Stage::Policy, Word::NeedsApproval, concern.clone()));
        let (word, outcome) = consented(call, seen, concern, approval);
        let reason = match &outcome {
            Outcome::Pass => "a person approved this call".to_string(),
            Outcome::NeedsApproval { sentence } => sentence.clone(),
            Outcome::Refused { reason } => reason.clone(),
            Outcome::Malformed(mismatch) => mismatch.to_string(),
        };
        verdicts.push(judged(Stage::Approval, word, reason));
        outcome
    }

    /// Why an acting call needs a person, if it does.
    fn concern(&self, tool: &Declaration, call: &Call, seen: &[Seen], site: &Site) -> Option<String> {
        let origins: Vec<String> = self.derived(tool, call, seen);
        let line = format!("used in line {}", site.line);
        match (origins.is_empty(), self.allowed.contains(&tool.name)) {
            (false, _) => Some(format!("{}; {line}", origins.join(", and "))),
            (true, false) => Some(format!("it acts and was not allowed for this run; {line}")),
            (true, true) => None,
        }
    }

    /// A clause for each critical argument that derives from an answer of a tool or a model.
    fn derived(&self, tool: &Declaration, call: &Call, seen: &[Seen]) -> Vec<String> {
        let clause = |(name, value): &(String, Value)| {
            let mut sources: Vec<Source> = Vec::new();
            for seen in seen.iter().filter(|seen| is_critical(tool, name, &seen.part)) {
                let part = value_at(value, seen.part.get(name.len()..).unwrap_or_default());
                sources.extend(seen.data.iter().map(|origin| self.origins.describe(origin, part)));
            }
            sources.retain(|source| source.kind != SourceKind::Other);
            (!sources.is_empty()).then(|| sentence::comes_from(name, &sources))
        };
        call.arguments.iter().filter_map(clause).collect()
    }
}

fn consented(call: &Call, seen: &[Seen], concern: String, approval: &Approval) -> (Word, Outcome) {
    let refused = |reason: String| (Word::Refused, Outcome::Refused { reason });
    match approval {
        Approval::Given(bound) if *bound == Bound::to(call, seen) => (Word::Pass, Outcome::Pass),
        Approval::Given(_) => refused(format!("{} refused: the approval was given for another call; {concern}", call.tool)),
        Approval::Denied => refused(format!("{} refused by a person: {concern}", call.tool)),
        Approval::Nobody => refused(format!("{} refused: {concern}", call.tool)),
        Approval::Open => {
            let sentence = format!("{}: {concern}", sentence::call(call));
            (Word::NeedsApproval, Outcome::NeedsApproval { sentence })
        }
    }
}

fn judged(stage: Stage, word: Word, reason: impl Into<String>) -> Judged {
    Judged { stage, word, reason: reason.into() }
}

/// The arguments as the JSON object that a schema judges.
fn arguments(call: &Call) -> Result<Json, Mismatch> {
    let mut map = Map::new();
    for (name, value) in &call.arguments {
        if is_deep(value, NESTING_MAX) {
            return Err(Mismatch { path: format!("$.{name}"), reason: format!("it is nested deeper than {NESTING_MAX}") });
        }
        if map.insert(name.clone(), value.to_plain_json()).is_some() {
            return Err(Mismatch { path: format!("$.{name}"), reason: "it is given twice".into() });
        }
    }
    Ok(map.into())
}

/// Whether `value` is nested deeper than `left`; looks no deeper than that.
fn is_deep(value: &Value, left: u32) -> bool {
    let deep = |inner: &Value| left == 0 || is_deep(inner, left - 1);
    match value {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().any(deep),
        Value::Dict(pairs) => pairs.iter().any(|(key, value)| deep(key) || deep(value)),
        Value::Record(_, fields) => fields.iter().any(|(_, value)| deep(value)),
        _ => false,
    }
}

/// Whether the labelled `part` belongs to `argument` and touches something critical:
/// it is that part, lies in it, or contains it.
fn is_critical(tool: &Declaration, argument: &str, part: &str) -> bool {
    if !is_within(part, argument) {
        return false;
    }
    match &tool.critical {
        None => true,
        Some(critical) => critical.iter().any(|path| is_within(part, path) || is_within(path, part)),
    }
}

/// Whether the path `inner` is `outer` or lies below it.
fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The value at `path` (`[3].name`) below `value`, or the deepest one that exists.
fn value_at<'v>(value: &'v Value, path: &str) -> &'v Value {
    let mut value = value;
    for step in steps(path) {
        let next = match (step, value) {
            (Step::Index(index), Value::List(items) | Value::Tuple(items)) => items.get(index),
            (Step::Name(name), Value::Dict(pairs)) => pairs.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, v)| v),
            (Step::Name(name), Value::Record(_, fields)) => fields.iter().find(|(key, _)| key == name).map(|(_, v)| v),
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    value
}

enum Step<'a> {
    Index(usize),
    Name(&'a str),
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = vec![];
    for piece in path.split(['.', '[']).filter(|piece| !piece.is_empty()) {
        let index = piece.strip_suffix(']').and_then(|digits| digits.parse().ok());
        steps.push(index.map_or(Step::Name(piece), Step::Index));
    }
    steps
}
