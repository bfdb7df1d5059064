//! The rules.

use crate::budget::{Budget, Price, Spent};
use crate::contract::Contract;
use crate::decision::{Decision, Judged, Outcome, Stage, Word};
use crate::origin::{Describe, Source};
use crate::policy::{Facts, Policies, Provenance, Ruling};
use crate::scan::Scanner;
use crate::sentence;
use crate::state::State;
use alloc::{collections::BTreeSet, format, string::{String, ToString}, vec, vec::Vec};
use emulant_ask::path::{Step, first, is_within};
use emulant_ask::{Call, Mismatch, Predicate, Seen, Site, Value, Verdict, canonical};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

/// Deepest argument that is judged; the schema check would follow any depth.
const NESTING_MAX: u32 = 100;

/// What is known about a tool before it is called. It comes from the user's
/// tools file, never from the program; a server's own claims fill it in only
/// where that cannot make the tool less guarded.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Who serves it; empty for a tool of our own.
    pub server: String,
    /// What it promises and demands.
    pub contract: Contract,
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

    /// SHA-256 of the call and its labels, in hex: what people, policies and other processes see.
    pub fn digest(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
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
    /// Judges contracts.
    pub predicates: &'a dyn Predicate,
    /// Judges everything.
    pub policy: &'a dyn Policies,
    /// Looks for alarming content.
    pub scanner: &'a Scanner,
    /// The typed state at this moment.
    pub state: &'a State,
    /// What a run may spend.
    pub budget: &'a Budget,
    /// What it has spent.
    pub spent: &'a Spent,
    /// The level of labels, by name.
    pub level: &'a str,
    /// Words of the program's own text are not the user's: a model wrote it that had read somebody
    /// else's. What the user said stands here, and is the user's wherever it occurs verbatim.
    pub foreign_program: Option<&'a str>,
}

