//! What routing is worth, over answers that were recorded: how often each threshold is
//! right, what it costs, and what asking only the large model, or an oracle, would have given.

use crate::measure::{self, percentile};
use crate::typed::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Prices of one model: money for a million tokens, and for an hour of computing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Price {
    /// For a million tokens read.
    pub tokens_in: f64,
    /// For a million tokens written.
    pub tokens_out: f64,
    /// For an hour of wall time.
    pub hour: f64,
}

/// Prices by the beginning of a model's name.
pub type Prices = BTreeMap<String, Price>;

/// One case with the answers of both models.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The model that is asked first.
    pub small: Outcome,
    /// The model that is asked when the first is unsure.
    pub large: Outcome,
}

/// What one way of asking came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The way, as a person would say it.
    pub way: String,
    /// Confidence below which the large model is asked.
    pub threshold: Option<f64>,
    /// The share of cases that it was asked for.
    pub large_share: f64,
    /// The share of right answers.
    pub accuracy: f64,
    /// The share of answers that fit their type.
    pub valid: f64,
    /// Cost of all.
    pub cost: f64,
    /// Cost for each right answer.
    pub cost_per_success: f64,
    /// Median of the waiting time in milliseconds.
    pub p50_ms: u64,
    /// What nineteen of twenty waited at most.
    pub p95_ms: u64,
    /// How much more of the cases an oracle, which knows whom to ask, gets right.
    pub regret: f64,
}

/// What an answer cost. A model without a price costs its time in hours.
pub fn cost(prices: &Prices, by: &str, tokens_in: u64, tokens_out: u64, time_us: u64) -> f64 {
    let known = prices.iter().filter(|(name, _)| by.starts_with(name.as_str())).max_by_key(|(name, _)| name.len());
    let price = known.map_or(Price { hour: 1.0, ..Price::default() }, |(_, price)| *price);
    (tokens_in as f64 * price.tokens_in + tokens_out as f64 * price.tokens_out) / 1e6 + time_us as f64 / 3.6e9 * price.hour
}

fn cost_of(prices: &Prices, outcome: &Outcome) -> f64 {
    cost(prices, &outcome.by, outcome.tokens_in, outcome.tokens_out, outcome.time_us)
}

fn is_right(outcome: &Outcome) -> bool {
    outcome.right == Some(true)
}

/// The share of cases that the better informed of two would get right.
fn oracle_accuracy(pairs: &[Pair]) -> f64 {
    pairs.iter().filter(|pair| is_right(&pair.small) || is_right(&pair.large)).count() as f64 / pairs.len().max(1) as f64
}

/// What came of asking the large model where `ask_large` says so.
fn row(way: &str, threshold: Option<f64>, pairs: &[Pair], prices: &Prices, small_first: bool, ask_large: impl Fn(&Pair) -> bool) -> Row {
    let (mut right, mut valid, mut large, mut total) = (0, 0, 0, 0.0);
    let mut times = Vec::new();
    for pair in pairs {
        let up = ask_large(pair);
        let taken = if up { &pair.large } else { &pair.small };
        let pays_small = small_first || !up;
        let parts = [(&pair.small, pays_small), (&pair.large, up)];
        let paid = || parts.iter().filter(|(_, paid)| *paid).map(|(outcome, _)| *outcome);
        total += paid().map(|outcome| cost_of(prices, outcome)).sum::<f64>();
        times.push(paid().map(|outcome| outcome.time_us).sum::<u64>() / 1000);
        right += usize::from(is_right(taken));
        valid += usize::from(taken.answer.is_some());
        large += usize::from(up);
    }
    let share = |count: usize| count as f64 / pairs.len().max(1) as f64;
    Row {
        way: way.into(),
        threshold,
        large_share: share(large),
        accuracy: share(right),
        valid: share(valid),
        cost: total,
        cost_per_success: if right == 0 { f64::INFINITY } else { total / right as f64 },
        p50_ms: percentile(&times, 0.5),
        p95_ms: percentile(&times, 0.95),
        regret: oracle_accuracy(pairs) - share(right),
    }
}

/// All ways: each model alone, the oracle, and the thresholds at which the large model is
/// asked for about each tenth of the cases.
pub fn rows(pairs: &[Pair], prices: &Prices) -> Vec<Row> {
    let small = row("small alone", None, pairs, prices, false, |_| false);
    let large = row("large alone", None, pairs, prices, false, |_| true);
    let oracle = row("oracle", None, pairs, prices, true, |pair| !is_right(&pair.small) && is_right(&pair.large));
    let mut all = vec![small, large, oracle];
    all.extend((1..10).map(|tenth| routed(pairs, prices, f64::from(tenth) / 10.0)));
    all
}

/// The threshold that sends about `share` of the cases on, and what comes of it.
pub fn routed(pairs: &[Pair], prices: &Prices, share: f64) -> Row {
    let confidence = |pair: &Pair| pair.small.sample().map_or(0.0, |sample| if pair.small.answer.is_some() { sample.confidence } else { 0.0 });
    let mut sorted: Vec<f64> = pairs.iter().map(confidence).collect();
    sorted.sort_by(f64::total_cmp);
    let place = (share * sorted.len() as f64).round() as usize;
    let threshold = sorted.get(place).copied().unwrap_or(1.0);
    row(&format!("small, below {threshold:.3} large"), Some(threshold), pairs, prices, true, |pair| confidence(pair) < threshold)
}

