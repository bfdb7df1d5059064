//! The System One format: typed questions about one state, answered with probabilities and
//! without text. A bool is a `noul`, a closed type a `choice`; what is not closed cannot be
//! asked so.

use super::{Dialect, Read, bearer};
use crate::{Options, prompt};
use emulant_ask::{Hole, Shape};
use serde_json::{Map, Value as Json, json};

/// Most options that a choice may have.
const OPTIONS_MAX: usize = 255;

/// The dialect.
pub(super) struct SystemOne;

impl Dialect for SystemOne {
    fn word(&self) -> &'static str {
        "systemone"
    }

    fn path(&self) -> &'static str {
        "/systemone"
    }

    fn key_variable(&self) -> &'static str {
        "SYSTEMONE_API_KEY"
    }

    fn headers(&self, key: Option<&str>) -> Vec<(&'static str, String)> {
        bearer(key)
    }

    fn together(&self, hole: &Hole) -> Option<String> {
        labels(&hole.shape).map(|_| state(hole).to_string())
    }

    fn request(&self, model: &str, holes: &[&Hole], _: &Options, _: bool) -> Result<Json, String> {
        let state = state(holes.first().ok_or("there is nothing to ask")?);
        let mut questions = Map::new();
        for (index, hole) in holes.iter().enumerate() {
            let question = match (&hole.shape, labels(&hole.shape)) {
                (Shape::Bool, _) => json!({"type": "noul", "instructions": instructions(hole)}),
                (_, Some(labels)) => {
                    let criteria: Map<String, Json> = labels.into_iter().map(|(label, _)| (label, Json::Null)).collect();
                    json!({"type": "choice", "instructions": instructions(hole), "criteria": criteria})
                }
                (shape, None) => return Err(no_question("System One", shape)),
            };
            questions.insert(format!("q{index}"), question);
        }
        Ok(json!({"model": model, "state": state, "questions": questions}))
    }

    fn read(&self, holes: &[&Hole], response: &Json, _: &Options) -> Result<Vec<Read>, String> {
        let answers = response.get("answers").and_then(Json::as_object).ok_or("its response holds no answers")?;
        let one = |(index, hole): (usize, &&Hole)| match answers.get(&format!("q{index}")) {
            // A question that the model could not answer is left out.
            None => Read::Refused("the model left the question out".into()),
            Some(answer) if hole.shape == Shape::Bool => match answer.get("noul").and_then(Json::as_f64) {
                Some(p) if (0.0..=1.0).contains(&p) => yes_or_no(p),
                _ => Read::Broken("a noul without a probability".into()),
            },
            Some(answer) => chosen(hole, |label| answer.get("probabilities")?.get(label)?.as_f64(), answer.get("choice").and_then(Json::as_str)),
        };
        Ok(holes.iter().enumerate().map(one).collect())
    }
}

/// What all questions of a request are about: the arguments by name.
pub(super) fn state(hole: &Hole) -> Json {
    let arguments: Map<String, Json> = hole.arguments.iter().map(|(name, value)| (name.clone(), value.to_plain_json())).collect();
    json!({"function": hole.name, "arguments": arguments})
}

pub(super) fn instructions(hole: &Hole) -> String {
    match hole.instruction.trim() {
        "" => prompt::call(hole),
        instruction => instruction.into(),
    }
}

/// The values of a closed type as labels, and what each stands for.
pub(super) fn labels(shape: &Shape) -> Option<Vec<(String, Json)>> {
    let choices = prompt::choices(shape).filter(|choices| (2..=OPTIONS_MAX).contains(&choices.len()))?;
    let label = |json: Json| match &json {
        Json::String(text) => (text.clone(), json),
        other => (other.to_string(), json),
    };
    let labels: Vec<(String, Json)> = choices.into_iter().map(label).collect();
    let mut names: Vec<&str> = labels.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    (names.len() == labels.len()).then_some(labels)
}

pub(super) fn no_question(format: &str, shape: &Shape) -> String {
    format!("the {format} format has no question whose answer is a {}", shape.python())
}

pub(super) fn yes_or_no(p: f64) -> Read {
    let probabilities = vec![(json!(true), p), (json!(false), 1.0 - p)];
    Read::Answer { json: json!(p > 0.5), confidence: Some(p.max(1.0 - p)), probabilities }
}

/// The choice that is named, with the probabilities that `of` knows.
pub(super) fn chosen(hole: &Hole, of: impl Fn(&str) -> Option<f64>, choice: Option<&str>) -> Read {
    let labels = labels(&hole.shape).unwrap_or_default();
    let Some((_, json)) = labels.iter().find(|(label, _)| Some(label.as_str()) == choice) else {
        return Read::Broken(format!("the choice {choice:?} is none of those that were given"));
    };
    let probabilities: Option<Vec<(Json, f64)>> = labels.iter().map(|(label, json)| Some((json.clone(), of(label)?))).collect();
    let confidence = choice.and_then(&of).filter(|p| (0.0..=1.0).contains(p));
    Read::Answer { json: json.clone(), confidence, probabilities: probabilities.unwrap_or_default() }
}
