//! Answers that were recorded once, for tests without a model.
//!
//! A cassette is a file of JSON lines: what was asked, the digest of that as its key, and
//! the answer. The key covers everything that could change the answer: who answers, every
//! byte of the prompt, the schema, and how it was decoded. A question that occurs several
//! times has an answer for each time.

use crate::{Backend, Chat, Heard, ModelError, NO_TEXT, Said, Watcher, prompt};
use emulant_ask::{Answer, Hole, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

const VERSION: u32 = 1;
/// A longer line is no line of a cassette.
const LINE_BYTES_MAX: usize = 64 << 20;
/// A longer difference is cut.
const SHOWN_MAX: usize = 160;

/// What to do with questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Ask, and record anew.
    Record,
    /// Never ask; what is not recorded fails.
    Replay,
    /// Ask what is not recorded, and record it.
    RecordMissing,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    v: u32,
    key: String,
    request: Json,
    answer: Answer,
}

/// Opens the model behind the cassette, when it is needed.
type Opener = Box<dyn FnMut() -> Result<Box<dyn Backend>, ModelError> + Send>;

/// A backend that records or repeats.
pub struct Cassette {
    mode: Mode,
    path: PathBuf,
    lines: Vec<Line>,
    /// Lines of each key, in order, and how many were used.
    places: HashMap<String, (Vec<usize>, usize)>,
    opener: Opener,
    inner: Option<Box<dyn Backend>>,
    watcher: Option<Watcher>,
    /// Who answers and how, as the key says it.
    who: Option<(String, String)>,
    out: Option<File>,
    /// Does the file still hold an earlier recording, which this one takes the place of?
    stale: bool,
}

impl Cassette {
    /// The cassette at `path`. `opener` opens the model, except in replay, where it is
    /// never called; then `who` stands in for it (identity and decoding), and without
    /// `who` the one that was recorded.
    ///
    /// # Errors
    /// The file cannot be read or written, or is no cassette.
    pub fn open(mode: Mode, path: &Path, who: Option<(String, String)>, opener: Opener) -> Result<Cassette, ModelError> {
        let lines = match mode {
            Mode::Replay => read(path)?,
            Mode::RecordMissing if path.exists() => read(path)?,
            _ => Vec::new(),
        };
        let out = match mode {
            Mode::Replay => None,
            Mode::Record => Some(OpenOptions::new().create(true).read(true).append(true).open(path).and_then(mended)),
            Mode::RecordMissing => Some(OpenOptions::new().create(true).append(true).open(path)),
        };
        let out = out.transpose().map_err(|error| ModelError::disk("write", path, &error))?;
        let recorded = |lines: &[Line]| {
            let text = |name: &str| lines.first()?.request.get(name)?.as_str().map(String::from);
            Some((text("backend")?, text("decoding")?))
        };
        let who = if mode == Mode::Replay { who.or_else(|| recorded(&lines)) } else { None };
        let mut cassette =
            Cassette { mode, path: path.into(), lines: Vec::new(), places: HashMap::new(), opener, inner: None, watcher: None, who, out, stale: mode == Mode::Record };
        lines.into_iter().for_each(|line| cassette.add(line));
        Ok(cassette)
    }

    fn add(&mut self, line: Line) {
        self.places.entry(line.key.clone()).or_default().0.push(self.lines.len());
        self.lines.push(line);
    }

    fn inner(&mut self) -> Result<&mut Box<dyn Backend>, String> {
        if self.inner.is_none() {
            let mut inner = (self.opener)().map_err(|error| error.to_string())?;
            if let Some(watcher) = self.watcher.take() {
                inner.watch(watcher);
            }
            self.who = Some((inner.identity(), inner.decoding()));
            self.inner = Some(inner);
        }
        self.inner.as_mut().ok_or_else(|| "there is no model".into())
    }

    fn request(&self, hole: &Hole) -> Json {
        let (backend, decoding) = self.who.clone().unwrap_or_default();
        json!({
            "backend": backend, "decoding": decoding, "prompt_version": prompt::prompt_version(hole.hole),
            "prompt": prompt::whole_question(hole), "schema": hole.shape.json_schema(), "type": hole.shape, "wish": hole.wish,
        })
    }

