//! Labelled typed cases: reading them, asking a model all of them, and judging what came.
//!
//! Half of the cases are there to tune on; the other half is for the final figure. Which
//! half a case is in depends on its place alone, and is balanced for labels that alternate.

use crate::measure::Sample;
use crate::{Backend, ModelError, calibrate};
use emulant_ask::{Answer, Hole, HoleKind, Shape, Tried, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::path::Path;

/// One task: a typed function, and cases of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TaskFile {
    task: String,
    signature: String,
    doc: String,
    shape: Shape,
    parameters: Vec<String>,
    cases: Vec<CaseFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    r#in: Vec<Json>,
    /// Any of these is right.
    out: Vec<Json>,
}

/// Which cases are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// For tuning and fitting.
    Tuning,
    /// For the figures.
    HeldOut,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of its task.
    pub task: String,
    /// Its place in the task.
    pub index: usize,
    /// Its half.
    pub half: Half,
    /// What is asked.
    pub hole: Hole,
    /// The right answers, as plain JSON.
    pub right: Vec<Json>,
}

/// What a model made of one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Name of the task.
    pub task: String,
    /// Place in it.
    pub index: usize,
    /// Half of the case.
    pub half: Half,
    /// The family of the type.
    pub family: String,
    /// Who answered.
    pub by: String,
    /// The answer as plain JSON; none when it failed.
    pub answer: Option<Json>,
    /// Why there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether it was right; unknown where nobody labelled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<bool>,
    /// Confidence in parts per million.
    pub confidence_ppm: Option<u32>,
    /// Name of the fit that made it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub calibration: String,
    /// Tokens read.
    pub tokens_in: u64,
    /// Tokens written.
    pub tokens_out: u64,
    /// Microseconds.
    pub time_us: u64,
    /// Who was asked before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
}

impl Outcome {
    /// As a sample of confidence; an answer without one counts as a coin.
    pub fn sample(&self) -> Option<Sample> {
        let confidence = self.confidence_ppm.map_or(0.5, |ppm| f64::from(ppm) / 1e6);
        self.right.map(|right| Sample { confidence, right })
    }

    /// What is known about `answer` to `hole`, right or wrong by `right`.
    pub fn new(task: &str, index: usize, half: Half, hole: &Hole, answer: &Answer, right: Option<&[Json]>) -> Outcome {
        let mut outcome = Outcome {
            task: task.into(),
            index,
            half,
            family: calibrate::family(&hole.shape).into(),
            by: String::new(),
            answer: None,
            reason: String::new(),
            right: right.map(|_| false),
            confidence_ppm: None,
            calibration: String::new(),
            tokens_in: 0,
            tokens_out: 0,
            time_us: 0,
            tried: Vec::new(),
        };
        match answer {
            Answer::Value { value, detail } => {
                let json = plain(value);
                outcome.right = right.map(|right| right.iter().any(|one| alike(one, &json)));
                outcome.answer = Some(json);
                outcome.by = detail.by.clone();
                outcome.confidence_ppm = detail.confidence_ppm;
                outcome.calibration = detail.calibration.clone();
                (outcome.tokens_in, outcome.tokens_out, outcome.time_us) = (detail.tokens_in, detail.tokens_out, detail.time_us);
                outcome.tried = detail.tried.clone();
            }
            Answer::Failed { reason } | Answer::Abstained { reason } | Answer::Refused { reason } => outcome.reason = reason.clone(),
            Answer::Raise { class, message } => outcome.reason = format!("{class}: {message}"),
            Answer::Stopped => outcome.reason = "stopped".into(),
        }
        outcome
    }
}

/// Plain JSON; an enum's member is its name.
fn plain(value: &Value) -> Json {
    match value {
        Value::Record(_, fields) if fields.len() == 1 && fields[0].0 == "name" => fields[0].1.to_plain_json(),
        other => other.to_plain_json(),
    }
}

/// Equal, with texts compared without regard to case and edges, and numbers by value.
fn alike(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::String(a), Json::String(b)) => a.trim().to_lowercase() == b.trim().to_lowercase(),
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Json::Object(a), Json::Object(b)) => a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| alike(value, other))),
        _ => one == other,
    }
}

/// Places 0, 3, 5, 6, 9, … are for tuning: the Thue-Morse sequence, which no pattern of
/// labels follows.
fn half(index: usize) -> Half {
    match index.count_ones() % 2 {
        0 => Half::Tuning,
        _ => Half::HeldOut,
    }
}

