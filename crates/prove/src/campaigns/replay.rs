//! A recorded run is the run: replayed from its exported journal it gives the same output, the
//! same asks, the same ending and the same digest, without anybody to answer.

use super::world::{Scene, live};
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use emulant_host::replay::{Replayed, Said, answer, replay};
use emulant_host::run::{Outcome, RunResult, run as run_program};
use emulant_host::store::Store;
use emulant_journal::Journal;
use emulant_machine::Stream;
use serde_json::json;
use std::path::Path;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "replay",
    shows: "runs with holes, tools, exceptions and approvals replay with equal output, asks, ending and digest",
    small: 20,
    full: 200,
    tried: &[("approvals", 10), ("asks", 300), ("ended otherwise than well", 5)],
    run,
};

/// Most times that one run waits for a person.
const WAITS_MAX: usize = 40;

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| one(&Scene::new(&mut Dice::new(order.seed, case)), findings))
}

/// A finished run: its id, what it printed, its exported journal.
pub struct Recorded {
    /// Its id.
    pub id: String,
    /// What it printed, in all processes that ran it.
    pub printed: String,
    /// How it ended.
    pub message: String,
    /// Calls of the acting tool.
    pub acted: Vec<String>,
    /// Its journal, exported.
    pub exported: String,
    /// Moments of the world that passed.
    pub moments: u64,
}

/// Runs a scene to its end, with a store in `folder`; what waits for a person is answered.
pub fn record(scene: &Scene, folder: &Path) -> Result<Recorded, String> {
    let store = || Store::open(folder).map_err(|error| error.to_string());
    let first = store()?;
    let lived = live(scene.fate(), |world| run_program(scene.options.clone(), Some(first), world));
    let mut outcome = lived.result.map_err(|error| error.to_string())?;
    let (mut printed, mut acted, moments) = (lived.printed, lived.fate.acted, lived.fate.moments);
    for _ in 0..WAITS_MAX {
        let Some((id, seq, said)) = wants(&outcome) else { break };
        let kept = store()?;
        let lived = live(scene.fate(), |world| answer(kept, &id, seq, &said, world));
        outcome = lived.result.map_err(|error| error.to_string())?;
        printed.push_str(&lived.printed);
        acted.extend(lived.fate.acted);
    }
    let id = outcome.run.clone().ok_or("the run has no id")?;
    let exported = store()?.export(&id).map_err(|error| error.to_string())?;
    Ok(Recorded { id, printed, message: outcome.result.message(), acted, exported, moments })
}

/// What a waiting run wants to hear, and what it is told.
fn wants(outcome: &Outcome) -> Option<(String, u64, Said)> {
    let RunResult::Waiting(waiting) = &outcome.result else { return None };
    let one = waiting.first()?;
    let said = match one.sentence.starts_with("input(") {
        true => json!("typed"),
        false => json!(crate::dice::number_of(&one.sentence) % 10 < 7),
    };
    Some((outcome.run.clone()?, one.seq, Said::Json(said)))
}

fn one(scene: &Scene, findings: &mut Findings) -> Result<(), Fault> {
    let fault = |what: String| Fault::new(what, &scene.options.text);
    let folder = tempfile::tempdir().map_err(|error| fault(error.to_string()))?;
    let recorded = record(scene, folder.path()).map_err(fault)?;
    let journal = Journal::read(recorded.exported.split_inclusive('\n')).map_err(|wrong| fault(format!("the export: {wrong}")))?;
    findings.add("asks", journal.exchanges().len() as u64);
    findings.add("approvals", journal.exchanges().iter().map(|exchange| exchange.approvals.len() as u64).sum());
    findings.add("ended otherwise than well", u64::from(!recorded.message.is_empty()));
    if journal.ending().is_none() {
        return Err(fault("it has no end".into()));
    }
    let mut printed = String::new();
    let replayed = replay(&journal, &mut |stream, text| if stream == Stream::Out { printed.push_str(text) });
    match replayed.map_err(|error| fault(error.to_string()))? {
        Replayed::Same { result, output_sha256 } => {
            let digest = journal.ending().map(|close| close.output_sha256.clone());
            if digest.as_deref() != Some(&output_sha256) || printed != recorded.printed {
                return Err(fault(format!("printed {printed:?}, recorded {:?}", recorded.printed)));
            }
            match result.message() == recorded.message {
                true => Ok(()),
                false => Err(fault(format!("ends with {:?}, recorded {:?}", result.message(), recorded.message))),
            }
        }
        other => Err(fault(format!("{other:?}"))),
    }
}