    /// The next recorded answer to `request`.
    fn recorded(&mut self, key: &str) -> Option<Answer> {
        let (places, used) = self.places.get_mut(key)?;
        let answer = self.lines[*places.get(*used)?].answer.clone();
        *used += 1;
        Some(answer)
    }

    fn record(&mut self, request: Json, answer: &Answer) -> Result<(), String> {
        // What was cut off by the clock says nothing about the question.
        if *answer == Answer::Stopped {
            return Ok(());
        }
        let line = Line { v: VERSION, key: key(&request), request, answer: answer.clone() };
        let json = serde_json::to_value(&line).map_err(|error| error.to_string())?;
        let text = canonical(&json) + "\n";
        if let Some(out) = &mut self.out {
            if std::mem::take(&mut self.stale) {
                out.set_len(0).map_err(|error| format!("cannot write {}: {error}", self.path.display()))?;
            }
            out.write_all(text.as_bytes()).map_err(|error| format!("cannot write {}: {error}", self.path.display()))?;
        }
        self.add(line);
        if let Some((places, used)) = self.places.get_mut(&key(&self.lines[self.lines.len() - 1].request)) {
            *used = places.len();
        }
        Ok(())
    }

    fn miss(&self, request: &Json) -> String {
        let mut reason = format!("{} has no answer to this question (--record-missing asks for it)", self.path.display());
        let near = self.lines.iter().max_by_key(|line| likeness(&line.request, request));
        match near {
            None => reason.push_str(": it is empty"),
            Some(line) if line.request == *request => reason.push_str(": it was recorded, but asked fewer times"),
            Some(line) => {
                reason.push_str("; the nearest one differs in ");
                reason.push_str(&difference(&line.request, request));
            }
        }
        reason
    }

    fn ask(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        let failed = |reason: String| vec![Answer::Failed { reason }; holes.len()];
        let mut answers = match self.inner() {
            Ok(inner) => inner.answer(holes),
            Err(reason) => return failed(reason),
        };
        for (hole, answer) in holes.iter().zip(&mut answers) {
            let request = self.request(hole);
            if let Err(reason) = self.record(request, answer) {
                *answer = Answer::Failed { reason };
            }
        }
        answers
    }
}

impl Backend for Cassette {
    fn identity(&self) -> String {
        self.who.as_ref().map_or_else(|| "cassette".into(), |(identity, _)| identity.clone())
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        if self.mode == Mode::Record {
            return self.ask(holes);
        }
        if self.mode == Mode::RecordMissing
            && let Err(reason) = self.inner()
        {
            return vec![Answer::Failed { reason }; holes.len()];
        }
        let requests: Vec<Json> = holes.iter().map(|hole| self.request(hole)).collect();
        let mut answers: Vec<Option<Answer>> = requests.iter().map(|request| self.recorded(&key(request))).collect();
        let missing: Vec<usize> = (0..holes.len()).filter(|index| answers[*index].is_none()).collect();
        if self.mode == Mode::Replay {
            let miss = |index: usize| Answer::Failed { reason: self.miss(&requests[index]) };
            return answers.iter_mut().enumerate().map(|(index, answer)| answer.take().unwrap_or_else(|| miss(index))).collect();
        }
        if !missing.is_empty() {
            let asked: Vec<&Hole> = missing.iter().map(|index| holes[*index]).collect();
            let given = self.ask(&asked);
            missing.iter().zip(given).for_each(|(index, answer)| answers[*index] = Some(answer));
        }
        answers.into_iter().map(|answer| answer.unwrap_or(Answer::Stopped)).collect()
    }

    /// A run goes on that was recorded up to here: its recording goes on too, and what it was told is used up.
    fn recall(&mut self, hole: &Hole, answer: &Answer) {
        self.stale = false;
        if self.mode != Mode::Record && (self.mode == Mode::Replay || self.inner().is_ok()) {
            let key = key(&self.request(hole));
            let _ = self.recorded(&key);
        }
        if let Some(inner) = &mut self.inner {
            inner.recall(hole, answer);
        }
    }

