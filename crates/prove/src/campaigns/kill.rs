//! A run that is killed at any ask goes on as if nothing had happened, or says what is in doubt.
//!
//! Each scene is recorded once in peace. Then it runs again and dies once at each moment, before
//! and after each deed of each answerer: mostly by a panic that drops all it held, at every
//! [`REAL`]th moment by `kill -9` of a process of its own. What is left is resumed: output, ending
//! and acts must be those of the peaceful run, each act once; a call in doubt is settled by an
//! answer that says what the note of the acting tool says.

use super::replay::record;
use super::world::{Death, Died, Lived, Scene, live};
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use crate::worker;
use emulant_ask::{Answer, Value};
use emulant_host::keep::RunError;
use emulant_host::options::Approve;
use emulant_host::replay::{Replayed, Said, answer, replay, resume};
use emulant_host::run::{Outcome, RunResult, run as run_program};
use emulant_host::store::Store;
use emulant_machine::Stream;
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "kill",
    shows: "a run killed at any ask ends the same when resumed, or is in doubt and settled by an answer; nothing acts twice",
    small: 2,
    full: 50,
    tried: &[("deaths", 300)],
    run,
};

/// How a person's word begins where the tool's own could not be given: a failure that is an exception,
/// a refusal or an abstention. Only then may the run end otherwise than in peace.
const TOLD: &str = "a person says: ";

/// One moment in so many is a real `kill -9`.
const REAL: u64 = 5;

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let scene = scene(order.seed, case);
        one(order, case, &scene, findings).map_err(|what| Fault::new(what, &scene.options.text))
    })
}

/// The scene of a case; the worker makes the same one.
fn scene(seed: u64, case: u64) -> Scene {
    let mut scene = Scene::new(&mut Dice::new(seed, case));
    // Everything happens in the process that is to die.
    scene.options.approve = Approve::Now;
    scene
}

fn one(order: &Order<'_>, case: u64, scene: &Scene, findings: &mut Findings) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let peace = record(scene, &folder.path().join("peace"))?;
    for moment in 1..=peace.moments {
        let place = folder.path().join(format!("moment {moment}"));
        std::fs::create_dir(&place).map_err(|error| error.to_string())?;
        let at = |what: String| format!("killed at moment {moment} of {}: {what}", peace.moments);
        if moment % REAL == case % REAL && !order.worker.is_empty() {
            let arguments = [order.seed.to_string(), case.to_string(), moment.to_string(), place.display().to_string()];
            let died = worker::call(&order.worker, "kill", &arguments);
            if died.is_ok() {
                return Err(at("the process did not die".into()));
            }
            findings.add("real kills", 1);
        } else {
            die(scene, moment, Death::Panic, &place);
        }
        findings.add("deaths", 1);
        let acted = go_on(scene, &place, findings).map_err(at)?;
        let (printed, message, doubted) = ended(&place).map_err(at)?;
        if acted.iter().any(|deed| acted.iter().filter(|other| *other == deed).count() > peace.acted.iter().filter(|other| *other == deed).count())
        {
            return Err(at(format!("acted twice: {acted:?}, in peace {:?}", peace.acted)));
        }
        if !doubted && (printed, &message, &acted) != (peace.printed.clone(), &peace.message, &peace.acted) {
            return Err(at(format!("ends with {message:?} and {acted:?}, in peace {:?} and {:?}", peace.message, peace.acted)));
        }
    }
    Ok(())
}

/// In the process that dies.
pub fn work(arguments: &[String]) -> Result<String, String> {
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse::<u64>().ok()).ok_or("numbers are missing");
    let place = arguments.get(3).ok_or("the folder is missing")?;
    die(&scene(number(0)?, number(1)?), number(2)?, Death::Kill, Path::new(place));
    Ok("it lives".into())
}

