//! `emulant answer`: what a person says to a waiting run.

use crate::common::{self, Telling, Trouble};
use clap::Args;
use emulant_host::options::RunOptions;
use emulant_host::replay::{self, Said};
use std::path::Path;

/// What `answer` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant answer 0qk3 5 true\n\n\
    An approval wants true or false; a hole, a call in doubt and a line of input want the answer\n\
    itself as JSON. The run then goes on where it stopped.")]
pub struct Arguments {
    /// The run: its id or the beginning of it
    run: String,
    /// The entry that waits
    seq: u64,
    /// The answer
    #[arg(required_unless_present_any = ["again", "failed"])]
    json_text: Option<String>,
    /// The call in doubt did not happen: do it now
    #[arg(long, conflicts_with = "json_text")]
    again: bool,
    /// It failed, for this reason
    #[arg(long, value_name = "REASON", conflicts_with = "json_text")]
    failed: Option<String>,
    /// Print the report as JSON on standard error
    #[arg(long)]
    json: bool,
}

/// Records the answer, and goes on with the run.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let said = said(arguments.json_text.as_deref(), arguments.again, arguments.failed)?;
    let store = common::store(state)?;
    let id = store.find(&arguments.run)?;
    let options = options(&store.journal(&id)?)?;
    let outcome = common::with_world(&options, |world| replay::answer(store, &id, arguments.seq, &said, world))?;
    Ok(common::finish(&options.file, &outcome, if arguments.json { Telling::Json } else { Telling::Always }))
}

/// One of the three ways to say something.
pub fn said(json: Option<&str>, again: bool, failed: Option<String>) -> Result<Said, Trouble> {
    Ok(match (json, again, failed) {
        (Some(text), ..) => Said::Json(common::json("the answer", text)?),
        (None, true, _) => Said::Again,
        (None, false, Some(reason)) => Said::Failed(reason),
        (None, false, None) => return Err(Trouble::usage("give an answer")),
    })
}

/// The recorded options of a run.
pub fn options(journal: &emulant_journal::Journal) -> Result<RunOptions, Trouble> {
    let run = journal.run().ok_or_else(|| Trouble::usage("the journal is empty"))?;
    Ok(RunOptions::of_run(run).0)
}
