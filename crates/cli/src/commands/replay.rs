//! `emulant replay`: the same run from its record.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_host::replay::{Replayed, replay};
use emulant_host::run::RunResult;
use emulant_host::traceback;
use std::path::Path;

/// What `replay` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant replay 0qk3\n\n\
    Prints the run's output again. Exit status 0 when everything is the same, 1 when an entry differs.")]
pub struct Arguments {
    /// The run: its id, the beginning of it, or an exported file
    run: String,
}

/// Replays the run.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let journal = common::journal(state, &arguments.run)?;
    let file = super::answer::options(&journal)?.file;
    let replayed = replay(&journal, &mut common::print)?;
    let asks = journal.exchanges().len();
    match replayed {
        Replayed::Same { result, output_sha256 } => {
            match &result {
                RunResult::Raised(uncaught) => tell!("{}", traceback::text(uncaught)),
                RunResult::Rejected(error) => tell!("{}", traceback::rejected(&file, error)),
                _ => {}
            }
            tell_line!("same: {asks} asks, output sha256 {output_sha256}");
            Ok(0)
        }
        Replayed::Open { asks } => {
            tell_line!("same so far: {asks} asks; the run is open");
            Ok(0)
        }
        Replayed::Differs { seq, what } => {
            tell_line!("entry {seq} differs: {what}");
            Ok(1)
        }
    }
}
