//! Around a model: its distributions are freed from what it favours whatever the input
//! says, then its confidence is mapped to what it is worth.
//!
//! The first is batch calibration: over the different inputs of one hole the mean
//! distribution is kept, and each answer is divided by it. As every answer carries the
//! mean that it was divided by, a record holds the whole state. Which answers a batch has
//! is learnt before any of them is changed, so their order does not matter.

use crate::calibrate::{Calibration, to_ppm};
use crate::{Backend, Watcher};
use emulant_ask::{Answer, AnswerDetail, Hole, HoleKind, Prior, Value, canonical};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// Fewer different inputs say nothing about what a model favours.
const INPUTS_MIN: u32 = 8;
/// How much of the mean is replaced by equal shares. An answer whose probability is below
/// half of this can then never be made the likeliest of two, however one-sided the inputs
/// were: a list that holds nothing but fruit stays a list of fruit.
const EQUAL_SHARE: f64 = 0.3;
/// Holes whose means are kept, and inputs that are told apart for each.
const HOLES_MAX: usize = 1024;
const SEEN_MAX: usize = 4096;
/// Most values that an answer names with their probabilities.
const LISTED_MAX: usize = 32;

/// A model with its corrections.
pub struct Steady {
    inner: Box<dyn Backend>,
    calibration: Option<Calibration>,
    /// Whether means are kept.
    batch: bool,
    means: HashMap<[u8; 32], Mean>,
}

#[derive(Default)]
struct Mean {
    seen: HashSet<[u8; 32]>,
    inputs: u32,
    /// In the order of the type's values.
    sums: Vec<f64>,
}

impl Steady {
    /// `inner` with the given maps, which are left out when they belong to another model.
    pub fn new(inner: Box<dyn Backend>, calibration: Option<Calibration>, batch: bool) -> Steady {
        let calibration = calibration.filter(|calibration| calibration.model == inner.identity());
        Steady { inner, calibration, batch, means: HashMap::new() }
    }

    /// Takes over the mean that a recorded answer carries.
    fn recall_prior(&mut self, hole: &Hole, prior: &Prior) {
        let Some(key) = contract(hole).filter(|_| self.batch) else { return };
        let mean = self.means.entry(key).or_default();
        if prior.inputs >= mean.inputs {
            mean.inputs = prior.inputs;
            mean.sums = prior.mean_ppm.iter().map(|ppm| f64::from(*ppm) / 1e6 * f64::from(prior.inputs)).collect();
        }
        mean.seen.insert(input(hole));
    }

    fn learn(&mut self, hole: &Hole, answer: &Answer) {
        let Answer::Value { detail, .. } = answer else { return };
        let known = self.means.len();
        let Some(key) = contract(hole).filter(|_| self.batch && detail.probabilities.len() > 1) else { return };
        if known >= HOLES_MAX && !self.means.contains_key(&key) {
            return;
        }
        let mean = self.means.entry(key).or_default();
        if mean.seen.len() >= SEEN_MAX || !mean.seen.insert(input(hole)) {
            return;
        }
        mean.sums.resize(detail.probabilities.len(), 0.0);
        mean.sums.iter_mut().zip(&detail.probabilities).for_each(|(sum, (_, ppm))| *sum += f64::from(*ppm) / 1e6);
        mean.inputs += 1;
    }

    fn correct(&self, hole: &Hole, answer: &mut Answer) {
        let Answer::Value { value, detail } = answer else { return };
        let closed = hole.wish.samples <= 1 || crate::prompt::choices(&hole.shape).is_some();
        let mean = contract(hole).filter(|_| self.batch && closed).and_then(|key| self.means.get(&key));
        if let Some(mean) = mean.filter(|mean| mean.inputs >= INPUTS_MIN && mean.sums.len() == detail.probabilities.len()) {
            *value = mean.divide(detail);
        }
        // Stable: among equals the order of the type's values stays.
        detail.probabilities.sort_by_key(|(_, ppm)| std::cmp::Reverse(*ppm));
        detail.probabilities.truncate(LISTED_MAX);
        if let Some(calibration) = &self.calibration {
            calibration.apply(&hole.shape, detail);
        }
    }
}

impl Mean {
    /// Divides the probabilities by the mean, and gives the value that is then likeliest.
    fn divide(&self, detail: &mut AnswerDetail) -> Value {
        let count = self.sums.len() as f64;
        let mean = |sum: &f64| sum / f64::from(self.inputs);
        let favour = |sum: &f64| (1.0 - EQUAL_SHARE) * mean(sum) + EQUAL_SHARE / count;
        let raw: Vec<f64> = detail.probabilities.iter().zip(&self.sums).map(|((_, ppm), sum)| f64::from(*ppm) / favour(sum)).collect();
        let total: f64 = raw.iter().sum();
        if total > 0.0 {
            detail.probabilities.iter_mut().zip(&raw).for_each(|((_, ppm), raw)| *ppm = to_ppm(raw / total));
        }
        detail.prior = Some(Prior { inputs: self.inputs, mean_ppm: self.sums.iter().map(|sum| to_ppm(mean(sum))).collect() });
        let best = (0..raw.len()).rev().max_by(|a, b| raw[*a].total_cmp(&raw[*b])).unwrap_or(0);
        detail.confidence_ppm = Some(detail.probabilities[best].1);
        detail.probabilities[best].0.clone()
    }
}

