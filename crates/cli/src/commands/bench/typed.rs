//! `emulant bench typed`: accuracy, validity and calibration on labelled typed cases, for models
//! alone and routed.

use super::super::report::show_rows;
use crate::common::{self, Trouble};
use clap::{Args, ValueEnum};
use emulant_model::{Backend, Case, Half, Options, Outcome, Pair, Prices, Sample, accuracy, auroc, calibration_error, parse_spec, routed, rows};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What `bench typed` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench typed --model small --model default --out typed.html\n\n\
    The default model takes about a second a case. In parts, or beside other work:\n\
    nice -n 15 emulant bench typed --model default --save outcomes        writes each task as it is done,\n\
    the same with --continue        asks only the tasks that are not there,\n\
    with --task plural,stars or --half tuning        takes these cases only, and\n\
    emulant bench typed --model small --model default --save outcomes --saved --out typed.html        asks nobody")]
pub struct Arguments {
    /// Folder of cases
    #[arg(long, value_name = "DIR", default_value = "corpus/typed")]
    cases: PathBuf,
    /// Who is asked; with several, the first is routed to the last
    #[arg(long, value_name = "NAME|URL", required = true)]
    model: Vec<String>,
    /// Which cases
    #[arg(long, default_value = "all")]
    half: Part,
    /// Only these tasks
    #[arg(long, value_name = "TASK,...", value_delimiter = ',')]
    task: Vec<String>,
    /// A page with pictures
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder for all outcomes as JSON lines, one file a model
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
    /// Read the outcomes in that folder and ask nobody
    #[arg(long, requires = "save")]
    saved: bool,
    /// Ask only the tasks whose outcomes are not in that folder yet
    #[arg(long = "continue", requires = "save", conflicts_with = "saved")]
    go_on: bool,
    /// Confidence as the model gives it
    #[arg(long)]
    uncalibrated: bool,
    /// Decisions as the model gives them, whatever it favours
    #[arg(long)]
    plain: bool,
    /// Prices by model: {"name": {"tokens_in": per million, "tokens_out": per million, "hour": of time}}
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Show the wrong answers (of the tuning half only)
    #[arg(long)]
    wrong: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    All,
    Tuning,
    HeldOut,
}

impl Part {
    fn takes(self, half: Half) -> bool {
        match self {
            Part::All => true,
            Part::Tuning => half == Half::Tuning,
            Part::HeldOut => half == Half::HeldOut,
        }
    }
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let mut cases = emulant_model::load(&arguments.cases).map_err(|error| Trouble::usage(error.to_string()))?;
    cases.retain(|case| arguments.half.takes(case.half) && (arguments.task.is_empty() || arguments.task.contains(&case.task)));
    if cases.is_empty() {
        return Err(Trouble::usage("there are no such cases"));
    }
    let prices = prices(arguments.prices.as_deref())?;
    let options = Options { calibrated: !arguments.uncalibrated, batch_calibration: !arguments.plain, ..Options::default() };
    let mut models: Vec<(String, Vec<Outcome>)> = Vec::new();
    for model in &arguments.model {
        let path = arguments.save.as_ref().map(|folder| folder.join(format!("{}.jsonl", model.replace(['/', ':', ','], "_"))));
        let outcomes = match &path {
            Some(path) if arguments.saved => read_outcomes(path)?.into_iter().filter(|outcome| arguments.half.takes(outcome.half)).collect(),
            path => answered(model, &options, &cases, path.as_deref(), arguments.go_on)?,
        };
        show(model, &outcomes, arguments.wrong);
        models.push((model.clone(), outcomes));
    }
    if let [(_, small), .., (_, large)] = models.as_slice() {
        show_routes(small, large, &prices);
    }
    if let Some(path) = &arguments.out {
        write(path, &emulant_model::page(&models, &prices))?;
        say_line!("{}", path.display());
    }
    Ok(0)
}

/// The cases' answers, task by task, so that each hole is asked as a program would ask it. What is known is kept
/// in a file after each task.
fn answered(model: &str, options: &Options, cases: &[Case], file: Option<&Path>, go_on: bool) -> Result<Vec<Outcome>, Trouble> {
    let mut outcomes = match file {
        Some(path) if go_on && path.exists() => read_outcomes(path)?,
        _ => Vec::new(),
    };
    let mut backend = None;
    for task in cases.chunk_by(|a, b| a.task == b.task) {
        let is_known = |case: &Case| outcomes.iter().any(|outcome| (&outcome.task, outcome.index) == (&case.task, case.index));
        if task.iter().all(is_known) {
            continue;
        }
        outcomes.retain(|outcome| outcome.task != task[0].task);
        let backend = match &mut backend {
            Some(backend) => backend,
            none => none.insert(open(model, options)?),
        };
        outcomes.extend(emulant_model::ask(backend.as_mut(), task));
        if let Some(path) = file {
            write_outcomes(path, &outcomes)?;
        }
    }
    Ok(outcomes)
}

