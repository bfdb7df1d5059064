//! The gate's verdicts as the journal writes them.

use emulant_gate::{Judged, Word};
use emulant_journal::{Outcome, Verdict};

/// The journal's words for what the gate said.
pub fn verdicts(judged: &[Judged]) -> Vec<Verdict> {
    let outcome = |word| match word {
        Word::Pass => Outcome::Pass,
        Word::NeedsApproval => Outcome::NeedsApproval,
        Word::Refused => Outcome::Refused,
    };
    let verdict = |judged: &Judged| Verdict {
        stage: judged.stage.name().into(),
        outcome: outcome(judged.word),
        reason: judged.reason.clone(),
    };
    judged.iter().map(verdict).collect()
}