/// What is the same for all inputs of one hole. The text of an expression holds its inputs,
/// so it has no such thing.
fn contract(hole: &Hole) -> Option<[u8; 32]> {
    if hole.hole == HoleKind::Expression {
        return None;
    }
    let same = Hole { arguments: Vec::new(), context: String::new(), ..hole.clone() };
    serde_json::to_value(&same).ok().map(|json| Sha256::digest(canonical(&json)).into())
}

fn input(hole: &Hole) -> [u8; 32] {
    Sha256::digest(format!("{:?}", hole.arguments)).into()
}

impl Backend for Steady {
    fn identity(&self) -> String {
        self.inner.identity()
    }

    fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
        let mut answers = self.inner.answer(holes);
        holes.iter().zip(&answers).for_each(|(hole, answer)| self.learn(hole, answer));
        holes.iter().zip(&mut answers).for_each(|(hole, answer)| self.correct(hole, answer));
        answers
    }

    fn watch(&mut self, watcher: Watcher) {
        self.inner.watch(watcher);
    }

    fn recall(&mut self, hole: &Hole, answer: &Answer) {
        if let Answer::Value { detail: AnswerDetail { prior: Some(prior), by, .. }, .. } = answer
            && *by == self.inner.identity()
        {
            self.recall_prior(hole, prior);
        }
    }

    fn decoding(&self) -> String {
        let calibration = self.calibration.as_ref().map_or("none".into(), Calibration::id);
        format!("{} batch={} calibration={calibration}", self.inner.decoding(), self.batch)
    }

    fn chat(&mut self, request: &crate::Chat, heard: crate::Heard<'_>) -> Result<crate::Said, String> {
        self.inner.chat(request, heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::tests::stub;

    /// Says true with the probability that stands in the word.
    struct Fixed;

    impl Backend for Fixed {
        fn identity(&self) -> String {
            "fixed".into()
        }

        fn answer(&mut self, holes: &[&Hole]) -> Vec<Answer> {
            let one = |hole: &&Hole| {
                let ppm: u32 = hole.arguments[0].1.as_str().unwrap().parse().unwrap();
                let probabilities = vec![(Value::Bool(true), ppm), (Value::Bool(false), 1_000_000 - ppm)];
                let detail = AnswerDetail { confidence_ppm: Some(ppm.max(1_000_000 - ppm)), by: "fixed".into(), probabilities, ..AnswerDetail::default() };
                Answer::Value { value: Value::Bool(ppm > 500_000), detail }
            };
            holes.iter().map(one).collect()
        }

        fn watch(&mut self, _: Watcher) {}
    }

    fn said(steady: &mut Steady, ppms: &[u32]) -> Vec<bool> {
        let holes: Vec<Hole> = ppms.iter().map(|ppm| stub(&ppm.to_string())).collect();
        let is_true = |answer: Answer| matches!(answer, Answer::Value { value: Value::Bool(true), .. });
        steady.answer(&holes.iter().collect::<Vec<_>>()).into_iter().map(is_true).collect()
    }

    fn steady() -> Steady {
        Steady::new(Box::new(Fixed), None, true)
    }

    const LEANING: [u32; 8] = [900_000, 910_000, 920_000, 930_000, 600_000, 610_000, 620_000, 630_000];

    #[test]
    fn what_is_always_favoured_is_divided_away() {
        let expected = [true, true, true, true, false, false, false, false];
        assert_eq!(said(&mut steady(), &LEANING), expected);
        // Fewer inputs say nothing.
        assert_eq!(said(&mut steady(), &LEANING[1..]), [true; 7]);
        let mut off = Steady::new(Box::new(Fixed), None, false);
        assert_eq!(said(&mut off, &LEANING), [true; 8]);
    }

    #[test]
    fn inputs_that_all_have_one_answer_keep_it() {
        let sure: Vec<u32> = (0..200).map(|index| 960_000 + index * 100).collect();
        assert!(said(&mut steady(), &sure).iter().all(|yes| *yes));
    }

    #[test]
    fn equal_inputs_count_once_and_the_state_is_recalled_from_the_record() {
        let mut first = steady();
        assert_eq!(said(&mut first, &[900_000; 20]), [true; 20]);
        said(&mut first, &LEANING);
        let hole = stub("640000");
        let recorded = first.answer(&[&hole]).remove(0);
        let Answer::Value { detail, .. } = &recorded else { panic!("{recorded:?}") };
        assert_eq!(detail.prior.as_ref().unwrap().inputs, 9);
        let mut second = steady();
        second.recall(&hole, &recorded);
        assert_eq!(said(&mut second, &[640_000, 900_000]), [false, true]);
    }

    #[test]
    fn probabilities_come_likeliest_first_and_sum_to_one() {
        let answers = steady().answer(&[&stub("100000")]);
        let Answer::Value { value, detail } = &answers[0] else { panic!("{answers:?}") };
        assert_eq!(*value, Value::Bool(false));
        assert_eq!(detail.probabilities, [(Value::Bool(false), 900_000), (Value::Bool(true), 100_000)]);
    }
}
