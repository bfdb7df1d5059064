//! `emulant report`: what recorded runs say about the ways of asking.

use super::bench::typed as bench;
use crate::common::{self, Trouble};
use clap::Args;
use emulant_ask::{Hole, Request};
use emulant_model::{Half, Outcome, Pair, Row, recorded, rows};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// What `report` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant report --router RUN --labels right.jsonl\n\
    A label is a line of JSON: {\"name\": \"tone\", \"call\": \"tone(\\\"I love it\\\")\", \"answer\": \"good\"}")]
pub struct Arguments {
    /// About models and routes: accuracy, cost, latency, regret
    #[arg(long, required = true)]
    router: bool,
    /// Runs, or files of outcomes that `bench typed --save` wrote; of two such files the first
    /// is routed to the second
    #[arg(required = true, value_name = "RUN|FILE")]
    sources: Vec<String>,
    /// Right answers to recorded asks
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// Prices by model
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// The right answer to a call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    name: Option<String>,
    call: String,
    answer: serde_json::Value,
}

/// Prints the report.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let prices = bench::prices(arguments.prices.as_deref())?;
    let labels = labels(arguments.labels.as_deref())?;
    let mut lists: Vec<Vec<Outcome>> = Vec::new();
    for source in &arguments.sources {
        let path = Path::new(source);
        lists.push(match path.extension().is_some_and(|extension| extension == "jsonl") && path.is_file() {
            true => bench::read_outcomes(path)?,
            false => outcomes(&common::journal(state, source)?, &labels),
        });
    }
    let pairs = pairs(&lists);
    if arguments.json {
        let rows = if pairs.is_empty() { Vec::new() } else { rows(&pairs, &prices) };
        let all: Vec<_> = lists.iter().map(|list| recorded(list, &prices)).collect();
        say_line!("{}", serde_json::json!({"recorded": all, "ways": rows}));
        return Ok(0);
    }
    for (source, list) in arguments.sources.iter().zip(&lists) {
        let all = recorded(list, &prices);
        let share = |value: Option<f64>| value.map_or("-".into(), |value| format!("{:.1} %", value * 100.0));
        let number = |value: Option<f64>| value.map_or("-".into(), |value| format!("{value:.3}"));
        say_line!("{source}: {} asks, {} open, {} went on to another model", list.len(), all.open, all.went_on);
        for (by, count) in &all.answered {
            say_line!("  {count:>5} answered by {by}");
        }
        say_line!("  right {} of {} labelled   valid {}", share(all.accuracy), all.labelled, share(Some(all.valid)));
        say_line!("  AUROC {}   calibration error {}", number(all.auroc), number(all.calibration_error));
        say_line!("  cost {:.6}, {:.6} for each success   p50 {} ms   p95 {} ms", all.cost, all.cost_per_success, all.p50_ms, all.p95_ms);
    }
    if !pairs.is_empty() {
        show_rows(&rows(&pairs, &prices));
    }
    Ok(0)
}

/// The ways of asking, one line each.
pub fn show_rows(rows: &[Row]) {
    say_line!("  {:<28} {:>7} {:>7} {:>7} {:>12} {:>8} {:>8} {:>7}", "way", "large", "right", "valid", "cost/right", "p50 ms", "p95 ms", "regret");
    for row in rows {
        let share = |value: f64| format!("{:.1} %", value * 100.0);
        let shares = [share(row.large_share), share(row.accuracy), share(row.valid)];
        say_line!(
            "  {:<28} {:>7} {:>7} {:>7} {:>12.6} {:>8} {:>8} {:>7}",
            row.way, shares[0], shares[1], shares[2], row.cost_per_success, row.p50_ms, row.p95_ms, share(row.regret)
        );
    }
}

/// Both models' outcomes for the same cases: of two files, or of what a route tried before
/// it took another answer.
fn pairs(lists: &[Vec<Outcome>]) -> Vec<Pair> {
    match lists {
        [small, large] => {
            let same = |one: &Outcome, other: &Outcome| one.task == other.task && one.index == other.index;
            let pair = |one: &Outcome| large.iter().find(|other| same(one, other)).map(|other| Pair { small: one.clone(), large: other.clone() });
            small.iter().filter_map(pair).collect()
        }
        _ => Vec::new(),
    }
}

fn labels(path: Option<&Path>) -> Result<Vec<Label>, Trouble> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))?;
    let line = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| Trouble::usage(format!("{}, line {}: {error}", path.display(), number + 1)))
    };
    text.lines().enumerate().map(line).collect()
}

fn outcomes(journal: &emulant_journal::Journal, labels: &[Label]) -> Vec<Outcome> {
    let mut all = Vec::new();
    for exchange in journal.exchanges() {
        if let (Request::Emulate(hole), Some(answer)) = (&exchange.ask.request, exchange.answered()) {
            let right = label(hole, labels).map(|label| vec![label.answer.clone()]);
            all.push(Outcome::new(&hole.name, all.len(), Half::HeldOut, hole, answer, right.as_deref()));
        }
    }
    all
}

fn label<'l>(hole: &Hole, labels: &'l [Label]) -> Option<&'l Label> {
    let call = emulant_model::call(hole);
    labels.iter().find(|label| label.call == call && label.name.as_ref().is_none_or(|name| *name == hole.name))
}
