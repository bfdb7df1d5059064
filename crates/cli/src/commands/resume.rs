//! `emulant resume`: goes on with a run that was killed, or waits with nothing new to say.

use crate::common::{self, Telling, Trouble};
use clap::Args;
use emulant_host::replay;
use std::path::Path;

/// What `resume` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant resume 0qk3\n\n\
    Answers that were recorded are used again; nothing that may have acted is done twice.")]
pub struct Arguments {
    /// The run: its id or the beginning of it
    run: String,
    /// Print the report as JSON on standard error
    #[arg(long)]
    json: bool,
}

/// Goes on with the run.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let store = common::store(state)?;
    let id = store.find(&arguments.run)?;
    let options = super::answer::options(&store.journal(&id)?)?;
    let outcome = common::with_world(&options, |world| replay::resume(store, &id, world))?;
    Ok(common::finish(&options.file, &outcome, if arguments.json { Telling::Json } else { Telling::Always }))
}
