//! The lock: functions that a model wrote once, with digest, source and provenance.
//!
//! A JSON list that people read and keep under version control. What a run accepted
//! is added; an entry is taken by a later run only while its contract and its digest
//! are the same and its examples still pass, which the program's library checks.

use emulant_ask::Value;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// How strongly a word that occurs again counts, and how strongly length is held against a text (BM25's usual values).
const AGAIN: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// The entries of a lock file; none when there is no such file.
///
/// # Errors
/// The file cannot be read, or is no list.
pub fn read(path: &Path) -> Result<Json, String> {
    let at = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
    if !path.exists() {
        return Ok(json!([]));
    }
    if std::fs::metadata(path).map_err(|error| at(&error))?.len() > FILE_BYTES_MAX {
        return Err(at(&"too large"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| at(&error))?;
    match serde_json::from_str(&text) {
        Ok(entries @ Json::Array(_)) => Ok(entries),
        Ok(_) => Err(at(&"it is no list")),
        Err(error) => Err(at(&error)),
    }
}

/// Adds what a run accepted. An entry for the same name and contract is replaced.
///
/// # Errors
/// The file cannot be read or written.
pub fn keep(path: &Path, notes: &[(String, Value)], model: &str, run: Option<&str>) -> Result<(), String> {
    let fresh: Vec<Json> = notes.iter().filter(|(name, _)| name == "synthesized").map(|(_, value)| value.to_plain_json()).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let mut entries = read(path)?.as_array().cloned().unwrap_or_default();
    for mut entry in fresh {
        entries.retain(|known| known["name"] != entry["name"] || known["contract"] != entry["contract"]);
        entry["by"] = json!(model);
        entry["run"] = json!(run);
        entries.push(entry);
    }
    write(path, &entries)
}

fn write(path: &Path, entries: &[Json]) -> Result<(), String> {
    let text = serde_json::to_string_pretty(entries).map_err(|error| error.to_string())? + "\n";
    let fresh = path.with_extension("new");
    let at = |error: std::io::Error| format!("{}: {error}", path.display());
    std::fs::write(&fresh, text).map_err(at)?;
    std::fs::rename(&fresh, path).map_err(at)
}

/// Puts the functions of `from` into the collection at `into`; how many are new.
///
/// # Errors
/// A file cannot be read or written.
pub fn make(from: &Path, into: &Path) -> Result<usize, String> {
    let mut entries = read(into)?.as_array().cloned().unwrap_or_default();
    let before = entries.len();
    for entry in read(from)?.as_array().into_iter().flatten() {
        if entry["source"].is_string() && !entries.iter().any(|known| known["sha256"] == entry["sha256"]) {
            entries.push(entry.clone());
        }
    }
    write(into, &entries)?;
    Ok(entries.len() - before)
}

/// Drops functions that say the same: equal source but for names, comments and blanks. How many went.
///
/// # Errors
/// The file cannot be read or written.
pub fn dedup(path: &Path) -> Result<usize, String> {
    let entries = read(path)?.as_array().cloned().unwrap_or_default();
    let mut seen: Vec<String> = Vec::new();
    let mut kept = Vec::new();
    for entry in &entries {
        let form = normal(entry["source"].as_str().unwrap_or_default(), entry["name"].as_str().unwrap_or_default());
        if !seen.contains(&form) {
            seen.push(form);
            kept.push(entry.clone());
        }
    }
    write(path, &kept)?;
    Ok(entries.len() - kept.len())
}

/// A source without comments and blanks, in which the function's own name is one and the same.
fn normal(source: &str, name: &str) -> String {
    let lines = source.lines().map(|line| line.split(" #").next().unwrap_or_default().trim_end()).filter(|line| !line.trim().is_empty());
    let text = lines.filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    let mut out = String::new();
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        out.push_str(if word == name { "_" } else { &word });
        word.clear();
        if letter != ' ' || out.ends_with('\n') || out.chars().last().is_some_and(|last| last.is_alphanumeric() || last == '_') {
            out.push(letter);
        }
    }
    out
}

/// The functions that fit the words best: BM25 over names, signatures and docstrings. Best first, with the score.
///
/// # Errors
/// The file cannot be read.
pub fn search(path: &Path, words: &str, most: usize) -> Result<Vec<(f64, Json)>, String> {
    let entries = read(path)?.as_array().cloned().unwrap_or_default();
    let texts: Vec<Vec<String>> = entries.iter().map(|entry| words_of(&text_of(entry))).collect();
    let mean = texts.iter().map(Vec::len).sum::<usize>() as f64 / texts.len().max(1) as f64;
    let mut holders: BTreeMap<&str, f64> = BTreeMap::new();
    for text in &texts {
        let mut once: Vec<&str> = text.iter().map(String::as_str).collect();
        once.sort_unstable();
        once.dedup();
        once.into_iter().for_each(|word| *holders.entry(word).or_default() += 1.0);
    }
    let query = words_of(words);
    let count = texts.len() as f64;
    let score = |text: &Vec<String>| -> f64 {
        let of = |word: &String| {
            let often = text.iter().filter(|other| *other == word).count() as f64;
            let holders = holders.get(word.as_str()).copied().unwrap_or(0.0);
            let rare = ((count - holders + 0.5) / (holders + 0.5) + 1.0).ln();
            rare * often * (AGAIN + 1.0) / (often + AGAIN * (1.0 - LENGTH + LENGTH * text.len() as f64 / mean.max(1.0)))
        };
        query.iter().map(of).sum()
    };
    let mut scored: Vec<(f64, Json)> = texts.iter().map(score).zip(entries).filter(|(score, _)| *score > 0.0).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(most);
    Ok(scored)
}

fn text_of(entry: &Json) -> String {
    let part = |name: &str| entry[name].as_str().unwrap_or_default();
    // The name counts twice: it is the shortest description.
    format!("{0} {0} {1} {2}", part("name"), part("signature"), part("doc"))
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.to_lowercase()).map(|word| word.strip_suffix('s').filter(|stem| stem.len() > 2).map(String::from).unwrap_or(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &str, doc: &str, source: &str) -> (String, Value) {
        let digest = emulant_journal::hex(&emulant_journal::sha256(source.as_bytes()));
        let fields = [("name", name), ("doc", doc), ("signature", "def f(x)"), ("source", source), ("contract", name), ("sha256", &digest)];
        ("synthesized".into(), Value::dict(fields.map(|(key, text)| (key, Value::str(text)))))
    }

    #[test]
    fn what_was_accepted_is_kept_found_and_not_twice() {
        let folder = tempfile::tempdir().unwrap();
        let (lock, all) = (folder.path().join("emulant.lock"), folder.path().join("tools.json"));
        let notes = [
            note("word_count", "How many words a text has.", "def word_count(t):\n    return len(t.split())"),
            note("count_words", "Number of words.", "def count_words(t):  # again\n\n    return len(t.split())"),
            note("area", "The area of a circle.", "def area(r):\n    return 3 * r * r"),
        ];
        keep(&lock, &notes, "m", Some("r")).unwrap();
        keep(&lock, &notes[..1], "other", None).unwrap();
        let entries = read(&lock).unwrap();
        assert_eq!(entries.as_array().unwrap().len(), 3);
        assert_eq!(entries[2]["by"], "other");
        assert_eq!((make(&lock, &all).unwrap(), make(&lock, &all).unwrap()), (3, 0));
        assert_eq!((dedup(&all).unwrap(), dedup(&all).unwrap()), (1, 0));
        let found = search(&all, "circle areas", 5).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1["name"], "area");
        std::fs::write(&all, "{}").unwrap();
        assert!(search(&all, "x", 1).is_err());
    }
}
