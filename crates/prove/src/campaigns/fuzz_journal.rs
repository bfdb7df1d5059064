//! Any bytes as a journal: refused with the line, or a journal that can be verified, replayed and
//! taken in. Half of the damage is done to entries that are chained anew, so that it gets past the
//! digests to what stands behind them.

use super::replay::record;
use super::world::Scene;
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use emulant_host::replay::{replay, trace};
use emulant_host::store::Store;
use emulant_journal::{Entry, Journal, verify};
use serde_json::Value as Json;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "fuzz-journal",
    shows: "damaged journals are refused with a reason, or can be verified, replayed and taken in",
    small: 10,
    full: 20_000,
    tried: &[("journals", 100), ("refused", 50)],
    run,
};

/// Damaged copies of one journal.
const COPIES: usize = 30;

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let mut dice = Dice::new(order.seed, case);
        let mut scene = Scene::new(&mut dice);
        scene.options.limits.instructions = 300_000;
        one(&scene, &mut dice, findings).map_err(|what| Fault::new(what, &scene.options.text))
    })
}

fn one(scene: &Scene, dice: &mut Dice, findings: &mut Findings) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let recorded = record(scene, &folder.path().join("state"))?;
    for copy in 0..COPIES {
        findings.add("journals", 1);
        let text = match copy % 2 {
            0 => bytes(recorded.exported.as_bytes(), dice),
            _ => entries(&recorded.exported, dice).into_bytes(),
        };
        let _ = verify(&text, None);
        let Ok(text) = std::str::from_utf8(&text) else { continue };
        let Ok(journal) = Journal::read(text.split_inclusive('\n')) else {
            findings.add("refused", 1);
            continue;
        };
        if journal.run().is_some_and(|run| run.limits.instructions > 1_000_000 || run.limits.memory_bytes > 64 << 20) {
            continue;
        }
        let _ = replay(&journal, &mut |_, _| {});
        let _ = trace(&journal, false, 100_000);
        let mut store = Store::open(&folder.path().join(format!("copy {copy}"))).map_err(|error| error.to_string())?;
        let _ = store.import(text.as_bytes());
    }
    Ok(())
}

fn bytes(text: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut damaged = text.to_vec();
    for _ in 0..1 + dice.below(4) {
        let at = dice.below(damaged.len());
        match dice.below(5) {
            0 => damaged.truncate(at),
            1 => damaged.insert(at, dice.bits() as u8),
            2 if at < damaged.len() => drop(damaged.remove(at)),
            _ if at < damaged.len() => damaged[at] ^= 1 << dice.below(8),
            _ => {}
        }
    }
    damaged
}

/// The same journal with something else inside some entries, and a sound chain.
fn entries(text: &str, dice: &mut Dice) -> String {
    let (mut journal, mut out) = (Journal::new(), String::new());
    let lines: Vec<&str> = text.lines().collect();
    let hit = dice.below(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let Ok(mut json) = serde_json::from_str::<Json>(line) else { continue };
        if let Some(object) = json.as_object_mut() {
            ["v", "seq", "prev"].iter().for_each(|name| drop(object.remove(*name)));
        }
        if at == hit || dice.chance(5) {
            for _ in 0..1 + dice.below(2) {
                change(&mut json, dice);
            }
        }
        let Ok(entry) = serde_json::from_value::<Entry>(json) else { continue };
        if let Ok(line) = journal.append(entry) {
            out.push_str(&line);
        }
    }
    out
}

/// Something else at a random place.
fn change(json: &mut Json, dice: &mut Dice) {
    match json {
        Json::Object(map) if !map.is_empty() && !dice.chance(8) => {
            let at = dice.below(map.len());
            if let Some(value) = map.values_mut().nth(at) {
                change(value, dice);
            }
        }
        Json::Array(items) if !items.is_empty() && !dice.chance(15) => {
            let at = dice.below(items.len());
            match dice.below(6) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                _ => change(&mut items[at], dice),
            }
        }
        other => {
            *other = match dice.below(9) {
                0 => Json::Null,
                1 => Json::from(-1),
                2 => Json::from(u64::MAX),
                3 => Json::from(0.5),
                4 => Json::from(""),
                5 => Json::from("x".repeat(200)),
                6 => Json::Array(Vec::new()),
                7 => serde_json::json!({"$int": "99999999999999999999999"}),
                _ => Json::from(dice.below(20) as u64),
            };
        }
    }
}
