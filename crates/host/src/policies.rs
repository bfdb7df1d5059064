//! Working on policies: their tests as data, mutants of them, and what they would
//! have said to calls on record.

use crate::cedar::Cedar;
use crate::options::RunOptions;
use crate::rules::Rules;
use crate::schema::Schemas;
use crate::value::from_foreign;
use emulant_ask::{Answer, Call, Request, Value};
use emulant_gate::{Approval, Contract, Declaration, Effect, Facts, Outcome, Policies, Provenance, State};
use emulant_journal::{Journal, Outcome as Said};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A file of tests: tools, typed state, and cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tests {
    /// By name.
    tools: BTreeMap<String, ToolForm>,
    /// By name.
    #[serde(default)]
    state: BTreeMap<String, CellForm>,
    /// Each with what is expected.
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolForm {
    effect: String,
    parameters: Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CellForm {
    schema: Json,
    value: Json,
}

/// A call, what is known about it, and what the policies must say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    tool: String,
    args: serde_json::Map<String, Json>,
    #[serde(default)]
    labels: BTreeMap<String, LabelForm>,
    #[serde(default)]
    granted: bool,
    #[serde(default)]
    under: bool,
    #[serde(default)]
    level: Option<String>,
    #[serde(default)]
    risk: i64,
    #[serde(default)]
    findings: Vec<String>,
    #[serde(default)]
    money_left: Option<i64>,
    #[serde(default)]
    calls_left: Option<i64>,
    /// `pass`, `ask` or `refuse`.
    expect: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LabelForm {
    critical: bool,
    untrusted: bool,
    chosen: bool,
    sources: Vec<String>,
}

/// What became of tests.
#[derive(Debug, Default)]
pub struct Tested {
    /// How many cases held.
    pub passed: usize,
    /// Cases that did not: name, what was expected, what was said.
    pub failed: Vec<(String, String, String)>,
    /// Mutants made, and those that no case noticed.
    pub mutants: usize,
    /// What those had changed.
    pub survived: Vec<String>,
}

impl Tests {
    /// Reads a file of tests.
    ///
    /// # Errors
    /// What is malformed.
    pub fn read(text: &str) -> Result<Tests, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// What the rules that hold without policies say to the cases: those where they differ from what is expected.
    ///
    /// # Errors
    /// When the tests are malformed.
    pub fn run_default(&self) -> Result<Vec<String>, String> {
        let (tools, state) = (self.declarations()?, self.state()?);
        let rules = emulant_gate::DefaultRules::new(&tools);
        Ok(self.cases.iter().filter(|case| case.said(&rules, &state) != case.expect).map(|case| case.name.clone()).collect())
    }

    fn declarations(&self) -> Result<Vec<Declaration>, String> {
        let declaration = |(name, form): (&String, &ToolForm)| {
            let effect = Effect::named(&form.effect).ok_or_else(|| format!("{name}: there is no effect {:?}", form.effect))?;
            Ok(Declaration {
                name: name.clone(),
                acts: effect != Effect::Read,
                input_schema: form.parameters.clone(),
                contract: Contract { effect, ..Contract::default() },
                ..Declaration::default()
            })
        };
        self.tools.iter().map(declaration).collect()
    }

    fn state(&self) -> Result<State, String> {
        let mut state = State::default();
        for (name, form) in &self.state {
            state.declare(name, form.schema.clone(), from_foreign(&form.value), &Schemas::default())?;
        }
        Ok(state)
    }

    /// Runs all cases under the policies, and with `mutate` under every mutant of them.
    ///
    /// # Errors
    /// When the policies do not fit the tools of the tests.
    pub fn run(&self, texts: &[(String, String)], mutate: bool) -> Result<Tested, String> {
        let (tools, state) = (self.declarations()?, self.state()?);
        let policy = Cedar::open(texts, &tools, &state)?;
        let mut tested = Tested::default();
        for case in &self.cases {
            let said = case.said(&policy, &state);
            match said == case.expect {
                true => tested.passed += 1,
                false => tested.failed.push((case.name.clone(), case.expect.clone(), said)),
            }
        }
        if mutate {
            for (what, text) in Cedar::mutants(texts)? {
                // One that does not even fit the tools is noticed when it is read.
                let Ok(policy) = Cedar::open(&[("mutant".into(), text)], &tools, &state) else { continue };
                tested.mutants += 1;
                if self.cases.iter().all(|case| case.said(&policy, &state) == case.expect) {
                    tested.survived.push(what);
                }
            }
        }
        Ok(tested)
    }
}

impl Case {
    fn said(&self, policy: &dyn Policies, state: &State) -> String {
        let call = Call { tool: self.tool.clone(), arguments: self.args.iter().map(|(name, json)| (name.clone(), from_foreign(json))).collect() };
        let label = |form: &LabelForm| Provenance { critical: form.critical, untrusted: form.untrusted, chosen: form.chosen, sources: form.sources.clone() };
        let mut facts = Facts {
            granted: self.granted,
            approved: false,
            level: self.level.clone().unwrap_or_else(|| "flow".into()),
            labels: self.labels.iter().map(|(name, form)| (name.clone(), label(form))).collect(),
            under: self.under,
            risk: self.risk,
            findings: self.findings.clone(),
            digest: String::new(),
            ..Facts::default()
        };
        facts.left.money = self.money_left.unwrap_or(i64::MAX);
        facts.left.calls = self.calls_left.unwrap_or(i64::MAX);
        let allowed = |facts: &Facts| policy.judge(&call, facts, state).is_ok_and(|ruling| ruling.allowed);
        if allowed(&facts) {
            return "pass".into();
        }
        facts.approved = true;
        if allowed(&facts) { "ask".into() } else { "refuse".into() }
    }
}

/// A call on record that other policies would have decided otherwise.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The entry that asked.
    pub seq: u64,
    /// The call, to be shown.
    pub call: String,
    /// What the gate said then.
    pub then: String,
    /// What it would say.
    pub now: String,
    /// Why.
    pub reason: String,
}

/// Judges every call of a run again, under these policies (none: the run's own); approvals count as they
/// were given. Also tells how many calls there were.
///
/// # Errors
/// When the journal is empty or the policies do not fit its tools.
pub fn replay(journal: &Journal, policies: Vec<(String, String)>) -> Result<(usize, Vec<Difference>), String> {
    let run = journal.run().ok_or("the journal is empty")?;
    let (mut options, tools) = RunOptions::of_run(run);
    let tools = crate::run::judged(&options, &tools);
    options.allowed = options.granted();
    if !policies.is_empty() {
        options.manifest.policies = policies;
    }
    let schemas = Schemas::default();
    let all = journal.exchanges();
    let mut rules = Rules::new(&options, &tools, &[], &schemas)?;
    let (mut calls, mut differences) = (0, Vec::new());
    for (index, exchange) in all.iter().enumerate() {
        let Request::Call(call) = &exchange.ask.request else { continue };
        calls += 1;
        let decision = rules.decide(&options, &tools, &all[..index], &schemas, &exchange.ask, call, &Approval::Open);
        let (now, reason) = match decision.outcome {
            Outcome::Pass => ("pass", String::new()),
            Outcome::NeedsApproval { sentence } => ("ask", sentence),
            Outcome::Refused { reason } => ("refuse", reason),
            Outcome::Malformed(mismatch) => ("refuse", mismatch.to_string()),
        };
        let was_made = exchange.later_verdicts().any(|verdict| verdict.stage == "execution" && verdict.outcome == Said::Pass);
        let then = match then(exchange) {
            "ask" if was_made && !exchange.approvals.iter().any(emulant_journal::Approval::granted) => "made without a yes",
            "refuse" if was_made => "made although refused",
            then => then,
        };
        if then != now {
            let call = crate::run::shown_call(call);
            differences.push(Difference { seq: exchange.seq, call, then: then.into(), now: now.into(), reason });
        }
        rules.recount(&options, &tools, all, exchange, &schemas);
    }
    Ok((calls, differences))
}

fn then(exchange: &emulant_journal::Exchange) -> &'static str {
    let said = |outcome| exchange.verdicts.iter().any(|verdict| verdict.outcome == outcome);
    match () {
        () if said(Said::NeedsApproval) => "ask",
        () if said(Said::Refused) => "refuse",
        () => "pass",
    }
}

