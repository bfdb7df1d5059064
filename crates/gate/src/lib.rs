//! May this call pass? The gate judges a tool call by the tool's declaration,
//! what the user granted, where the arguments came from, and what a person said.
//!
//! It decides and never acts: schemas are checked and origins described by
//! traits that the host implements, approvals come in as values. Equal inputs
//! give equal decisions, and whatever is unknown is refused.
//!
//! The stages stand in the order of [`Stage`]. A call that fails one is not
//! judged by the next.
extern crate alloc;

mod decision;
mod contract;
mod gate;
mod policy;
mod state;
mod budget;
mod scan;
mod origin;
mod sentence;

pub use budget::{Budget, Left, Price, Spent};
pub use contract::{Contract, Effect, Operation};
pub use decision::{Decision, Judged, Outcome, Stage, Word};
pub use gate::{Approval, Bound, Declaration, Gate, SchemaCheck};
pub use origin::{Describe, Source, SourceKind};
pub use policy::{DefaultRules, Facts, Policies, Provenance, Ruling};
pub use scan::{Finding, Scanner};
pub use state::{Cell, State};
pub use sentence::shown;