impl Gate<'_> {
    /// Judges `call`, whose arguments have the labels `seen`, asked at `site`.
    pub fn decide(&self, call: &Call, seen: &[Seen], site: &Site, approval: &Approval) -> Decision {
        let mut verdicts = Vec::new();
        let outcome = self.stages(call, seen, site, approval, &mut verdicts).unwrap_or_else(|outcome| outcome);
        Decision { verdicts, outcome }
    }

    fn stages(&self, call: &Call, seen: &[Seen], site: &Site, approval: &Approval, verdicts: &mut Vec<Judged>) -> Result<Outcome, Outcome> {
        let tool = self.schema(call, verdicts)?;
        self.pre(tool, call, verdicts)?;
        let risk = self.scan(call, verdicts);
        let price = self.afford(tool, call, verdicts)?;
        Ok(self.policy(tool, call, seen, site, approval, risk, &price, verdicts))
    }

    /// What a call takes of the budget, once it is let through.
    ///
    /// # Errors
    /// When its cost cannot be told.
    pub fn price(&self, call: &Call) -> Result<Price, String> {
        let Some(tool) = self.tool(&call.tool) else { return Ok(Price::default()) };
        let bytes = call.arguments.iter().map(|(_, value)| canonical(&value.to_json()).len() as u64).sum();
        let money = match &tool.contract.cost {
            None => 0,
            Some(expression) => match self.predicates.value(expression, &self.names(tool, call, None))? {
                Value::Int(int) if int >= 0 => u64::try_from(int).unwrap_or(0).saturating_mul(1000),
                Value::Float(float) if float >= 0.0 && float < 1e15 => (float * 1000.0).ceil() as u64,
                _ => return Err(format!("{expression} is no cost")),
            },
        };
        Ok(Price { acts: tool.acts, money, bytes })
    }

    /// Judges the result of a call that passed, and what it does to the typed state. The new
    /// values of cells come back; nothing is changed here.
    ///
    /// # Errors
    /// Where the result does not fit, in a sentence.
    pub fn judge_result(&self, call: &Call, result: &Value, verdicts: &mut Vec<Judged>) -> Result<Vec<(String, Value)>, String> {
        let Some(tool) = self.tool(&call.tool) else { return Ok(Vec::new()) };
        match &tool.output_schema {
            None => verdicts.push(judged(Stage::Result, Word::Pass, "the tool declares no schema of its result")),
            Some(schema) => match self.schemas.check(schema, &result.to_plain_json()) {
                Ok(()) => verdicts.push(judged(Stage::Result, Word::Pass, "")),
                Err(mismatch) => {
                    verdicts.push(judged(Stage::Result, Word::Refused, mismatch.to_string()));
                    return Err(format!("its result does not fit its schema: {mismatch}"));
                }
            },
        }
        let names = self.names(tool, call, Some(result));
        if !tool.contract.post.is_empty() {
            self.holds(Stage::Post, &tool.contract.post, &names, verdicts)?;
        }
        let mut updates = Vec::new();
        for (cell, expression) in &tool.contract.state {
            let value = self.predicates.value(expression, &names).map_err(|why| {
                let reason = format!("state {cell:?}: {why}");
                verdicts.push(judged(Stage::Commit, Word::Refused, reason.clone()));
                reason
            })?;
            updates.push((cell.clone(), value));
        }
        if !updates.is_empty() {
            let mut trial = self.state.clone();
            if let Err(reason) = trial.commit(0, updates.clone(), self.schemas) {
                verdicts.push(judged(Stage::Commit, Word::Refused, reason.clone()));
                return Err(reason);
            }
            verdicts.push(judged(Stage::Commit, Word::Pass, ""));
        }
        Ok(updates)
    }

    /// Where each argument came from, as policies see it.
    pub fn provenance(&self, call: &Call, seen: &[Seen]) -> Vec<(String, Provenance)> {
        match self.tool(&call.tool) {
            Some(tool) => call.arguments.iter().map(|(name, value)| (name.clone(), self.provenance_of(tool, name, value, seen))).collect(),
            None => Vec::new(),
        }
    }

    fn tool(&self, name: &str) -> Option<&Declaration> {
        self.tools.iter().find(|tool| tool.name == name)
    }

    fn schema(&self, call: &Call, verdicts: &mut Vec<Judged>) -> Result<&Declaration, Outcome> {
        let Some(tool) = self.tool(&call.tool) else {
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

    fn pre(&self, tool: &Declaration, call: &Call, verdicts: &mut Vec<Judged>) -> Result<(), Outcome> {
        if tool.contract.pre.is_empty() {
            return Ok(());
        }
        let names = self.names(tool, call, None);
        self.holds(Stage::Pre, &tool.contract.pre, &names, verdicts)
            .map_err(|reason| Outcome::Refused { reason: format!("{} refused: {reason}", call.tool) })
    }

    fn holds(&self, stage: Stage, expressions: &[String], names: &[(String, Value)], verdicts: &mut Vec<Judged>) -> Result<(), String> {
        for expression in expressions {
            if let Verdict::Fails(why) = self.predicates.judge(expression, names) {
                let reason = format!("its contract does not hold: {expression} ({why})");
                verdicts.push(judged(stage, Word::Refused, reason.clone()));
                return Err(reason);
            }
        }
        verdicts.push(judged(stage, Word::Pass, ""));
        Ok(())
    }

    /// The names that a contract may use. Arguments that are not given are `None`.
    fn names(&self, tool: &Declaration, call: &Call, result: Option<&Value>) -> Vec<(String, Value)> {
        let properties = tool.input_schema["properties"].as_object();
        let given = |name: &str| call.arguments.iter().find(|(given, _)| given == name).map_or(Value::None, |(_, value)| value.clone());
        let mut all: Vec<(String, Value)> = properties.into_iter().flatten().map(|(name, _)| (name.clone(), given(name))).collect();
        for (name, value) in &call.arguments {
            if !all.iter().any(|(known, _)| known == name) {
                all.push((name.clone(), value.clone()));
            }
        }
        let arguments = Value::dict(all.iter().cloned());
        all.retain(|(name, _)| !["args", "state", "result"].contains(&name.as_str()));
        all.push(("args".into(), arguments));
        all.push(("state".into(), self.state.to_value()));
        all.extend(result.map(|result| ("result".to_string(), result.clone())));
        all
    }

    fn scan(&self, call: &Call, verdicts: &mut Vec<Judged>) -> Vec<crate::Finding> {
        let found = self.scanner.scan(call);
        let names: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
        verdicts.push(judged(Stage::Scan, Word::Pass, names.join(", ")));
        found
    }

    fn afford(&self, tool: &Declaration, call: &Call, verdicts: &mut Vec<Judged>) -> Result<Price, Outcome> {
        let refused = |reason: String| (judged(Stage::Budget, Word::Refused, reason.clone()), Outcome::Refused { reason: format!("{} refused: {reason}", call.tool) });
        let price = self.price(call).map_err(|why| {
            let (verdict, outcome) = refused(format!("its cost cannot be told: {why}"));
            verdicts.push(verdict);
            outcome
        })?;
        if let Some(reason) = self.budget.exceeded(self.spent, &tool.name, tool.contract.calls_max, &price) {
            let (verdict, outcome) = refused(reason);
            verdicts.push(verdict);
            return Err(outcome);
        }
        if *self.budget != Budget::default() || tool.contract.calls_max.is_some() {
            verdicts.push(judged(Stage::Budget, Word::Pass, ""));
        }
        Ok(price)
    }

    #[allow(clippy::too_many_arguments)] // The facts of one call; a struct for them would live for this line.
    fn policy(
        &self,
        tool: &Declaration,
        call: &Call,
        seen: &[Seen],
        site: &Site,
        approval: &Approval,
        found: Vec<crate::Finding>,
        price: &Price,
        verdicts: &mut Vec<Judged>,
    ) -> Outcome {
        let _ = price;
        let facts = Facts {
            granted: self.allowed.contains(&tool.name),
            approved: false,
            level: self.level.into(),
            labels: self.provenance(call, seen),
            under: seen.iter().filter(|seen| seen.part.is_empty()).any(|seen| self.is_steered(&seen.choice)),
            risk: found.iter().map(|finding| finding.risk).sum(),
            findings: found.into_iter().map(|finding| finding.rule).collect(),
            digest: Bound::to(call, seen).digest(),
            left: self.budget.left(self.spent),
        };
        let ruled = |approved: bool| match self.policy.judge(call, &Facts { approved, ..facts.clone() }, self.state) {
            Ok(ruling) => ruling,
            Err(why) => Ruling { allowed: false, because: Vec::new(), errors: vec![why] },
        };
        let ruling = ruled(false);
        if ruling.allowed {
            verdicts.push(judged(Stage::Policy, Word::Pass, reasons(&ruling)));
            return Outcome::Pass;
        }
        let concern = self.concern(tool, call, seen, site, &facts, &ruling);
        if !ruling.errors.is_empty() || !ruled(true).allowed {
            verdicts.push(judged(Stage::Policy, Word::Refused, concern.clone()));
            return Outcome::Refused { reason: format!("{} refused: {concern}", call.tool) };
        }
        verdicts.push(judged(Stage::Policy, Word::NeedsApproval, concern.clone()));
        let (word, outcome) = consented(tool, call, seen, concern, approval);
        let reason = match &outcome {
            Outcome::Pass => "a person approved this call".to_string(),
            Outcome::NeedsApproval { sentence } => sentence.clone(),
            Outcome::Refused { reason } => reason.clone(),
            Outcome::Malformed(mismatch) => mismatch.to_string(),
        };
        verdicts.push(judged(Stage::Approval, word, reason));
        outcome
    }

    /// Why a call does not pass by itself.
    fn concern(&self, tool: &Declaration, call: &Call, seen: &[Seen], site: &Site, facts: &Facts, ruling: &Ruling) -> String {
        let mut clauses: Vec<String> = self.derived(tool, call, seen);
        let said = |rule: &str| ruling.because.iter().any(|(name, _)| name == rule);
        if said("steered") && facts.under {
            clauses.push("it stands under a condition over somebody else's words".into());
        }
        if said("steered") {
            let chosen = facts.labels.iter().filter(|(_, provenance)| provenance.critical && provenance.chosen);
            clauses.extend(chosen.map(|(name, _)| format!("\"{name}\" was chosen by somebody else's words")));
        }
        let own = ["untrusted-target", "steered", "granted", "approved", "reads"];
        let others = ruling.because.iter().filter(|(name, _)| !own.contains(&name.as_str()));
        clauses.extend(others.map(|(name, reason)| if reason.is_empty() { format!("policy {name} forbids it") } else { reason.clone() }));
        clauses.extend(ruling.errors.iter().map(|error| format!("the policies cannot judge it: {error}")));
        if clauses.is_empty() {
            clauses.push(if facts.granted { "no policy permits it".into() } else { "it acts and was not allowed for this run".into() });
        }
        format!("{}; used in line {}", clauses.join(", and "), site.line)
    }

    /// A clause for each critical argument that somebody else wrote.
    fn derived(&self, tool: &Declaration, call: &Call, seen: &[Seen]) -> Vec<String> {
        let clause = |(name, value): &(String, Value)| {
            let mut sources: Vec<Source> = Vec::new();
            for seen in seen.iter().filter(|seen| is_critical(tool, name, &seen.part)) {
                let part = value_at(value, seen.part.get(name.len()..).unwrap_or_default());
                sources.extend(seen.data.iter().map(|origin| self.origins.describe(origin, part)));
            }
            if !sources.iter().any(Source::is_foreign) {
                let is_ours = self.is_ours(tool, name, value, seen);
                return (!is_ours).then(|| format!("\"{name}\" stands in the program's own text, and is not the user's word"));
            }
            sources.retain(|source| source.kind != crate::SourceKind::Other && (!source.trusted || source.kind == crate::SourceKind::Model));
            Some(sentence::comes_from(name, &sources))
        };
        call.arguments.iter().filter_map(clause).collect()
    }

    fn provenance_of(&self, tool: &Declaration, name: &str, value: &Value, seen: &[Seen]) -> Provenance {
        let mut provenance = Provenance { critical: is_any_critical(tool, name), ..Provenance::default() };
        for seen in seen.iter().filter(|seen| is_within(&seen.part, name)) {
            let critical = is_critical(tool, name, &seen.part) || !provenance.critical;
            let part = value_at(value, seen.part.get(name.len()..).unwrap_or_default());
            for source in seen.data.iter().map(|origin| self.origins.describe(origin, part)) {
                provenance.untrusted |= critical && source.is_foreign();
                if !provenance.sources.contains(&source.text) {
                    provenance.sources.push(source.text);
                }
            }
            provenance.chosen |= critical && self.is_steered(&seen.choice);
        }
        provenance.untrusted |= provenance.critical && !self.is_ours(tool, name, value, seen);
        provenance
    }

    fn is_steered(&self, choice: &[emulant_ask::Origin]) -> bool {
        choice.iter().any(|origin| self.origins.describe(origin, &Value::None).steers())
    }

    /// Is what stands in the program's own text the user's?
    fn is_ours(&self, tool: &Declaration, name: &str, value: &Value, seen: &[Seen]) -> bool {
        let Some(said) = self.foreign_program else { return true };
        let is_critical = is_any_critical(tool, name);
        let comes_from_answers = seen.iter().any(|seen| is_within(&seen.part, name) && !seen.data.is_empty());
        !is_critical || comes_from_answers || texts(value).iter().all(|text| contains_word(said, text))
    }
}

fn reasons(ruling: &Ruling) -> String {
    let texts: Vec<&str> = ruling.because.iter().map(|(name, reason)| if reason.is_empty() { name.as_str() } else { reason.as_str() }).collect();
    texts.join(", and ")
}

fn consented(tool: &Declaration, call: &Call, seen: &[Seen], concern: String, approval: &Approval) -> (Word, Outcome) {
    let refused = |reason: String| (Word::Refused, Outcome::Refused { reason });
    match approval {
        Approval::Given(bound) if *bound == Bound::to(call, seen) => (Word::Pass, Outcome::Pass),
        Approval::Given(_) => refused(format!("{} refused: the approval was given for another call; {concern}", call.tool)),
        Approval::Denied => refused(format!("{} refused by a person: {concern}", call.tool)),
        Approval::Nobody => refused(format!("{} refused: {concern}", call.tool)),
        Approval::Open => {
            let sentence = format!("{}: {concern}{}", sentence::call(call), sentence::undone(tool.contract.effect));
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

/// All texts and numbers in a value, as texts.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Str(text) | Value::Big(text) => vec![text.clone()],
        Value::Int(int) => vec![int.to_string()],
        Value::Float(float) => vec![float.to_string()],
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => items.iter().flat_map(texts).collect(),
        Value::Dict(pairs) => pairs.iter().flat_map(|(key, value)| [texts(key), texts(value)].concat()).collect(),
        Value::Record(_, fields) => fields.iter().flat_map(|(_, value)| texts(value)).collect(),
        _ => Vec::new(),
    }
}

/// Does `said` hold `text` as words of its own (`7` is not in `17`)?
fn contains_word(said: &str, text: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.is_empty() || said.match_indices(text).any(|(at, piece)| {
        let before = inside(said[..at].chars().next_back()) && inside(piece.chars().next());
        let after = inside(said[at + piece.len()..].chars().next()) && inside(piece.chars().next_back());
        !before && !after
    })
}

/// Is some part of `argument` critical?
fn is_any_critical(tool: &Declaration, argument: &str) -> bool {
    tool.critical.as_ref().is_none_or(|critical| critical.iter().any(|path| is_within(path, argument)))
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

/// The value at `path` (`[3].name`) below `value`, or the deepest one that exists.
fn value_at<'v>(mut value: &'v Value, mut path: &str) -> &'v Value {
    while let Some((step, rest)) = first(path) {
        let next = match (step, value) {
            (Step::Index(index), Value::List(items) | Value::Tuple(items)) => items.get(index),
            (Step::Name(name), Value::Dict(pairs)) => pairs.iter().find(|(key, _)| key.as_str() == Some(&*name)).map(|(_, v)| v),
            (Step::Name(name), Value::Record(_, fields)) => fields.iter().find(|(key, _)| *key == name).map(|(_, v)| v),
            _ => None,
        };
        let Some(next) = next else { break };
        (value, path) = (next, rest);
    }
    value
}
