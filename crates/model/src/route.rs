//! Who is asked first, and who next: a ladder of answerers, each with the confidence that
//! its answer must have. What nobody is sure enough of is [`Answer::Abstained`].

use crate::{Backend, Chat, Heard, ModelError, Said, Watcher};
use emulant_ask::{Answer, AnswerDetail, Hole, Tried};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

/// Opens an answerer when the first hole comes to it.
type Opener = Box<dyn FnMut() -> Result<Box<dyn Backend>, ModelError> + Send>;

/// One rung of the ladder.
pub struct Rung {
    name: String,
    threshold_ppm: Option<u32>,
    opener: Opener,
    opened: Option<Result<Box<dyn Backend>, String>>,
    /// Recorded answers for when it is opened.
    recalled: Vec<(Hole, Answer)>,
}

/// Most of them.
const RECALLED_MAX: usize = 4096;

impl Rung {
    /// `name` is what `opener` opens. An answer below the threshold goes to the next rung.
    pub fn new(name: impl Into<String>, threshold_ppm: Option<u32>, opener: Opener) -> Rung {
        Rung { name: name.into(), threshold_ppm, opener, opened: None, recalled: Vec::new() }
    }

    fn backend(&mut self, watcher: &Shared) -> &mut Result<Box<dyn Backend>, String> {
        let (opener, recalled) = (&mut self.opener, &mut self.recalled);
        self.opened.get_or_insert_with(|| {
            let mut backend = opener().map_err(|error| error.to_string())?;
            recalled.drain(..).for_each(|(hole, answer)| backend.recall(&hole, &answer));
            let watcher = Arc::clone(watcher);
            backend.watch(Box::new(move |progress| match watcher.lock() {
                Ok(mut watcher) => watcher.as_mut().map_or(ControlFlow::Continue(()), |watcher| watcher(progress)),
                Err(_) => ControlFlow::Continue(()),
            }));
            Ok(backend)
        })
    }

    fn answer(&mut self, holes: &[&Hole], watcher: &Shared) -> Vec<Answer> {
        match self.backend(watcher) {
            Ok(backend) => backend.answer(holes),
            Err(reason) => vec![Answer::Failed { reason: reason.clone() }; holes.len()],
        }
    }
}

type Shared = Arc<Mutex<Option<Watcher>>>;

/// The ladder.
pub struct Route {
    rungs: Vec<Rung>,
    watcher: Shared,
}

impl Route {
    /// The rungs are asked in this order.
    pub fn new(rungs: Vec<Rung>) -> Route {
        Route { rungs, watcher: Shared::default() }
    }
}

/// A hole on its way up.
struct Climber<'h> {
    index: usize,
    hole: &'h Hole,
    tried: Vec<Tried>,
}

impl Backend for Route {
    fn identity(&self) -> String {
        let shown = |rung: &Rung| match rung.threshold_ppm {
            Some(ppm) => format!("{}:{}", rung.name, f64::from(ppm) / 1e6),
            None => rung.name.clone(),
        };
        self.rungs.iter().map(shown).collect::<Vec<_>>().join(",")
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        let mut answers = vec![Answer::Stopped; holes.len()];
        let mut open: Vec<Climber> = holes.iter().enumerate().map(|(index, hole)| Climber { index, hole, tried: Vec::new() }).collect();
        let last = self.rungs.len().saturating_sub(1);
        for (place, rung) in self.rungs.iter_mut().enumerate() {
            if open.is_empty() {
                break;
            }
            let asked: Vec<&Hole> = open.iter().map(|climber| climber.hole).collect();
            let given = rung.answer(&asked, &self.watcher);
            let mut further = Vec::new();
            for (mut climber, answer) in open.into_iter().zip(given) {
                let threshold = rung.threshold_ppm.map(|own| climber.hole.wish.threshold_ppm.unwrap_or(own));
                match verdict(&answer, threshold) {
                    Verdict::Taken => answers[climber.index] = with_tried(answer, climber.tried),
                    Verdict::Unsure | Verdict::Failed if place < last => {
                        climber.tried.push(tried(&rung.name, answer));
                        further.push(climber);
                    }
                    Verdict::Failed => answers[climber.index] = answer,
                    Verdict::Unsure => answers[climber.index] = abstained(&rung.name, &answer, threshold, &climber.tried),
                }
            }
            open = further;
        }
        answers
    }

    fn watch(&mut self, watcher: Watcher) {
        if let Ok(mut shared) = self.watcher.lock() {
            *shared = Some(watcher);
        }
    }

    fn recall(&mut self, hole: &Hole, answer: &Answer) {
        for rung in &mut self.rungs {
            match &mut rung.opened {
                Some(Ok(backend)) => backend.recall(hole, answer),
                None if rung.recalled.len() < RECALLED_MAX => rung.recalled.push((hole.clone(), answer.clone())),
                _ => {}
            }
        }
    }

    fn chat(&mut self, request: &Chat, heard: Heard<'_>) -> Result<Said, String> {
        // Text has no threshold: the last model of the ladder is the best.
        let watcher = Arc::clone(&self.watcher);
        let mut reason = "nobody on the route writes text".to_string();
        for rung in self.rungs.iter_mut().rev() {
            match rung.backend(&watcher).as_mut().map_err(|error| error.clone()).and_then(|backend| backend.chat(request, heard)) {
                Ok(said) => return Ok(said),
                Err(error) => reason = error,
            }
        }
        Err(reason)
    }
}

enum Verdict {
    Taken,
    Unsure,
    Failed,
}

