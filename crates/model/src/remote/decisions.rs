//! OpenAI's Decisions: as System One, with lists in place of maps and a refusal for each
//! question.

use super::systemone::{chosen, instructions, labels, no_question, state, yes_or_no};
use super::{Dialect, Read, bearer};
use crate::Options;
use emulant_ask::{Hole, Shape};
use serde_json::{Value as Json, json};

/// The dialect.
pub(super) struct Decisions;

impl Dialect for Decisions {
    fn word(&self) -> &'static str {
        "decisions"
    }

    fn path(&self) -> &'static str {
        "/decisions"
    }

    fn key_variable(&self) -> &'static str {
        "OPENAI_API_KEY"
    }

    fn headers(&self, key: Option<&str>) -> Vec<(&'static str, String)> {
        bearer(key)
    }

    fn together(&self, hole: &Hole) -> Option<String> {
        labels(&hole.shape).map(|_| state(hole).to_string())
    }

    fn request(&self, model: &str, holes: &[&Hole], _: &Options, _: bool) -> Result<Json, String> {
        let input = state(holes.first().ok_or("there is nothing to ask")?).to_string();
        let question = |(index, hole): (usize, &&Hole)| {
            let name = format!("q{index}");
            match (&hole.shape, labels(&hole.shape)) {
                (Shape::Bool, _) => Ok(json!({"type": "predicate", "name": name, "instructions": instructions(hole)})),
                (_, Some(labels)) => {
                    let choices: Vec<Json> = labels.into_iter().map(|(label, _)| json!({"value": label})).collect();
                    Ok(json!({"type": "choice", "name": name, "instructions": instructions(hole), "choices": choices}))
                }
                (shape, None) => Err(no_question("Decisions", shape)),
            }
        };
        let questions: Vec<Json> = holes.iter().enumerate().map(question).collect::<Result<_, _>>()?;
        Ok(json!({"model": model, "input": input, "questions": questions}))
    }

    fn read(&self, holes: &[&Hole], response: &Json, _: &Options) -> Result<Vec<Read>, String> {
        let answers = response.get("answers").and_then(Json::as_array).ok_or("its response holds no answers")?;
        let text = |answer: &Json, key: &str| answer.get(key).and_then(Json::as_str).map(String::from);
        let one = |(index, hole): (usize, &&Hole)| {
            let name = format!("q{index}");
            let Some(answer) = answers.iter().find(|answer| text(answer, "name").as_deref() == Some(&name)) else {
                return Read::Broken("the question has no answer".into());
            };
            match text(answer, "type").as_deref() {
                Some("refusal") => Read::Refused(text(answer, "refusal").unwrap_or_else(|| "the model refused".into())),
                Some("predicate") if hole.shape == Shape::Bool => match answer.get("probability").and_then(Json::as_f64) {
                    Some(p) if (0.0..=1.0).contains(&p) => yes_or_no(p),
                    _ => Read::Broken("a predicate without a probability".into()),
                },
                Some("choice") => {
                    let all = answer.get("probabilities").and_then(Json::as_array);
                    let of = |label: &str| all?.iter().find(|one| one.get("value").and_then(Json::as_str) == Some(label))?.get("probability")?.as_f64();
                    chosen(hole, of, text(answer, "choice").as_deref())
                }
                other => Read::Broken(format!("an answer of the kind {other:?} to another kind of question")),
            }
        };
        Ok(holes.iter().enumerate().map(one).collect())
    }
}
