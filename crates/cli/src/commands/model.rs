//! `emulant model`: which models there are, fetching one, and what its confidence is worth.

use super::bench::typed as bench;
use crate::common::{self, Trouble};
use clap::{Args, Subcommand};
use emulant_model::{Calibration, Half};
use std::path::{Path, PathBuf};

/// What `model` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant model pull small")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All models of the catalogue, and whether they are here
    List,
    /// Fetch the weights of one; an interrupted fetch goes on where it stopped
    Pull {
        /// default, small, test, or a full name
        name: String,
    },
    /// Fit what a model's confidence is worth on its labelled answers
    #[command(after_help = "Example: emulant bench typed --model small --uncalibrated --save out\n         \
        emulant model calibrate out/small.jsonl --model small")]
    Calibrate {
        /// Labelled answers as `bench typed --uncalibrated --save` writes them
        file: PathBuf,
        /// The model beside whose weights the fit is kept
        #[arg(long, value_name = "NAME|FILE", required_unless_present = "out")]
        model: Option<String>,
        /// Where else to put it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Fit on all answers; otherwise on those to tuning cases only
        #[arg(long)]
        all: bool,
    },
}

/// Does one of them.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    match arguments.command {
        Command::List => {
            for entry in emulant_model::catalogue() {
                let here = emulant_model::cached(&entry).map_or("not fetched".into(), |path| path.display().to_string());
                say_line!("{:<8} {} ({:.2} GB, {})  {here}", entry.alias, entry.name, entry.bytes as f64 / 1e9, entry.licence);
            }
        }
        Command::Pull { name } => {
            emulant_model::find(&name).map_err(|error| Trouble::usage(error.to_string()))?;
            let path = emulant_model::pull(&name, &mut common::watcher()).map_err(Trouble::computer)?;
            say_line!("{}", path.display());
        }
        Command::Calibrate { file, model, out, all } => {
            let path = match (out, model) {
                (Some(path), _) => path,
                (None, model) => {
                    let spec = emulant_model::parse_spec(&model.unwrap_or_default()).map_err(|error| Trouble::usage(error.to_string()))?;
                    emulant_model::calibration_file(&spec).map_err(|error| Trouble::usage(error.to_string()))?
                }
            };
            calibrate(&file, &path, all)?;
        }
    }
    Ok(0)
}

fn calibrate(file: &Path, path: &Path, all: bool) -> Result<(), Trouble> {
    let outcomes = bench::read_outcomes(file)?;
    let usable = outcomes.iter().filter(|outcome| (all || outcome.half == Half::Tuning) && outcome.answer.is_some());
    let outcomes: Vec<_> = usable.collect();
    let by = outcomes.first().map(|outcome| outcome.by.clone()).unwrap_or_default();
    if outcomes.iter().any(|outcome| outcome.by != by) {
        return Err(Trouble::usage(format!("{}: the answers are of several models", file.display())));
    }
    if outcomes.iter().any(|outcome| !outcome.calibration.is_empty()) {
        return Err(Trouble::usage(format!("{}: the confidences were mapped already; use --uncalibrated", file.display())));
    }
    let cases: Vec<_> = outcomes.iter().filter_map(|outcome| Some((outcome.family.clone(), outcome.sample()?))).collect();
    let fitted = Calibration::fit(&by, emulant_model::SESSION, &cases).map_err(|error| Trouble::usage(error.to_string()))?;
    bench::write(path, &fitted.to_text())?;
    say_line!("{} answers of {by}: {}", cases.len(), path.display());
    Ok(())
}
