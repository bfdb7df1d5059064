//! Answers from a file: what most tests use, and a way to try a program without a model.
//!
//! The file is a JSON list of objects. `answer` is plain JSON that the hole's type
//! judges; in its place `raise` (class and message), `refuse`, `fail` or `abstain`
//! may stand. `name`, `call` and `instruction` narrow down which holes it is for:
//! `name` must be equal, `call` must equal the call as Python writes it, and
//! `instruction` must occur in the instruction. The first entry that fits answers,
//! each time anew; `times` uses it up.

use crate::{Backend, ModelError, Progress, Watcher, prompt};
use emulant_ask::{Answer, AnswerDetail, Hole, Shape};
use serde::Deserialize;
use serde_json::Value as Json;
use std::path::Path;

/// A backend that looks its answers up.
pub struct Script {
    name: String,
    entries: Vec<Entry>,
    watcher: Option<Watcher>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Option<String>,
    call: Option<String>,
    instruction: Option<String>,
    /// How often it may answer.
    times: Option<u64>,
    confidence_ppm: Option<u32>,
    /// `Some(None)` cannot be told from a missing key without help, hence the function.
    #[serde(default, deserialize_with = "present")]
    answer: Option<Json>,
    raise: Option<(String, String)>,
    refuse: Option<String>,
    fail: Option<String>,
    abstain: Option<String>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl Script {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, or is not such a list.
    pub fn open(path: &Path) -> Result<Script, ModelError> {
        let text = std::fs::read_to_string(path).map_err(|error| ModelError::disk("read", path, &error))?;
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Script::from_json(&name, &text)
    }

    /// Takes `text` as the contents of such a file, and `name` as who answers.
    ///
    /// # Errors
    /// The text is not such a list.
    pub fn from_json(name: &str, text: &str) -> Result<Script, ModelError> {
        let entries: Vec<Entry> =
            serde_json::from_str(text).map_err(|error| ModelError::Format(format!("script {name}: {error}")))?;
        for (index, entry) in entries.iter().enumerate() {
            if entry.answers() != 1 {
                return Err(ModelError::Format(format!(
                    "script {name}: entry {index} needs exactly one of answer, raise, refuse, fail and abstain"
                )));
            }
        }
        Ok(Script { name: name.into(), entries, watcher: None })
    }

    fn answer_one(&mut self, hole: &Hole) -> Answer {
        let call = prompt::call(hole);
        let by = self.identity();
        match self.entries.iter_mut().find(|entry| entry.fits(hole, &call)) {
            Some(entry) => entry.take(hole, by),
            None => Answer::Failed { reason: format!("the script {} has no answer for {call}", self.name) },
        }
    }
}

impl Backend for Script {
    fn identity(&self) -> String {
        format!("script:{}", self.name)
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        let answers = holes.iter().map(|hole| self.answer_one(hole)).collect();
        if let Some(watcher) = &mut self.watcher {
            // All is done already, so a wish to stop changes nothing.
            let _ = watcher(&Progress::Answered { done: holes.len(), of: holes.len() });
        }
        answers
    }

    fn watch(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
    }
}

impl Entry {
    fn answers(&self) -> usize {
        let kinds = [self.answer.is_some(), self.raise.is_some(), self.refuse.is_some(), self.fail.is_some(), self.abstain.is_some()];
        kinds.into_iter().filter(|given| *given).count()
    }

    fn fits(&self, hole: &Hole, call: &str) -> bool {
        self.times != Some(0)
            && self.name.as_ref().is_none_or(|name| *name == hole.name)
            && self.call.as_ref().is_none_or(|wanted| wanted == call)
            && self.instruction.as_ref().is_none_or(|part| hole.instruction.contains(part.as_str()))
    }

    fn take(&mut self, hole: &Hole, by: String) -> Answer {
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        if let Some((class, message)) = self.raise.clone() {
            return Answer::Raise { class, message };
        }
        if let Some(reason) = self.refuse.clone() {
            return Answer::Refused { reason };
        }
        if let Some(reason) = self.fail.clone() {
            return Answer::Failed { reason };
        }
        if let Some(reason) = self.abstain.clone() {
            return Answer::Abstained { reason };
        }
        let json = self.answer.as_ref().unwrap_or(&Json::Null);
        accepted(&hole.shape, json, AnswerDetail { confidence_ppm: self.confidence_ppm, by, ..AnswerDetail::default() })
    }
}

/// The reason of an answer that came, but does not fit its hole's type.
pub fn unfit(answer: &Answer) -> Option<&str> {
    match answer {
        Answer::Failed { reason } if reason.starts_with("the answer of ") && reason.contains(UNFIT) => Some(reason),
        _ => None,
    }
}

/// Between who answered and why it does not fit.
const UNFIT: &str = " does not fit: ";

/// The answer that `json` is for a hole of this shape; one that does not fit has failed.
pub(crate) fn accepted(shape: &Shape, json: &Json, detail: AnswerDetail) -> Answer {
    match shape.accept(json) {
        Ok(value) => Answer::Value { value, detail },
        Err(mismatch) => Answer::Failed { reason: format!("the answer of {}{UNFIT}{mismatch}", detail.by) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::tests::stub;
    use emulant_ask::Value;

    fn script(text: &str) -> Script {
        Script::from_json("t", text).unwrap()
    }

    #[test]
    fn the_first_entry_that_fits_answers() {
        let mut script = script(
            r#"[{"call": "is_fruit(\"stone\")", "answer": false},
                {"name": "is_fruit", "answer": true, "times": 1, "confidence_ppm": 900000},
                {"instruction": "a fruit", "abstain": "unsure"}]"#,
        );
        let (stone, apple) = (stub("stone"), stub("apple"));
        let answers = script.answer(&[&apple, &stone, &apple]);
        let detail = |ppm| AnswerDetail { confidence_ppm: ppm, by: "script:t".into(), ..AnswerDetail::default() };
        assert_eq!(
            answers,
            [
                Answer::Value { value: Value::Bool(true), detail: detail(Some(900_000)) },
                Answer::Value { value: Value::Bool(false), detail: detail(None) },
                Answer::Abstained { reason: "unsure".into() },
            ]
        );
    }

    #[test]
    fn what_does_not_fit_fails_with_a_reason() {
        let mut script = script(r#"[{"call": "is_fruit(\"a\")", "answer": "yes"}]"#);
        let (a, b) = (stub("a"), stub("b"));
        let answers = script.answer(&[&a, &b]);
        assert_eq!(answers[0], Answer::Failed { reason: "the answer of script:t does not fit: $: expected bool, got \"yes\"".into() });
        assert_eq!(answers[1], Answer::Failed { reason: "the script t has no answer for is_fruit(\"b\")".into() });
    }

    #[test]
    fn null_is_an_answer_and_a_missing_one_is_an_error() {
        let mut nothing = stub("a");
        nothing.shape = Shape::None;
        assert!(matches!(script(r#"[{"answer": null}]"#).answer(&[&nothing])[0], Answer::Value { value: Value::None, .. }));
        for text in [r#"[{}]"#, r#"[{"answer": 1, "fail": "x"}]"#, r#"[{"anwser": 1}]"#, "{}", "[", ""] {
            assert!(matches!(Script::from_json("t", text), Err(ModelError::Format(_))), "{text}");
        }
    }
}
