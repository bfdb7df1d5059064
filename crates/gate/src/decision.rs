//! What the gate says.

use alloc::{string::String, vec::Vec};
use emulant_ask::Mismatch;

/// The stages that judge, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Is the tool declared, and do the arguments fit its schema?
    Schema,
    /// Does the contract hold before the call?
    Pre,
    /// Is there something alarming in the arguments? Raises the risk, refuses nothing.
    Scan,
    /// Is there enough left to spend?
    Budget,
    /// May this tool run here, with arguments from there?
    Policy,
    /// Did a person say yes to exactly this call?
    Approval,
    /// How the call was carried out.
    Execution,
    /// Does the result fit the tool's schema?
    Result,
    /// Does the contract hold of the result?
    Post,
    /// Do the new values fit the typed state?
    Commit,
}

impl Stage {
    /// The name in journals and reports.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Schema => "schema",
            Stage::Pre => "pre",
            Stage::Scan => "scan",
            Stage::Budget => "budget",
            Stage::Policy => "policy",
            Stage::Approval => "approval",
            Stage::Execution => "execution",
            Stage::Result => "result",
            Stage::Post => "post",
            Stage::Commit => "commit",
        }
    }
}

/// What one stage said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The call may go on.
    Pass,
    /// A person must decide.
    NeedsApproval,
    /// The call must not happen.
    Refused,
}

/// A stage's verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The stage.
    pub stage: Stage,
    /// What it said.
    pub word: Word,
    /// Why, for a person; may be empty when it passed.
    pub reason: String,
}

/// The verdicts of all stages that judged, and what follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// In the order of [`Stage`].
    pub verdicts: Vec<Judged>,
    /// What follows.
    pub outcome: Outcome,
}

/// What follows for the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Do it.
    Pass,
    /// Ask a person, showing this sentence; then decide again.
    NeedsApproval {
        /// What would happen, and where its arguments came from.
        sentence: String,
    },
    /// The program made a mistake: the arguments do not fit the tool's schema.
    Malformed(Mismatch),
    /// Do not do it.
    Refused {
        /// Why, in one sentence.
        reason: String,
    },
}
