//! `emulant bench toolemu`: toolkits load, and what a model plays is valid.

use crate::common::Trouble;
use clap::Args;
use emulant_prove::toolemu;
use std::path::PathBuf;

/// What `bench toolemu` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench toolemu ../shared/data/toolemu --rounds 5\n\n\
    Every tool of every toolkit is called; random valid answers of a seed play it, and the program\n\
    itself compares each observation with the toolkit's text. The exit status is 1 when one does not fit.")]
pub struct Arguments {
    /// toolkits.jsonl, or the folder with it
    path: PathBuf,
    /// Calls of each tool
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: u32,
    /// What the answers start from
    #[arg(long, default_value_t = 7, value_name = "N")]
    seed: u64,
}

/// Plays them.
pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let toolkits = toolemu::read(&arguments.path).map_err(Trouble::usage)?;
    let played: Vec<_> =
        toolkits.iter().zip(arguments.seed..).map(|(toolkit, seed)| toolemu::play(toolkit, arguments.rounds, seed)).collect();
    say!("{}", toolemu::report(&played));
    Ok(u8::from(played.iter().any(|one| !one.loaded || one.valid < one.observations)))
}