    fn watch(&mut self, watcher: Watcher) {
        match &mut self.inner {
            Some(inner) => inner.watch(watcher),
            None => self.watcher = Some(watcher),
        }
    }

    fn decoding(&self) -> String {
        self.who.as_ref().map_or_else(String::new, |(_, decoding)| decoding.clone())
    }

    fn chat(&mut self, request: &Chat, heard: Heard<'_>) -> Result<Said, String> {
        match self.mode {
            Mode::Replay => Err(format!("a recording holds typed answers only and {NO_TEXT}")),
            _ => self.inner()?.chat(request, heard),
        }
    }
}

/// A line that was cut off, when a process died, is taken away.
fn mended(mut file: File) -> std::io::Result<File> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if whole < bytes.len() {
        file.set_len(whole as u64)?;
    }
    Ok(file)
}

fn key(request: &Json) -> String {
    Sha256::digest(canonical(request)).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Vec<Line>, ModelError> {
    let file = File::open(path).map_err(|error| ModelError::disk("read", path, &error))?;
    let bad = |number: usize, reason: &str| ModelError::Format(format!("{}, line {}: {reason}", path.display(), number + 1));
    let mut lines = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|error| ModelError::disk("read", path, &error))?;
        if line.len() > LINE_BYTES_MAX {
            return Err(bad(number, "it is too long"));
        }
        let line: Line = serde_json::from_str(&line).map_err(|error| bad(number, &error.to_string()))?;
        if line.v != VERSION || line.key != key(&line.request) {
            return Err(bad(number, "the key does not belong to the request, or the version is another"));
        }
        lines.push(line);
    }
    Ok(lines)
}

/// How near two requests are: equal parts weigh most, then how far their prompts agree from
/// both ends.
fn likeness(one: &Json, other: &Json) -> usize {
    let parts = ["backend", "decoding", "schema", "type", "wish", "prompt_version"];
    let equal = parts.iter().filter(|part| one.get(**part) == other.get(**part)).count();
    let text = |json: &Json| json.get("prompt").and_then(Json::as_str).unwrap_or_default().as_bytes().to_vec();
    let (a, b) = (text(one), text(other));
    let front = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    equal * 1_000_000 + front + back.min(a.len().max(b.len()) - front)
}

