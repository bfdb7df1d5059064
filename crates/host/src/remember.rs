//! Answers of earlier runs: the same hole with the same inputs has the same answer.
//!
//! A file of JSON lines, one an answer, by a key that is made of everything the
//! answer depends on: the model's name, and the whole hole with its type. Frozen,
//! what the file does not know fails with what differs from the nearest that it knows,
//! and no model is asked: so a check in a pipeline says that a prompt has changed.

use crate::answer::Holes;
use emulant_ask::{Answer, Hole, canonical};
use emulant_journal::{hex, sha256};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 1 << 30;

/// One that fills holes from a file first.
pub struct Remembered<'m> {
    inner: &'m mut dyn Holes,
    model: String,
    path: PathBuf,
    known: BTreeMap<String, (Hole, Answer)>,
    frozen: bool,
}

impl<'m> Remembered<'m> {
    /// Reads the file, when there is one.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it is none of ours.
    pub fn open(path: &Path, model: &str, frozen: bool, inner: &'m mut dyn Holes) -> Result<Remembered<'m>, String> {
        let mut known = BTreeMap::new();
        let at = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
        if path.exists() {
            if std::fs::metadata(path).map_err(|error| at(&error))?.len() > FILE_BYTES_MAX {
                return Err(at(&"too large"));
            }
            let text = std::fs::read_to_string(path).map_err(|error| at(&error))?;
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let (key, entry) = parse(line).ok_or_else(|| at(&format!("line {} is no answer", number + 1)))?;
                known.insert(key, entry);
            }
        }
        Ok(Remembered { inner, model: model.into(), path: path.into(), known, frozen })
    }

    /// Everything that an answer depends on, as one short text.
    fn key(&self, hole: &Hole) -> String {
        key_of(&self.model, hole)
    }

    fn missing(&self, hole: &Hole) -> Answer {
        let nearest = self.known.values().map(|(known, _)| differences(known, hole)).min_by_key(Vec::len);
        let differs = match nearest {
            Some(parts) if parts.len() <= 4 => format!("the nearest that is known differs in {}", parts.join(", ")),
            _ => "nothing like it is known".into(),
        };
        let what = if hole.name.is_empty() { hole.instruction.chars().take(60).collect() } else { hole.name.clone() };
        Answer::Failed { reason: format!("{} has no answer for {what:?}: {differs}; run once without --frozen", self.path.display()) }
    }

    fn keep(&mut self, key: String, hole: &Hole, answer: &Answer) {
        if !matches!(answer, Answer::Value { .. } | Answer::Raise { .. }) {
            return;
        }
        let line = json!({"key": key, "model": self.model, "hole": hole, "answer": answer});
        let file = std::fs::OpenOptions::new().create(true).append(true).open(&self.path);
        // An answer that cannot be kept is still an answer.
        let _ = file.and_then(|mut file| file.write_all((canonical(&line) + "\n").as_bytes()));
        self.known.insert(key, (hole.clone(), answer.clone()));
    }
}

fn key_of(model: &str, hole: &Hole) -> String {
    let json = json!({"model": model, "hole": hole});
    hex(&sha256(canonical(&json).as_bytes()))
}

fn parse(line: &str) -> Option<(String, (Hole, Answer))> {
    let json: Json = serde_json::from_str(line).ok()?;
    let (model, hole) = (json["model"].as_str()?, serde_json::from_value(json["hole"].clone()).ok()?);
    let answer = serde_json::from_value(json["answer"].clone()).ok()?;
    // The key is made anew: one that does not belong to its hole is of no use.
    Some((key_of(model, &hole), (hole, answer)))
}

/// Names of the parts in which two holes differ.
fn differences(a: &Hole, b: &Hole) -> Vec<&'static str> {
    let parts = [
        ("kind", a.hole == b.hole),
        ("name", a.name == b.name),
        ("signature", a.signature == b.signature),
        ("instruction", a.instruction == b.instruction),
        ("arguments", a.arguments == b.arguments),
        ("type", a.shape == b.shape),
        ("examples", a.examples == b.examples),
        ("feedback", a.feedback == b.feedback),
        ("program", a.context == b.context),
    ];
    parts.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
}

impl Holes for Remembered<'_> {
    fn answer(&mut self, holes: &[&Hole], deadline: Option<Instant>) -> Vec<Answer> {
        let keys: Vec<String> = holes.iter().map(|hole| self.key(hole)).collect();
        let open: Vec<usize> = (0..holes.len()).filter(|index| !self.known.contains_key(&keys[*index])).collect();
        let mut fresh: BTreeMap<usize, Answer> = BTreeMap::new();
        if self.frozen {
            fresh.extend(open.iter().map(|index| (*index, self.missing(holes[*index]))));
        } else if !open.is_empty() {
            let asked: Vec<&Hole> = open.iter().map(|index| holes[*index]).collect();
            for (index, answer) in open.iter().zip(self.inner.answer(&asked, deadline)) {
                self.keep(keys[*index].clone(), holes[*index], &answer);
                fresh.insert(*index, answer);
            }
        }
        let nobody = || Answer::Failed { reason: "the model gave no answer".into() };
        (0..holes.len())
            .map(|index| match (fresh.remove(&index), self.known.get(&keys[index])) {
                (Some(answer), _) => answer,
                (None, Some((_, answer))) => answer.clone(),
                (None, None) => nobody(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emulant_ask::{Shape, Value};

    struct Counting(usize);

    impl Holes for Counting {
        fn answer(&mut self, holes: &[&Hole], _: Option<Instant>) -> Vec<Answer> {
            self.0 += holes.len();
            holes.iter().map(|_| Answer::value(Value::Int(self.0 as i64))).collect()
        }
    }

    fn hole(name: &str, argument: i64, shape: Shape) -> Hole {
        Hole { name: name.into(), arguments: vec![("n".into(), Value::Int(argument))], shape, ..Hole::default() }
    }

    #[test]
    fn a_hole_is_asked_once_and_its_type_is_part_of_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.jsonl");
        let int = Shape::Int { min: None, max: None };
        let (one, two, other) = (hole("f", 1, int.clone()), hole("f", 2, int), hole("f", 1, Shape::Float));
        let mut model = Counting(0);
        {
            let mut remembered = Remembered::open(&path, "m", false, &mut model).unwrap();
            assert_eq!(remembered.answer(&[&one, &two], None), remembered.answer(&[&one, &two], None));
            remembered.answer(&[&other], None);
        }
        assert_eq!(model.0, 3);
        let mut remembered = Remembered::open(&path, "m", true, &mut model).unwrap();
        assert!(matches!(remembered.answer(&[&one], None)[0], Answer::Value { .. }));
        let missing = remembered.answer(&[&hole("f", 3, Shape::Float)], None);
        let Answer::Failed { reason } = &missing[0] else { panic!("{missing:?}") };
        assert!(reason.contains("\"f\": the nearest that is known differs in arguments;"), "{reason}");
        assert_eq!(model.0, 3, "a frozen run asks no model");
        let mut elsewhere = Remembered::open(&path, "n", true, &mut model).unwrap();
        assert!(matches!(elsewhere.answer(&[&one], None)[0], Answer::Failed { .. }));
        std::fs::write(&path, "nonsense\n").unwrap();
        assert!(Remembered::open(&path, "m", true, &mut Counting(0)).is_err());
    }
}
