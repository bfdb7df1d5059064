//! `emulant trace`: what happened in a run, as JSON lines.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_host::replay;
use std::path::Path;

/// What `trace` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant trace 0qk3 > events.jsonl\n\n\
    One JSON array a line: [\"c\", function, line, locals] for a call, \"l\" for a line, and\n\
    [\"r\", function, line, value] for a return; \"..\" is a local that did not change.")]
pub struct Arguments {
    /// The run: its id, the beginning of it, or an exported file
    run: String,
    /// Comprehensions have frames of their own, as in CPython 3.11
    #[arg(long)]
    comprehension_frames: bool,
    /// Instructions that are traced
    #[arg(long, value_name = "N", default_value = "20000000")]
    limit_instructions: u64,
}

/// Prints the events.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let journal = common::journal(state, &arguments.run)?;
    let events = replay::trace(&journal, arguments.comprehension_frames, arguments.limit_instructions)?;
    common::print(emulant_machine::Stream::Out, &emulant_lens::trace::lines(&events));
    Ok(0)
}