/// All cases in the JSON files of `folder`, sorted by task.
///
/// # Errors
/// A file cannot be read, is no task, or a right answer does not fit its own type.
pub fn load(folder: &Path) -> Result<Vec<Case>, ModelError> {
    let entries = std::fs::read_dir(folder).map_err(|error| ModelError::disk("read", folder, &error))?;
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|error| ModelError::disk("read", &path, &error))?;
        cases.extend(parse(&text).map_err(|reason| ModelError::Format(format!("{}: {reason}", path.display())))?);
    }
    Ok(cases)
}

fn parse(text: &str) -> Result<Vec<Case>, String> {
    let file: TaskFile = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut cases = Vec::new();
    for (index, case) in file.cases.into_iter().enumerate() {
        if case.r#in.len() != file.parameters.len() {
            return Err(format!("case {index} has {} inputs for {} parameters", case.r#in.len(), file.parameters.len()));
        }
        if let Some(mismatch) = case.out.iter().find_map(|out| file.shape.accept(out).err()) {
            return Err(format!("case {index}: {mismatch}"));
        }
        let values = case.r#in.iter().map(Value::from_json).collect::<Result<Vec<_>, _>>()?;
        let hole = Hole {
            hole: HoleKind::Stub,
            name: file.task.clone(),
            signature: file.signature.clone(),
            instruction: file.doc.clone(),
            arguments: file.parameters.iter().cloned().zip(values).collect(),
            shape: file.shape.clone(),
            ..Hole::default()
        };
        cases.push(Case { task: file.task.clone(), index, half: half(index), hole, right: case.out });
    }
    Ok(cases)
}

/// Asks `backend` all of `cases` as one batch.
pub fn ask(backend: &mut dyn Backend, cases: &[Case]) -> Vec<Outcome> {
    let holes: Vec<&Hole> = cases.iter().map(|case| &case.hole).collect();
    let answers = backend.answer(&holes);
    let judged = |(case, answer): (&Case, &Answer)| Outcome::new(&case.task, case.index, case.half, &case.hole, answer, Some(&case.right));
    cases.iter().zip(&answers).map(judged).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Script;
    use serde_json::json;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/typed")
    }

    #[test]
    fn the_cases_are_many_sound_and_split_evenly() {
        let cases = load(&folder()).unwrap();
        let mut tasks: Vec<&str> = cases.iter().map(|case| case.task.as_str()).collect();
        tasks.dedup();
        assert!(cases.len() >= 300 && tasks.len() >= 20, "{} cases in {} tasks", cases.len(), tasks.len());
        let tuning = cases.iter().filter(|case| case.half == Half::Tuning).count();
        assert!(tuning.abs_diff(cases.len() - tuning) < cases.len() / 10, "{tuning} of {}", cases.len());
        // A boolean task has both labels in both halves.
        for task in tasks {
            let of = |half, label: bool| cases.iter().filter(|c| c.task == task && c.half == half && c.right == [json!(label)]).count();
            let is_bool = cases.iter().any(|c| c.task == task && c.hole.shape == Shape::Bool);
            let both = [Half::Tuning, Half::HeldOut].iter().all(|half| of(*half, true) > 1 && of(*half, false) > 1);
            assert!(!is_bool || both, "{task}");
        }
    }

    #[test]
    fn answers_are_judged_by_value() {
        assert!(alike(&json!({"a": [1, "Paris "]}), &json!({"a": [1.0, "paris"]})));
        assert!(!alike(&json!([1]), &json!([1, 2])));
        let enumeration = Value::Record("Season".into(), vec![("name".into(), Value::str("WINTER"))]);
        assert_eq!(plain(&enumeration), json!("WINTER"));
    }

    #[test]
    fn a_scripted_model_is_judged() {
        let text = r#"{"task": "f", "signature": "def f(w: str) -> bool", "doc": "d", "shape": {"type": "bool"}, "parameters": ["w"],
            "cases": [{"in": ["a"], "out": [true]}, {"in": ["b"], "out": [false]}, {"in": ["c"], "out": [true]}]}"#;
        let cases = parse(text).unwrap();
        let script = r#"[{"call": "f(\"c\")", "fail": "no"}, {"answer": true, "confidence_ppm": 700000}]"#;
        let outcomes = ask(&mut Script::from_json("t", script).unwrap(), &cases);
        let right: Vec<Option<bool>> = outcomes.iter().map(|outcome| outcome.right).collect();
        assert_eq!(right, [Some(true), Some(false), Some(false)]);
        assert_eq!((outcomes[2].answer.clone(), outcomes[2].reason.as_str()), (None, "no"));
        assert!(parse(&text.replace("[false]", "[3]")).is_err());
        assert!(parse(&text.replace("[\"b\"]", "[\"b\", 1]")).is_err());
    }
}