/// Everything that the gate knows about a call on record: each argument with where it came from, and what
/// each policy and stage said.
///
/// # Errors
/// When there is no such call.
pub fn explain(journal: &Journal, seq: u64) -> Result<Vec<String>, String> {
    let run = journal.run().ok_or("the journal is empty")?;
    let (options, tools) = RunOptions::of_run(run);
    let tools = crate::run::judged(&options, &tools);
    let exchange = journal.exchange_at(seq).ok_or_else(|| format!("there is no entry {seq}"))?;
    let Request::Call(call) = &exchange.ask.request else { return Err(format!("entry {seq} is no call of a tool")) };
    let schemas = Schemas::default();
    let before: Vec<_> = journal.exchanges().iter().filter(|other| other.seq < exchange.seq).cloned().collect();
    let rules = Rules::new(&options, &tools, &before, &schemas)?;
    let mut lines = vec![format!("entry {seq}, line {}: {}", exchange.ask.site.line, crate::run::shown_call(call))];
    let labels = rules.with_gate(&options, &tools, &before, &schemas, |gate| gate.provenance(call, &exchange.ask.seen));
    for (name, provenance) in labels {
        let mut words = Vec::new();
        words.extend(provenance.critical.then_some("critical"));
        words.push(if provenance.untrusted { "somebody else's words" } else { "trusted" });
        words.extend(provenance.chosen.then_some("chosen by somebody else's words"));
        let from = if provenance.sources.is_empty() { "the program".to_string() } else { provenance.sources.join("; ") };
        lines.push(format!("  {name}: {} (from {from})", words.join(", ")));
    }
    for verdict in exchange.verdicts.iter().chain(exchange.answer.iter().flat_map(|settled| &settled.entry.verdicts)) {
        let word = match verdict.outcome {
            Said::Pass => "pass",
            Said::Skip => "skip",
            Said::NeedsApproval => "needs a person",
            Said::Refused => "refused",
        };
        lines.push(format!("  {}: {word}{}{}", verdict.stage, if verdict.reason.is_empty() { "" } else { ": " }, verdict.reason));
    }
    if let Some(Answer::Refused { reason }) = exchange.answered() {
        lines.push(format!("  the program was told: {reason}"));
    }
    Ok(lines)
}

/// The values of the typed state behind every answer of a run.
///
/// # Errors
/// As [`replay`].
pub fn state(journal: &Journal) -> Result<Vec<(String, Value)>, String> {
    let run = journal.run().ok_or("the journal is empty")?;
    let (options, tools) = RunOptions::of_run(run);
    let tools = crate::run::judged(&options, &tools);
    let rules = Rules::new(&options, &tools, journal.exchanges(), &Schemas::default())?;
    Ok(rules.state().cells().map(|(name, cell)| (name.to_string(), cell.value.clone())).collect())
}
