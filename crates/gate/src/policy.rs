//! What policies are told about a call, and the rules that hold where the user
//! gives none.

use crate::budget::Left;
use crate::gate::Declaration;
use crate::state::State;
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use emulant_ask::Call;

/// Policies, made ready for a set of tools. Nothing acts that they do not allow.
pub trait Policies {
    /// Judges a call.
    ///
    /// # Errors
    /// Why it cannot be judged; it must not happen then.
    fn judge(&self, call: &Call, facts: &Facts, state: &State) -> Result<Ruling, String>;
}

/// What is known about a call besides the call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Was the tool allowed for this run?
    pub granted: bool,
    /// Did a person say yes to exactly this call?
    pub approved: bool,
    /// The level of labels.
    pub level: String,
    /// By argument.
    pub labels: Vec<(String, Provenance)>,
    /// Does the call stand under a condition over untrusted data?
    pub under: bool,
    /// How alarming the content is.
    pub risk: i64,
    /// Names of the rules that found something in it.
    pub findings: Vec<String>,
    /// Digest of the exact call.
    pub digest: String,
    /// What may still be spent.
    pub left: Left,
}

/// Where an argument came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Does it decide whom or what the call reaches?
    pub critical: bool,
    /// Are there bytes in it that somebody else wrote?
    pub untrusted: bool,
    /// Did somebody else's bytes select it?
    pub chosen: bool,
    /// Tools and holes whose answers are in it.
    pub sources: Vec<String>,
}

/// What the policies say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// May the call pass?
    pub allowed: bool,
    /// Policies that decided it: name, and the reason that they give.
    pub because: Vec<(String, String)>,
    /// Policies that failed to evaluate.
    pub errors: Vec<String>,
}

/// The rules that hold where the user gives none. `policies/default.cedar` says the same.
pub struct DefaultRules {
    acts: BTreeMap<String, bool>,
}

impl DefaultRules {
    /// For these tools.
    pub fn new(tools: &[Declaration]) -> DefaultRules {
        DefaultRules { acts: tools.iter().map(|tool| (tool.name.clone(), tool.acts)).collect() }
    }
}

impl Policies for DefaultRules {
    fn judge(&self, call: &Call, facts: &Facts, _: &State) -> Result<Ruling, String> {
        let acts = *self.acts.get(&call.tool).ok_or("no policy knows this tool")?;
        let critical = |is: fn(&Provenance) -> bool| facts.labels.iter().any(|(_, provenance)| provenance.critical && is(provenance));
        let steered = facts.level != "flow" && (facts.under || critical(|provenance| provenance.chosen));
        // (does it hold, name, reason); a forbid wins.
        let permits = [
            (!acts, "reads", "it only reads"),
            (acts && facts.granted, "granted", "it is allowed for this run"),
            (acts && facts.approved, "approved", "a person approved this call"),
        ];
        let untrusted = critical(|provenance| provenance.untrusted);
        let forbids = [
            (acts && !facts.approved && untrusted, "untrusted-target", "what decides whom or what it reaches was written by somebody else"),
            (acts && !facts.approved && steered, "steered", "somebody else's words decided that it is called, or chose what it reaches"),
        ];
        let held = |rules: &[(bool, &str, &str)]| -> Vec<(String, String)> {
            rules.iter().filter(|(holds, ..)| *holds).map(|(_, name, reason)| (String::from(*name), String::from(*reason))).collect()
        };
        let (permits, forbids) = (held(&permits), held(&forbids));
        let allowed = forbids.is_empty() && !permits.is_empty();
        Ok(Ruling { allowed, because: if forbids.is_empty() { permits } else { forbids }, errors: Vec::new() })
    }
}
