//! The person at the end of a route: shown what a model would see, and held to the type.

use crate::{Backend, Watcher, prompt};
use emulant_ask::{Answer, AnswerDetail, Hole, Shape};
use serde_json::Value as Json;
use std::fmt;
use std::sync::{Arc, Mutex};

/// How often a person may try to give an answer of the type.
const TRIES: usize = 3;

/// Shows a person a text and gives the line that was typed; `None` when nobody is there.
#[derive(Clone)]
pub struct Asker(Arc<Mutex<AskPerson>>);

type AskPerson = dyn FnMut(&str) -> Option<String> + Send;

impl Asker {
    /// Asks by `ask`.
    pub fn new(ask: impl FnMut(&str) -> Option<String> + Send + 'static) -> Asker {
        Asker(Arc::new(Mutex::new(ask)))
    }

    fn ask(&self, text: &str) -> Option<String> {
        self.0.lock().ok().and_then(|mut ask| ask(text))
    }
}

impl fmt::Debug for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asker")
    }
}

/// A backend that asks a person.
pub struct Person(pub Option<Asker>);

impl Person {
    fn answer_one(&self, hole: &Hole) -> Answer {
        let nobody = || Answer::Failed { reason: "nobody is there to answer".into() };
        let Some(asker) = &self.0 else { return nobody() };
        let mut text = question(hole);
        for _ in 0..TRIES {
            let Some(line) = asker.ask(&text) else { return nobody() };
            match read(&hole.shape, line.trim()) {
                Ok(value) => return Answer::Value { value, detail: AnswerDetail { by: "person".into(), ..AnswerDetail::default() } },
                Err(reason) => text = format!("{reason}\n{}: ", hole.shape.python()),
            }
        }
        Answer::Abstained { reason: format!("the person gave no {}", hole.shape.python()) }
    }
}

impl Backend for Person {
    fn identity(&self) -> String {
        "person".into()
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        holes.iter().map(|hole| self.answer_one(hole)).collect()
    }

    fn watch(&mut self, _: Watcher) {}
}

/// What is shown; control characters, which could move the cursor, are made visible.
fn question(hole: &Hole) -> String {
    let choices = prompt::choices(&hole.shape).filter(|all| all.len() <= 12);
    let choices = choices.map(|all| format!(" ({})", all.iter().map(Json::to_string).collect::<Vec<_>>().join(", ")));
    let text = format!("{}\n{}\n{}{}: ", prompt::call(hole), hole.instruction.trim(), hole.shape.python(), choices.unwrap_or_default());
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// JSON, or for a type that takes texts just the text.
fn read(shape: &Shape, line: &str) -> Result<emulant_ask::Value, String> {
    let as_json = serde_json::from_str::<Json>(line).map_err(|error| error.to_string());
    match as_json.and_then(|json| shape.accept(&json).map_err(|mismatch| mismatch.to_string())) {
        Ok(value) => Ok(value),
        Err(reason) => shape.accept(&Json::from(line)).map_err(|_| reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::tests::stub;
    use emulant_ask::Value;

    fn person(lines: &'static [&'static str]) -> (Person, Arc<Mutex<Vec<String>>>) {
        let shown = Arc::new(Mutex::new(Vec::new()));
        let (kept, mut lines) = (Arc::clone(&shown), lines.iter());
        let asker = Asker::new(move |text| {
            kept.lock().unwrap().push(text.to_string());
            lines.next().map(|line| line.to_string())
        });
        (Person(Some(asker)), shown)
    }

    #[test]
    fn a_person_is_held_to_the_type() {
        let (mut someone, shown) = person(&["yes", "true\n"]);
        let answers = someone.answer(&[&stub("a\u{1b}[2Jpple")]);
        assert!(matches!(&answers[0], Answer::Value { value: Value::Bool(true), detail } if detail.by == "person"), "{answers:?}");
        let shown = shown.lock().unwrap();
        assert_eq!(shown.len(), 2);
        assert!(shown[0].ends_with("Is w a fruit?\nbool (true, false): ") && !shown[0].contains('\u{1b}'), "{shown:?}");
    }

    #[test]
    fn texts_need_no_quotes_and_nobody_is_a_failure() {
        let mut hole = stub("x");
        hole.shape = Shape::Str { max: None };
        assert!(matches!(&person(&["New York"]).0.answer(&[&hole])[0], Answer::Value { value: Value::Str(text), .. } if text == "New York"));
        assert!(matches!(&person(&[]).0.answer(&[&hole])[0], Answer::Failed { .. }));
        assert!(matches!(&person(&["a", "b", "c", "d"]).0.answer(&[&stub("x")])[0], Answer::Abstained { .. }));
        assert!(matches!(&Person(None).answer(&[&hole])[0], Answer::Failed { .. }));
    }
}
