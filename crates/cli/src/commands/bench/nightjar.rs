//! `emulant bench nightjar`: programs with natural blocks, unmodified.

use crate::common::Trouble;
use clap::Args;
use emulant_prove::nightjar;
use std::path::PathBuf;

/// What `bench nightjar` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench nightjar ../shared/data/nightjar\n\n\
    Each program runs once for each recorded trace, which answers its blocks. The exit status is 1 when a\n\
    program cannot be run.")]
pub struct Arguments {
    /// The folder with programs and traces
    folder: PathBuf,
    /// Write everything as JSON to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs them.
pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let cases = nightjar::read(&arguments.folder).map_err(Trouble::usage)?;
    let outcomes = nightjar::replay_all(&cases);
    say!("{}", nightjar::report(&outcomes));
    let rows = outcomes.iter().map(|one| {
        serde_json::json!({"id": one.id, "by": one.by, "ran": one.ran, "passed": one.passed, "tests": one.tests, "blocks": one.blocks,
            "asks": one.asks, "unnamed": one.unnamed, "ended": one.ended})
    });
    super::keep(arguments.json.as_deref(), &rows.collect::<Vec<_>>().into())?;
    Ok(u8::from(outcomes.iter().any(|one| !one.ran)))
}