/// An answer without a confidence (a person's, a plain endpoint's) is taken as it is.
fn verdict(answer: &Answer, threshold: Option<u32>) -> Verdict {
    match (answer, threshold) {
        (Answer::Value { detail: AnswerDetail { confidence_ppm: Some(ppm), .. }, .. }, Some(threshold)) if *ppm < threshold => Verdict::Unsure,
        (Answer::Failed { .. } | Answer::Abstained { .. }, _) => Verdict::Failed,
        _ => Verdict::Taken,
    }
}

fn tried(name: &str, answer: Answer) -> Tried {
    let by = name.to_string();
    match answer {
        Answer::Value { value, detail } => Tried {
            by: detail.by,
            value: Some(value),
            confidence_ppm: detail.confidence_ppm,
            tokens_in: detail.tokens_in,
            tokens_out: detail.tokens_out,
            time_us: detail.time_us,
            reason: String::new(),
        },
        Answer::Failed { reason } | Answer::Abstained { reason } => Tried { by, reason, ..Tried::default() },
        _ => Tried { by, ..Tried::default() },
    }
}

fn with_tried(answer: Answer, tried: Vec<Tried>) -> Answer {
    match answer {
        Answer::Value { value, detail } => Answer::Value { value, detail: AnswerDetail { tried, ..detail } },
        other => other,
    }
}

fn abstained(name: &str, answer: &Answer, threshold: Option<u32>, before: &[Tried]) -> Answer {
    let percent = |ppm: u32| f64::from(ppm) / 10_000.0;
    let one = |by: &str, value: Option<String>, ppm: Option<u32>| match (value, ppm) {
        (Some(value), Some(ppm)) => format!("{by} would say {value} and is {:.0} % sure", percent(ppm)),
        _ => format!("{by} has no answer"),
    };
    let shown = |value: &emulant_ask::Value| {
        let text = value.to_plain_json().to_string();
        text.char_indices().nth(80).map_or(text.clone(), |(cut, _)| format!("{}…", &text[..cut]))
    };
    let mut said: Vec<String> = before.iter().map(|tried| one(&tried.by, tried.value.as_ref().map(shown), tried.confidence_ppm)).collect();
    if let Answer::Value { value, detail } = answer {
        said.push(one(if detail.by.is_empty() { name } else { &detail.by }, Some(shown(value)), detail.confidence_ppm));
    }
    Answer::Abstained { reason: format!("{}; {:.0} % are asked for", said.join("; "), percent(threshold.unwrap_or(0))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Script;
    use crate::prompt::tests::stub;
    use emulant_ask::{Value, Wish};

    fn rung(name: &'static str, threshold: Option<u32>, script: &'static str) -> Rung {
        Rung::new(name, threshold, Box::new(move || Ok(Box::new(Script::from_json(name, script)?))))
    }

    const UNSURE: &str = r#"[{"call": "is_fruit(\"apple\")", "answer": true, "confidence_ppm": 950000},
        {"call": "is_fruit(\"tomato\")", "answer": true, "confidence_ppm": 550000},
        {"call": "is_fruit(\"olive\")", "fail": "too hard"}]"#;
    const SURE: &str = r#"[{"answer": false, "confidence_ppm": 800000}]"#;

    fn ask(route: &mut Route, words: &[&str]) -> Vec<Answer> {
        let holes: Vec<Hole> = words.iter().map(|word| stub(word)).collect();
        route.answer(&holes.iter().collect::<Vec<_>>())
    }

    #[test]
    fn only_what_is_unsure_or_failed_goes_further() {
        let mut route = Route::new(vec![rung("small", Some(900_000), UNSURE), rung("large", None, SURE)]);
        assert_eq!(route.identity(), "small:0.9,large");
        let answers = ask(&mut route, &["apple", "tomato", "olive"]);
        let by: Vec<&str> = answers
            .iter()
            .map(|answer| match answer {
                Answer::Value { detail, .. } => detail.by.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(by, ["script:small", "script:large", "script:large"]);
        let Answer::Value { detail, .. } = &answers[1] else { panic!("{answers:?}") };
        assert_eq!((detail.tried[0].value.clone(), detail.tried[0].confidence_ppm), (Some(Value::Bool(true)), Some(550_000)));
        let Answer::Value { detail, .. } = &answers[2] else { panic!("{answers:?}") };
        assert_eq!(detail.tried[0].reason, "too hard");
    }

    #[test]
    fn the_last_threshold_abstains_with_what_was_said() {
        let mut route = Route::new(vec![rung("small", Some(900_000), UNSURE), rung("large", Some(850_000), SURE)]);
        let answers = ask(&mut route, &["tomato"]);
        let expected = "script:small would say true and is 55 % sure; script:large would say false and is 80 % sure; 85 % are asked for";
        assert_eq!(answers, [Answer::Abstained { reason: expected.into() }]);
    }

    #[test]
    fn a_hole_may_ask_for_more_or_less() {
        let mut route = Route::new(vec![rung("small", Some(900_000), UNSURE), rung("large", None, SURE)]);
        let mut hole = stub("tomato");
        hole.wish = Wish { threshold_ppm: Some(500_000), ..Wish::default() };
        let answers = route.answer(&[&hole]);
        assert!(matches!(&answers[0], Answer::Value { detail, .. } if detail.by == "script:small"), "{answers:?}");
    }

    #[test]
    fn a_rung_that_cannot_be_opened_is_passed_by() {
        let broken = Rung::new("gone", None, Box::new(|| Err(ModelError::Network("no route".into()))));
        let mut route = Route::new(vec![broken, rung("large", None, SURE)]);
        assert!(matches!(&ask(&mut route, &["x"])[0], Answer::Value { detail, .. } if detail.tried[0].reason == "no route"));
        let broken = Rung::new("gone", None, Box::new(|| Err(ModelError::Network("no route".into()))));
        assert_eq!(ask(&mut Route::new(vec![broken]), &["x"]), [Answer::Failed { reason: "no route".into() }]);
    }
}
