//! What a model's confidence is worth: a monotone map from what it says to the share of
//! right answers, fitted on labelled cases, one for each family of types.
//!
//! The map never changes which answer is the likeliest. It belongs to one model and one
//! version of the prompts, and is not applied to others.

use crate::measure::Sample;
use crate::ModelError;
use emulant_ask::{AnswerDetail, Shape};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The format of the file.
const VERSION: u32 = 1;
/// Families with fewer cases share the map of all.
const CASES_MIN: usize = 25;
/// Parts of cross-validation, by which the kind of map is chosen.
const FOLDS: usize = 5;
/// A confidence is kept this far from 0 and 1, where logarithms end.
const EDGE: f64 = 1e-6;

/// Maps for one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    version: u32,
    /// Whose confidences these are: name and digest, as answers carry it.
    pub model: String,
    /// Version of the shared part of the prompts.
    pub prompt: String,
    /// Cases that it was fitted on.
    pub cases: usize,
    maps: BTreeMap<String, Map>,
}

/// A monotone map of confidences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Map {
    /// Divides the log-odds by a temperature and shifts them.
    Temperature { temperature: f64, shift: f64 },
    /// Straight lines between points.
    Isotonic { points: Vec<(f64, f64)> },
}

/// Which types are judged together.
pub fn family(shape: &Shape) -> &'static str {
    match shape {
        Shape::Bool => "bool",
        _ if crate::prompt::choices(shape).is_some() => "choice",
        Shape::Int { .. } | Shape::Float => "number",
        Shape::Str { .. } => "text",
        Shape::Bounded { shape, .. } => family(shape),
        Shape::Union { .. } => "optional",
        _ => "structure",
    }
}

impl Calibration {
    /// Fits the maps of `model` on cases, each with the [`family`] of its type.
    ///
    /// # Errors
    /// There are too few cases.
    pub fn fit(model: &str, prompt: &str, cases: &[(String, Sample)]) -> Result<Calibration, ModelError> {
        if cases.len() < CASES_MIN {
            return Err(ModelError::Format(format!("{} labelled answers are too few to fit on; {CASES_MIN} are the least", cases.len())));
        }
        let mut families: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
        for (family, sample) in cases {
            families.entry(family.clone()).or_default().push(*sample);
        }
        families.retain(|_, samples| samples.len() >= CASES_MIN);
        families.insert("all".into(), cases.iter().map(|(_, sample)| *sample).collect());
        let maps = families.into_iter().map(|(family, samples)| (family, Map::best(&samples))).collect();
        Ok(Calibration { version: VERSION, model: model.into(), prompt: prompt.into(), cases: cases.len(), maps })
    }

    /// Reads the file that [`Calibration::to_text`] wrote.
    ///
    /// # Errors
    /// It cannot be read or is no such file.
    pub fn read(path: &Path) -> Result<Calibration, ModelError> {
        let text = std::fs::read_to_string(path).map_err(|error| ModelError::disk("read", path, &error))?;
        Calibration::parse(&text).map_err(|reason| ModelError::Format(format!("{}: {reason}", path.display())))
    }

    pub(crate) fn parse(text: &str) -> Result<Calibration, String> {
        let calibration: Calibration = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let sound = calibration.maps.values().all(Map::is_sound) && calibration.maps.contains_key("all");
        match calibration.version {
            VERSION if sound => Ok(calibration),
            VERSION => Err("the maps are not monotone maps into 0 to 1".into()),
            other => Err(format!("version {other} of the format; this is {VERSION}")),
        }
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).map_or_else(|_| String::new(), |text| text + "\n")
    }

    /// Its name in answers: the beginning of its digest.
    pub fn id(&self) -> String {
        let digest = Sha256::digest(self.to_text());
        digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What this confidence of an answer of this family is worth.
    pub fn map(&self, family: &str, confidence: f64) -> f64 {
        let map = self.maps.get(family).or_else(|| self.maps.get("all"));
        map.map_or(confidence, |map| map.at(confidence))
    }

    /// Replaces the confidence in `detail`, and scales the probabilities with it.
    pub fn apply(&self, shape: &Shape, detail: &mut AnswerDetail) {
        let Some(ppm) = detail.confidence_ppm else { return };
        let old = f64::from(ppm) / 1e6;
        let new = self.map(family(shape), old);
        detail.confidence_ppm = Some(to_ppm(new));
        detail.calibration = self.id();
        let others = (1.0 - new) / (1.0 - old).max(EDGE);
        for (index, (_, ppm)) in detail.probabilities.iter_mut().enumerate() {
            *ppm = if index == 0 { to_ppm(new) } else { to_ppm((f64::from(*ppm) / 1e6 * others).min(new)) };
        }
    }
}

