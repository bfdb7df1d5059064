//! All that the gate judges a run by, held together: policies, scan rules, typed
//! state, budget and what is spent of it. State and spending follow from the
//! journal alone, so a run that goes on in another process has the same.

use crate::cedar::Cedar;
use crate::options::RunOptions;
use crate::origin::Origins;
use crate::predicate::Python;
use crate::record::verdicts;
use emulant_ask::{Answer, Ask, Call, Request, Value};
use emulant_gate::{Approval, Decision, Declaration, DefaultRules, Gate, Policies, SchemaCheck, Scanner, Spent, State};
use emulant_journal::{Exchange, Outcome, Verdict};
use std::sync::LazyLock;

/// Made at the first call that is judged: most of a short program's start would be spent on it.
static SCANNER: LazyLock<Scanner> = LazyLock::new(Scanner::default);

/// What the gate judges a run by.
pub struct Rules {
    predicates: Python,
    policy: Box<dyn Policies>,
    state: State,
    spent: Spent,
    /// Asks with smaller ids are counted in `spent`; those whose call is let through later are added then.
    counted: Vec<u64>,
}

impl Rules {
    /// The rules of a run as they are when all of `exchanges` are on record.
    ///
    /// # Errors
    /// When policies or state do not fit the tools.
    pub fn new(options: &RunOptions, tools: &[Declaration], exchanges: &[Exchange], schemas: &dyn SchemaCheck) -> Result<Rules, String> {
        let state = options.manifest.state(schemas)?;
        let policy: Box<dyn Policies> = match options.manifest.policies.is_empty() {
            true => Box::new(DefaultRules::new(tools)),
            false => Box::new(Cedar::open(&options.manifest.policies, tools, &state)?),
        };
        let mut rules = Rules { predicates: Python::default(), policy, state, spent: Spent::default(), counted: Vec::new() };
        for exchange in exchanges {
            rules.recount(options, tools, exchanges, exchange, schemas);
        }
        Ok(rules)
    }

    /// Takes over what a recorded exchange spent and committed.
    pub(crate) fn recount(&mut self, options: &RunOptions, tools: &[Declaration], all: &[Exchange], exchange: &Exchange, schemas: &dyn SchemaCheck) {
        let Request::Call(call) = &exchange.ask.request else { return };
        let counts = |outcome| outcome == Outcome::Pass || (options.rehearse && outcome == Outcome::Skip);
        let was_executed = exchange.later_verdicts().any(|verdict| verdict.stage == "execution" && counts(verdict.outcome));
        // What is in doubt may have spent what it costs.
        if was_executed || exchange.in_doubt() {
            self.count(options, tools, all, exchange.ask.id, call, schemas);
        }
        if let Some(settled) = &exchange.answer {
            let committed = settled.entry.verdicts.iter().any(|verdict| verdict.stage == "commit" && verdict.outcome == Outcome::Pass);
            if let (true, Answer::Value { value, .. }) = (committed, &settled.entry.answer) {
                // What was committed once is committed again to the same state: it fits.
                let _ = self.judge_result(options, tools, all, exchange.ask.id, call, value, schemas);
            }
        }
    }

    /// The typed state now.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The policies.
    pub fn policy(&self) -> &dyn Policies {
        self.policy.as_ref()
    }

    /// Judges expressions.
    pub fn predicates(&self) -> &Python {
        &self.predicates
    }

    /// Calls `act` with the gate at this moment.
    pub fn with_gate<T>(
        &self,
        options: &RunOptions,
        tools: &[Declaration],
        exchanges: &[Exchange],
        schemas: &dyn SchemaCheck,
        act: impl FnOnce(&Gate<'_>) -> T,
    ) -> T {
        let origins = Origins { exchanges, tools };
        act(&Gate {
            tools,
            allowed: &options.allowed,
            schemas,
            origins: &origins,
            predicates: &self.predicates,
            policy: self.policy.as_ref(),
            scanner: &SCANNER,
            state: &self.state,
            budget: &options.manifest.budget,
            spent: &self.spent,
            level: options.labels.name(),
            foreign_program: options.foreign_program.as_deref(),
        })
    }

    /// Judges a call.
    pub fn decide(
        &self,
        options: &RunOptions,
        tools: &[Declaration],
        exchanges: &[Exchange],
        schemas: &dyn SchemaCheck,
        ask: &Ask,
        call: &Call,
        approval: &Approval,
    ) -> Decision {
        self.with_gate(options, tools, exchanges, schemas, |gate| gate.decide(call, &ask.seen, &ask.site, approval))
    }

    /// Counts a call that leaves now.
    pub fn count(&mut self, options: &RunOptions, tools: &[Declaration], exchanges: &[Exchange], ask: u64, call: &Call, schemas: &dyn SchemaCheck) {
        if self.counted.contains(&ask) {
            return;
        }
        // A cost that cannot be told was refused before.
        let price = self.with_gate(options, tools, exchanges, schemas, |gate| gate.price(call)).unwrap_or_default();
        self.spent.add(&call.tool, &price);
        self.counted.push(ask);
    }

    /// Judges the result of a call, and commits what it says about the state.
    ///
    /// # Errors
    /// Why the result is not accepted.
    #[allow(clippy::too_many_arguments)] // What a run is, what happened, and who checks it.
    pub fn judge_result(
        &mut self,
        options: &RunOptions,
        tools: &[Declaration],
        exchanges: &[Exchange],
        ask: u64,
        call: &Call,
        result: &Value,
        schemas: &dyn SchemaCheck,
    ) -> (Vec<Verdict>, Result<(), String>) {
        let mut judged = Vec::new();
        let updates = self.with_gate(options, tools, exchanges, schemas, |gate| gate.judge_result(call, result, &mut judged));
        let outcome = updates.and_then(|updates| self.state.commit(ask, updates, schemas));
        (verdicts(&judged), outcome)
    }
}