fn show(model: &str, outcomes: &[Outcome], wrong: bool) {
    let of = |half: Half| -> Vec<Sample> { outcomes.iter().filter(|o| o.half == half).filter_map(Outcome::sample).collect() };
    let valid = outcomes.iter().filter(|outcome| outcome.answer.is_some()).count();
    let seconds = outcomes.iter().map(|outcome| outcome.time_us).sum::<u64>() as f64 / 1e6;
    say_line!("{model}: {} cases, {valid} valid, {seconds:.1} s", outcomes.len());
    for (name, half) in [("tuning", Half::Tuning), ("held out", Half::HeldOut)] {
        let samples = of(half);
        if !samples.is_empty() {
            let ranking = auroc(&samples).map_or("-".into(), |ranking| format!("{ranking:.3}"));
            let (right, error) = (accuracy(&samples) * 100.0, calibration_error(&samples));
            say_line!("  {name:<9} {right:5.1} % of {:>3} right   AUROC {ranking}   calibration error {error:.3}", samples.len());
        }
    }
    let mut families: Vec<&str> = outcomes.iter().map(|outcome| outcome.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    for family in families {
        let samples: Vec<Sample> = outcomes.iter().filter(|o| o.family == family).filter_map(Outcome::sample).collect();
        say_line!("  {family:<9} {:5.1} % of {:>3} right", accuracy(&samples) * 100.0, samples.len());
    }
    for outcome in outcomes.iter().filter(|o| wrong && o.half == Half::Tuning && o.right == Some(false)) {
        let answer = outcome.answer.as_ref().map_or(outcome.reason.clone(), ToString::to_string);
        say_line!("    {} {}: {answer} ({:.2})", outcome.task, outcome.index, f64::from(outcome.confidence_ppm.unwrap_or(0)) / 1e6);
    }
}

fn show_routes(small: &[Outcome], large: &[Outcome], prices: &Prices) {
    let same = |one: &Outcome, other: &Outcome| one.task == other.task && one.index == other.index && one.half == Half::HeldOut;
    let pair = |one: &Outcome| large.iter().find(|other| same(one, other)).map(|other| Pair { small: one.clone(), large: other.clone() });
    let pairs: Vec<Pair> = small.iter().filter_map(pair).collect();
    if pairs.is_empty() {
        return;
    }
    say_line!("routed (held-out cases):");
    let mut all = rows(&pairs, prices);
    all.push(routed(&pairs, prices, 0.3));
    show_rows(&all);
}

fn open(model: &str, options: &Options) -> Result<Box<dyn Backend>, Trouble> {
    let spec = parse_spec(model).map_err(|error| Trouble::usage(error.to_string()))?;
    let tell: emulant_model::Teller = Arc::new(Mutex::new(common::watcher()));
    emulant_model::open(&spec, options, &tell).map_err(Trouble::computer)
}

/// The prices in a file; without one, time is what an answer costs.
pub fn prices(path: Option<&Path>) -> Result<Prices, Trouble> {
    let Some(path) = path else { return Ok(Prices::new()) };
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))?;
    serde_json::from_str(&text).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))
}

/// Outcomes as they were saved.
pub fn read_outcomes(path: &Path) -> Result<Vec<Outcome>, Trouble> {
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))?;
    let line = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| Trouble::usage(format!("{}, line {}: {error}", path.display(), number + 1)))
    };
    text.lines().enumerate().map(line).collect()
}

fn write_outcomes(path: &Path, outcomes: &[Outcome]) -> Result<(), Trouble> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Trouble::computer(format!("{}: {error}", folder.display())))?;
    }
    let lines: Vec<String> = outcomes.iter().filter_map(|outcome| serde_json::to_string(outcome).ok()).collect();
    write(path, &(lines.join("\n") + "\n"))
}

/// Writes a file.
pub fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    std::fs::write(path, text).map_err(|error| Trouble::computer(format!("{}: {error}", path.display())))
}