pub(crate) fn to_ppm(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 1e6).round() as u32
}

fn log_odds(p: f64) -> f64 {
    let p = p.clamp(EDGE, 1.0 - EDGE);
    (p / (1.0 - p)).ln()
}

fn share(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

impl Map {
    fn at(&self, confidence: f64) -> f64 {
        match self {
            Map::Temperature { temperature, shift } => share(log_odds(confidence) / temperature + shift),
            Map::Isotonic { points } => between(points, confidence),
        }
    }

    fn is_sound(&self) -> bool {
        match self {
            Map::Temperature { temperature, shift } => temperature.is_finite() && *temperature > 0.0 && shift.is_finite(),
            Map::Isotonic { points } => {
                !points.is_empty()
                    && points.iter().all(|(x, y)| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y))
                    && points.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1)
            }
        }
    }

    /// The kind that predicts cases which it has not seen better.
    fn best(samples: &[Sample]) -> Map {
        let loss = |fit: fn(&[Sample]) -> Map| -> f64 {
            (0..FOLDS)
                .map(|fold| {
                    let part = |kept: bool| samples.iter().enumerate().filter(move |(i, _)| (i % FOLDS == fold) != kept).map(|(_, s)| *s);
                    let map = fit(&part(true).collect::<Vec<_>>());
                    part(false).map(|sample| log_loss(map.at(sample.confidence), sample.right)).sum::<f64>()
                })
                .sum()
        };
        match loss(isotonic) < loss(temperature) {
            true => isotonic(samples),
            false => temperature(samples),
        }
    }
}

fn log_loss(p: f64, right: bool) -> f64 {
    let p = p.clamp(0.005, 0.995);
    -(if right { p } else { 1.0 - p }).ln()
}

/// Maximum likelihood by Newton's method, pulled weakly towards no change, so that cases
/// which are all right do not end at infinity.
fn temperature(samples: &[Sample]) -> Map {
    const PULL: f64 = 0.5;
    let (mut slope, mut shift) = (1.0, 0.0);
    for _ in 0..50 {
        let mut gradient = [PULL * (slope - 1.0), PULL * shift];
        let mut curve = [PULL, 0.0, PULL];
        for sample in samples {
            let x = log_odds(sample.confidence).clamp(-9.0, 9.0);
            let p = share(slope * x + shift);
            let error = p - f64::from(u8::from(sample.right));
            let weight = (p * (1.0 - p)).max(1e-6);
            gradient = [gradient[0] + error * x, gradient[1] + error];
            curve = [curve[0] + weight * x * x, curve[1] + weight * x, curve[2] + weight];
        }
        let determinant = curve[0] * curve[2] - curve[1] * curve[1];
        let step = [
            (curve[2] * gradient[0] - curve[1] * gradient[1]) / determinant,
            (curve[0] * gradient[1] - curve[1] * gradient[0]) / determinant,
        ];
        slope = (slope - step[0].clamp(-1.0, 1.0)).clamp(0.01, 100.0);
        shift = (shift - step[1].clamp(-1.0, 1.0)).clamp(-20.0, 20.0);
    }
    Map::Temperature { temperature: 1.0 / slope, shift }
}