/// What a run's own route did, where each hole was answered once.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Recorded {
    /// Answered asks by who answered.
    pub answered: BTreeMap<String, usize>,
    /// Asks that nobody answered.
    pub open: usize,
    /// Asks that went beyond the first of the route.
    pub went_on: usize,
    /// The share of right answers among those that are labelled.
    pub accuracy: Option<f64>,
    /// Labelled answers.
    pub labelled: usize,
    /// Cost of all, earlier answers included.
    pub cost: f64,
    /// Cost for each right answer among the labelled, or for each answer without labels.
    pub cost_per_success: f64,
    /// The share of answers that fit their type.
    pub valid: f64,
    /// Median and nineteen of twenty of the waiting times in milliseconds.
    pub p50_ms: u64,
    /// See above.
    pub p95_ms: u64,
    /// How well confidence tells right from wrong.
    pub auroc: Option<f64>,
    /// Expected calibration error.
    pub calibration_error: Option<f64>,
}

/// Sums up recorded asks.
pub fn recorded(outcomes: &[Outcome], prices: &Prices) -> Recorded {
    let samples: Vec<measure::Sample> = outcomes.iter().filter_map(Outcome::sample).collect();
    let mut all = Recorded { labelled: samples.len(), ..Recorded::default() };
    let mut times = Vec::new();
    for outcome in outcomes {
        match &outcome.answer {
            Some(_) => *all.answered.entry(outcome.by.clone()).or_default() += 1,
            None => all.open += 1,
        }
        all.went_on += usize::from(!outcome.tried.is_empty());
        let earlier = outcome.tried.iter().map(|tried| cost(prices, &tried.by, tried.tokens_in, tried.tokens_out, tried.time_us));
        all.cost += cost_of(prices, outcome) + earlier.sum::<f64>();
        times.push((outcome.time_us + outcome.tried.iter().map(|tried| tried.time_us).sum::<u64>()) / 1000);
    }
    let answered: usize = all.answered.values().sum();
    let right = samples.iter().filter(|sample| sample.right).count();
    let successes = if samples.is_empty() { answered } else { right };
    all.cost_per_success = if successes == 0 { f64::INFINITY } else { all.cost / successes as f64 };
    all.valid = answered as f64 / outcomes.len().max(1) as f64;
    (all.p50_ms, all.p95_ms) = (percentile(&times, 0.5), percentile(&times, 0.95));
    if !samples.is_empty() {
        all.accuracy = Some(measure::accuracy(&samples));
        all.auroc = measure::auroc(&samples);
        all.calibration_error = Some(measure::calibration_error(&samples));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::Half;
    use serde_json::json;

    fn outcome(by: &str, right: bool, ppm: u32, time_us: u64) -> Outcome {
        Outcome {
            task: "t".into(), index: 0, half: Half::HeldOut, family: "bool".into(), by: by.into(), answer: Some(json!(true)),
            reason: String::new(), right: Some(right), confidence_ppm: Some(ppm), calibration: String::new(),
            tokens_in: 1_000_000, tokens_out: 0, time_us, tried: Vec::new(),
        }
    }

    fn pairs() -> Vec<Pair> {
        let pair = |small: bool, ppm: u32, large: bool| Pair { small: outcome("s", small, ppm, 1000), large: outcome("l", large, 900_000, 9000) };
        vec![pair(true, 950_000, true), pair(true, 900_000, false), pair(false, 550_000, true), pair(false, 600_000, false)]
    }

    fn prices() -> Prices {
        Prices::from([("s".into(), Price { tokens_in: 1.0, ..Price::default() }), ("l".into(), Price { tokens_in: 10.0, ..Price::default() })])
    }

    #[test]
    fn each_way_has_its_accuracy_cost_and_regret() {
        let rows = rows(&pairs(), &prices());
        let by = |way: &str| rows.iter().find(|row| row.way == way).unwrap();
        let (small, large, oracle) = (by("small alone"), by("large alone"), by("oracle"));
        assert_eq!((small.accuracy, small.cost, small.regret), (0.5, 4.0, 0.25));
        assert_eq!((large.accuracy, large.cost, large.cost_per_success), (0.5, 40.0, 20.0));
        assert_eq!((oracle.accuracy, oracle.regret, oracle.large_share), (0.75, 0.0, 0.25));
        let half = routed(&pairs(), &prices(), 0.5);
        assert_eq!((half.large_share, half.accuracy, half.cost), (0.5, 0.75, 24.0));
        assert_eq!((half.p50_ms, half.p95_ms), (1, 10));
    }

    #[test]
    fn a_recorded_route_is_summed_up_with_what_it_tried() {
        let mut up = outcome("l", true, 900_000, 9000);
        up.tried.push(emulant_ask::Tried { by: "s".into(), tokens_in: 1_000_000, time_us: 1000, ..Default::default() });
        let open = Outcome { answer: None, right: None, ..outcome("", false, 0, 0) };
        let all = recorded(&[outcome("s", false, 950_000, 1000), up, open], &prices());
        assert_eq!((all.went_on, all.open, all.labelled, all.accuracy), (1, 1, 2, Some(0.5)));
        assert_eq!((all.cost.round(), all.p95_ms, all.auroc), (12.0, 10, Some(0.0)));
    }
}
