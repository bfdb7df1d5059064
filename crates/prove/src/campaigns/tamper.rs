//! Any change of a finished run's exported journal is found against a key that is kept elsewhere.
//!
//! Each byte is flipped in one bit, cut off behind, left out and doubled (for long journals a
//! sample of bytes); each line is dropped, doubled, exchanged with the next and with another; the
//! whole is signed again with another key.

use super::replay::record;
use super::world::Scene;
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::dice::Dice;
use emulant_host::store::Store;
use emulant_journal::{Entry, Journal, Key, PublicKey, verify};

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "tamper",
    shows: "every flipped, dropped, reordered or cut-off byte or line of a finished run is found against a key kept elsewhere",
    small: 3,
    full: 200,
    tried: &[("changes", 10_000)],
    run,
};

/// Bytes of one journal that are damaged; all of them when it is shorter.
const PLACES_MAX: usize = 3000;

fn run(order: &Order<'_>) -> Findings {
    each(order, |case, findings| {
        let mut dice = Dice::new(order.seed, case);
        let scene = Scene::new(&mut dice);
        one(&scene, &mut dice, findings).map_err(|what| Fault::new(what, &scene.options.text))
    })
}

fn one(scene: &Scene, dice: &mut Dice, findings: &mut Findings) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let recorded = record(scene, folder.path())?;
    let kept = Store::open(folder.path()).and_then(|store| store.key()).map_err(|error| error.to_string())?;
    let key = kept.public();
    let whole = recorded.exported.as_bytes();
    if !is_sound(whole, &key) {
        return Err("the undamaged journal is not sound".into());
    }
    findings.peak("bytes of a journal", whole.len() as u64);
    let step = (whole.len() / PLACES_MAX).max(1);
    for place in (dice.below(step)..whole.len()).step_by(step) {
        let mut flipped = whole.to_vec();
        flipped[place] ^= 1 << dice.below(8);
        check(&flipped, &key, findings, || format!("a bit of byte {place} flipped"))?;
        check(&whole[..place], &key, findings, || format!("cut off behind byte {place}"))?;
        let (left, right) = whole.split_at(place);
        check(&[left, &right[1..]].concat(), &key, findings, || format!("byte {place} left out"))?;
        check(&[left, &right[..1], right].concat(), &key, findings, || format!("byte {place} doubled"))?;
    }
    lines(&recorded.exported, &key, dice, findings)?;
    if !is_sound(signed_by(&recorded.exported, &kept)?.as_bytes(), &key) {
        return Err("the same entries with the same signature are not sound".into());
    }
    let other = signed_by(&recorded.exported, &Key::from_seed(&[7; 32]))?;
    check(other.as_bytes(), &key, findings, || "signed by another key".into())
}

fn lines(exported: &str, key: &PublicKey, dice: &mut Dice, findings: &mut Findings) -> Result<(), String> {
    let lines: Vec<&str> = exported.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        let mut changed = |name: &str, change: &mut dyn FnMut(&mut Vec<&str>)| {
            let mut lines = lines.clone();
            change(&mut lines);
            let text = lines.concat();
            if text == exported { Ok(()) } else { check(text.as_bytes(), key, findings, || format!("line {at} {name}")) }
        };
        changed("dropped", &mut |lines| {
            lines.remove(at);
        })?;
        changed("doubled", &mut |lines| lines.insert(at, lines[at]))?;
        changed("exchanged with the next", &mut |lines| if at + 1 < lines.len() { lines.swap(at, at + 1) })?;
        let other = dice.below(lines.len());
        changed("exchanged with another", &mut |lines| lines.swap(at, other))?;
        changed("and all behind it dropped", &mut |lines| lines.truncate(at))?;
    }
    Ok(())
}

/// The same entries, signed by this key.
fn signed_by(exported: &str, key: &Key) -> Result<String, String> {
    let (mut journal, mut text) = (Journal::new(), String::new());
    for entry in entries(exported)? {
        let line = match entry {
            Entry::Close(close) => journal.close(close, key),
            entry => journal.append(entry),
        };
        text += &line.map_err(|fault| fault.to_string())?;
    }
    Ok(text)
}

fn entries(exported: &str) -> Result<Vec<Entry>, String> {
    let entry = |line: &str| {
        let mut json: serde_json::Value = serde_json::from_str(line).ok()?;
        let object = json.as_object_mut()?;
        ["v", "seq", "prev"].iter().for_each(|name| drop(object.remove(*name)));
        serde_json::from_value(json).ok()
    };
    exported.lines().map(|line| entry(line).ok_or_else(|| format!("not an entry: {line}"))).collect()
}

fn check(bytes: &[u8], key: &PublicKey, findings: &mut Findings, what: impl Fn() -> String) -> Result<(), String> {
    findings.add("changes", 1);
    match is_sound(bytes, key) {
        true => Err(format!("not found: {}", what())),
        false => Ok(()),
    }
}

/// Is this the journal of a finished run that this key signed?
fn is_sound(bytes: &[u8], key: &PublicKey) -> bool {
    verify(bytes, Some(key)).is_ok_and(|report| report.is_finished())
}