/// The first lines in which two requests differ.
fn difference(recorded: &Json, asked: &Json) -> String {
    let text = |json: Option<&Json>| match json {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let parts = ["backend", "decoding", "prompt_version", "schema", "type", "wish", "prompt"];
    let mut shown = Vec::new();
    for part in parts {
        let (old, new) = (text(recorded.get(part)), text(asked.get(part)));
        if old == new {
            continue;
        }
        let (mut left, mut right) = (old.lines(), new.lines());
        loop {
            match (left.next(), right.next()) {
                (Some(a), Some(b)) if a == b => {}
                (a, b) => {
                    shown.push(format!("{part}:\n  - {}\n  + {}", cut(a.unwrap_or("(end)")), cut(b.unwrap_or("(end)"))));
                    break;
                }
            }
        }
    }
    shown.join("\n")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(SHOWN_MAX) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Script;
    use crate::prompt::tests::stub;
    use emulant_ask::Value;

    const SCRIPT: &str = r#"[{"answer": true, "times": 1}, {"answer": false}]"#;

    fn open(mode: Mode, path: &Path) -> Cassette {
        Cassette::open(mode, path, None, Box::new(|| Ok(Box::new(Script::from_json("t", SCRIPT)?)))).unwrap()
    }

    fn replay(path: &Path) -> Cassette {
        Cassette::open(Mode::Replay, path, None, Box::new(|| panic!("a replay asks nobody"))).unwrap()
    }

    fn values(answers: &[Answer]) -> Vec<Option<bool>> {
        let value = |answer: &Answer| match answer {
            Answer::Value { value: Value::Bool(value), .. } => Some(*value),
            _ => None,
        };
        answers.iter().map(value).collect()
    }

    #[test]
    fn what_was_recorded_is_repeated_in_its_order_without_a_model() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tape.jsonl");
        let (a, b) = (stub("a"), stub("b"));
        let recorded = open(Mode::Record, &path).answer(&[&a, &a, &b]);
        assert_eq!(values(&recorded), [Some(true), Some(false), Some(false)]);
        let mut again = replay(&path);
        assert_eq!(again.identity(), "script:t");
        assert_eq!(again.answer(&[&b, &a]), [recorded[2].clone(), recorded[0].clone()]);
        assert_eq!(again.answer(&[&a]), [recorded[1].clone()]);
        let Answer::Failed { reason } = again.answer(&[&a]).remove(0) else { panic!("asked too often") };
        assert!(reason.ends_with("it was recorded, but asked fewer times"), "{reason}");
    }

    #[test]
    fn a_miss_shows_what_differs_from_the_nearest_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tape.jsonl");
        let mut other = stub("a");
        other.name = "is_metal".into();
        other.signature = "def is_metal(w: str) -> bool".into();
        open(Mode::Record, &path).answer(&[&stub("pear"), &other]);
        let Answer::Failed { reason } = replay(&path).answer(&[&stub("peach")]).remove(0) else { panic!("a hit") };
        let expected = "differs in prompt:\n  - >>> is_fruit(\"pear\")\n  + >>> is_fruit(\"peach\")";
        assert!(reason.ends_with(expected), "{reason}");
        std::fs::write(&path, "").unwrap();
        let Answer::Failed { reason } = replay(&path).answer(&[&stub("peach")]).remove(0) else { panic!("a hit") };
        assert!(reason.contains(": it is empty"), "{reason}");
    }

    #[test]
    fn only_what_is_missing_is_asked_and_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tape.jsonl");
        assert_eq!(values(&open(Mode::RecordMissing, &path).answer(&[&stub("a")])), [Some(true)]);
        // A fresh script would say true first again, and does, for what is new.
        assert_eq!(values(&open(Mode::RecordMissing, &path).answer(&[&stub("a"), &stub("b")])), [Some(true), Some(true)]);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
        assert_eq!(values(&replay(&path).answer(&[&stub("b"), &stub("a")])), [Some(true), Some(true)]);
    }

    #[test]
    fn a_recording_goes_on_with_its_run_and_a_new_one_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tape.jsonl");
        let first = open(Mode::Record, &path).answer(&[&stub("a")]).remove(0);
        // The process died while it wrote; another one goes on with the run.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"v\":1,").unwrap();
        let mut resumed = open(Mode::Record, &path);
        resumed.recall(&stub("a"), &first);
        resumed.answer(&[&stub("b")]);
        let mut again = replay(&path);
        assert_eq!(values(&again.answer(&[&stub("a"), &stub("b")])), [Some(true), Some(true)]);
        open(Mode::Record, &path).answer(&[&stub("c")]);
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1, "another run's recording is gone");
    }

    #[test]
    fn what_a_run_was_told_before_it_was_killed_is_used_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tape.jsonl");
        let told = open(Mode::Record, &path).answer(&[&stub("a"), &stub("a")]);
        assert_eq!(values(&told), [Some(true), Some(false)]);
        let mut resumed = replay(&path);
        resumed.recall(&stub("a"), &told[0]);
        assert_eq!(values(&resumed.answer(&[&stub("a")])), [Some(false)]);
    }

    #[test]
    fn a_damaged_cassette_names_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tape.jsonl");
        open(Mode::Record, &path).answer(&[&stub("a")]);
        let whole = std::fs::read_to_string(&path).unwrap();
        for damaged in [whole.replace("is_fruit", "is_metal"), whole.replace("\"v\":1", "\"v\":2"), "{".into()] {
            std::fs::write(&path, damaged).unwrap();
            let error = Cassette::open(Mode::Replay, &path, None, Box::new(|| panic!("never"))).err().unwrap();
            assert!(error.to_string().contains("line 1"), "{error}");
        }
    }
}
