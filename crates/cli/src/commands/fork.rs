//! `emulant fork`: the same run with another answer at one place.

use crate::common::{self, Telling, Trouble};
use clap::Args;
use emulant_host::replay;
use std::path::Path;

/// What `fork` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant fork 0qk3 --at 5 --answer false\n\n\
    Earlier answers are used again; what comes after is asked anew. Acting tools need --allow again.")]
pub struct Arguments {
    /// The run: its id, the beginning of it, or an exported file
    run: String,
    /// The entry that gets another answer
    #[arg(long, value_name = "SEQ")]
    at: u64,
    /// The other answer
    #[arg(long, value_name = "JSON", required_unless_present = "failed")]
    answer: Option<String>,
    /// It failed, for this reason
    #[arg(long, value_name = "REASON", conflicts_with = "answer")]
    failed: Option<String>,
    /// An acting tool that runs without asking
    #[arg(long, value_name = "TOOL")]
    allow: Vec<String>,
    /// Another model
    #[arg(long, value_name = "NAME|URL")]
    model: Option<String>,
    /// Print the report as JSON on standard error
    #[arg(long)]
    json: bool,
}

/// Runs the fork.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let said = super::answer::said(arguments.answer.as_deref(), false, arguments.failed)?;
    let store = common::store(state)?;
    let journal = common::journal(state, &arguments.run)?;
    let mut options = super::answer::options(&journal)?;
    // A journal may come from anywhere: its grants are not ours.
    options.allowed = arguments.allow.into_iter().collect();
    if let Some(model) = arguments.model {
        options.model = model;
    }
    let file = options.file.clone();
    let outcome =
        common::with_world(&options.clone(), |world| replay::fork(&journal, arguments.at, &said, options, Some(store), world))?;
    Ok(common::finish(&file, &outcome, if arguments.json { Telling::Json } else { Telling::Always }))
}
