//! `emulant why`: where a value in an ask came from.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_host::why::why;
use std::path::Path;

/// What `why` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant why 0qk3 41 to")]
pub struct Arguments {
    /// The run: its id, the beginning of it, or an exported file
    run: String,
    /// The entry that asks
    seq: u64,
    /// One of its arguments, or a path below it
    argument: Option<String>,
}

/// Prints the story of an ask.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let journal = common::journal(state, &arguments.run)?;
    say!("{}", why(&journal, arguments.seq, arguments.argument.as_deref())?);
    Ok(0)
}