/// Pool adjacent violators; each block is then drawn towards the share of all by one case,
/// so that a block of three right answers does not promise certainty.
fn isotonic(samples: &[Sample]) -> Map {
    let mut sorted = samples.to_vec();
    sorted.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let mean = crate::measure::accuracy(samples);
    // Of each block: cases, right ones, sum of confidences.
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    for sample in sorted {
        blocks.push((1.0, f64::from(u8::from(sample.right)), sample.confidence));
        while let [.., a, b] = blocks[..] {
            if a.1 / a.0 < b.1 / b.0 {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push((a.0 + b.0, a.1 + b.1, a.2 + b.2));
        }
    }
    let mut points: Vec<(f64, f64)> = blocks.iter().map(|(n, right, sum)| ((sum / n).clamp(0.0, 1.0), (right + mean) / (n + 1.0))).collect();
    for index in 1..points.len() {
        points[index].1 = points[index].1.max(points[index - 1].1);
    }
    Map::Isotonic { points }
}

fn between(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|(at, _)| *at < x);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some((x0, y0)), Some((x1, y1))) if x1 > x0 => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (_, Some((_, y))) | (Some((_, y)), None) => *y,
        (None, None) => x,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emulant_ask::Value;

    /// Answers that claim `said` and are right in `rate` of all cases.
    fn cases(said: f64, rate: f64, count: usize) -> impl Iterator<Item = (String, Sample)> {
        (0..count).map(move |index| {
            // Spread over the whole, so that each fold has its share.
            let right = (index as f64 * 0.618_033_988_7).fract() < rate;
            ("bool".to_string(), Sample { confidence: said, right })
        })
    }

    #[test]
    fn overconfidence_is_taken_back() {
        let all: Vec<_> = cases(0.99, 0.8, 200).chain(cases(0.7, 0.55, 200)).collect();
        let fitted = Calibration::fit("m@1", "p", &all).unwrap();
        assert!((fitted.map("bool", 0.99) - 0.8).abs() < 0.03, "{}", fitted.map("bool", 0.99));
        assert!((fitted.map("bool", 0.7) - 0.55).abs() < 0.03, "{}", fitted.map("bool", 0.7));
        assert_eq!(fitted.map("never seen", 0.7), fitted.map("all", 0.7));
    }

    #[test]
    fn both_kinds_are_monotone_and_read_back() {
        let all: Vec<_> = (1..20).flat_map(|step| cases(f64::from(step) / 20.0, f64::from(step * step) / 400.0, 9)).collect();
        let samples: Vec<Sample> = all.iter().map(|(_, sample)| *sample).collect();
        for map in [temperature(&samples), isotonic(&samples)] {
            assert!(map.is_sound());
            let values: Vec<f64> = (0..=100).map(|x| map.at(f64::from(x) / 100.0)).collect();
            assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{values:?}");
        }
        let fitted = Calibration::fit("m@1", "p", &all).unwrap();
        let back = Calibration::parse(&fitted.to_text()).unwrap();
        assert_eq!(back.id(), fitted.id());
    }

    #[test]
    fn few_cases_and_foreign_files_are_refused() {
        assert!(Calibration::fit("m", "p", &cases(0.9, 0.9, 5).collect::<Vec<_>>()).is_err());
        let whole = Calibration::fit("m", "p", &cases(0.9, 0.9, 50).collect::<Vec<_>>()).unwrap().to_text();
        assert!(Calibration::parse(&whole.replace("\"version\": 1", "\"version\": 9")).unwrap_err().contains("version 9"));
        let turned = r#"{"version":1,"model":"m","prompt":"p","cases":1,"maps":{"all":{"kind":"isotonic","points":[[0.1,0.9],[0.2,0.1]]}}}"#;
        assert!(Calibration::parse(turned).is_err());
    }

    #[test]
    fn probabilities_follow_the_confidence() {
        let fitted = Calibration::fit("m", "p", &cases(0.9, 0.6, 200).collect::<Vec<_>>()).unwrap();
        let mut detail = AnswerDetail {
            confidence_ppm: Some(900_000),
            probabilities: vec![(Value::Bool(true), 900_000), (Value::Bool(false), 100_000)],
            ..AnswerDetail::default()
        };
        fitted.apply(&Shape::Bool, &mut detail);
        let first = detail.probabilities[0].1;
        assert_eq!(detail.confidence_ppm, Some(first));
        assert!((550_000..650_000).contains(&first), "{first}");
        assert!((first + detail.probabilities[1].1).abs_diff(1_000_000) <= 1);
        assert_eq!(detail.calibration, fitted.id());
    }
}