fn die(scene: &Scene, moment: u64, death: Death, place: &Path) {
    let fate = scene.fate().noting(place.join("acts")).dying(moment, death);
    let result = catch_unwind(AssertUnwindSafe(|| {
        let store = Store::open(&place.join("state")).expect("the folder can be used");
        live(fate, |world| run_program(scene.options.clone(), Some(store), world)).result
    }));
    if let Err(panic) = result {
        assert!(panic.is::<Died>(), "a real panic: {}", crate::campaign::panic_text(&*panic));
    }
}

fn acts(place: &Path) -> Vec<String> {
    std::fs::read_to_string(place.join("acts")).unwrap_or_default().lines().map(String::from).collect()
}

fn store(place: &Path) -> Result<Store, String> {
    Store::open(&place.join("state")).map_err(|error| error.to_string())
}

/// The only run of a store.
fn id(place: &Path) -> Result<String, String> {
    let runs = store(place)?.list().map_err(|error| error.to_string())?;
    runs.first().map(|run| run.id.clone()).ok_or_else(|| "the run is lost".into())
}

/// Resumes until the end; gives all acts.
fn go_on(scene: &Scene, place: &Path, findings: &mut Findings) -> Result<Vec<String>, String> {
    let id = id(place)?;
    let fate = || scene.fate().noting(place.join("acts"));
    let lived: Lived<Result<Outcome, RunError>> = live(fate(), |world| resume(store(place).expect("it opened before"), &id, world));
    let mut outcome = lived.result.map_err(|error| error.to_string())?;
    while let RunResult::Waiting(waiting) = &outcome.result {
        let doubt = waiting.first().filter(|one| one.in_doubt).ok_or("it waits for no doubt")?;
        let said = settle(scene, place, &id, doubt.seq)?;
        findings.add("doubts settled", 1);
        let kept = store(place)?;
        outcome = live(fate(), |world| answer(kept, &id, doubt.seq, &said, world)).result.map_err(|error| error.to_string())?;
    }
    Ok(acts(place))
}

/// What a person who knows the note of the acting tool says about the call in doubt.
fn settle(scene: &Scene, place: &Path, id: &str, seq: u64) -> Result<Said, String> {
    let journal = store(place)?.journal(id).map_err(|error| error.to_string())?;
    let exchange = journal.exchange_at(seq).ok_or("no such entry")?;
    let sure = journal.exchanges().iter().filter(|one| one.acts && did(one)).count();
    if acts(place).len() == sure {
        return Ok(Said::Again);
    }
    Ok(match scene.fate().answer(&exchange.ask.request) {
        Answer::Value { value: Value::Int(n), .. } => Said::Json(json!(n)),
        Answer::Failed { reason } => Said::Failed(reason),
        other => Said::Failed(format!("{TOLD}{other:?}")),
    })
}

/// Did this call reach its tool, by the journal?
fn did(exchange: &emulant_journal::Exchange) -> bool {
    let refused = exchange.verdicts.iter().any(|verdict| verdict.outcome == emulant_journal::Outcome::Refused);
    let denied = exchange.approvals.iter().any(|approval| approval.answer.is_some() && !approval.granted());
    exchange.answer.is_some() && !refused && !denied
}

/// Output and ending by replay, and whether a person had to say what the tool could not.
fn ended(place: &Path) -> Result<(String, String, bool), String> {
    let journal = store(place)?.journal(&id(place)?).map_err(|error| error.to_string())?;
    let doubted = journal.exchanges().iter().any(|exchange| matches!(exchange.answered(), Some(Answer::Failed { reason }) if reason.starts_with(TOLD)));
    let mut printed = String::new();
    let replayed = replay(&journal, &mut |stream, text| if stream == Stream::Out { printed.push_str(text) });
    match replayed.map_err(|error| error.to_string())? {
        Replayed::Same { result, .. } => Ok((printed, result.message(), doubted)),
        other => Err(format!("replay: {other:?}")),
    }
}
