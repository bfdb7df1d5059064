//! `emulant undo`: takes back what a run did.

use crate::common::{self, Telling, Trouble};
use clap::Args;
use emulant_host::options::RunOptions;
use emulant_host::undo::{How, Which, done, plan, undo};
use std::path::Path;

/// What `undo` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant undo 0qk3 --dry-run\n\n\
    Exit status: 0 everything was taken back; 1 something could not be, and is named.")]
pub struct Arguments {
    /// The run: its id or the beginning of it
    run: String,
    /// Only what happened at this entry and behind it
    #[arg(long, value_name = "SEQ", conflicts_with = "answer")]
    to: Option<u64>,
    /// Only what depended on the answer to this entry
    #[arg(long, value_name = "SEQ")]
    answer: Option<u64>,
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Undoes.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let store = common::store(state)?;
    let id = store.find(&arguments.run)?;
    let journal = store.journal(&id)?;
    let which = match (arguments.to, arguments.answer) {
        (Some(seq), _) => Which::From(seq),
        (None, Some(seq)) => Which::Answer(seq),
        (None, None) => Which::All,
    };
    let steps = plan(&journal, which, &done(&store, &id)?, store.folder()).map_err(Trouble::usage)?;
    let mut left = 0;
    let mut calls = 0;
    for step in &steps {
        let how = match &step.how {
            How::Call(call) => {
                calls += 1;
                format!("by {}", emulant_host::run::shown_call(call))
            }
            How::Done => "taken back before".into(),
            How::Cannot(why) => {
                left += 1;
                format!("NOT: {why}")
            }
            How::InDoubt => {
                left += 1;
                format!("NOT: nobody knows whether it happened (emulant answer {id} {} JSON)", step.seq)
            }
        };
        say_line!("entry {}: {}\n    {how}", step.seq, step.shown);
    }
    if arguments.dry_run || calls == 0 {
        say_line!("{calls} acts to take back, {left} cannot be");
        return Ok(u8::from(left > 0));
    }
    let options = journal.run().map(|run| RunOptions::of_run(run).0).ok_or_else(|| Trouble::usage("the journal is empty"))?;
    let outcome = common::with_world(&options, |world| undo(&journal, &steps, store, world))?;
    let status = common::finish(emulant_host::undo::FILE, &outcome, Telling::WhenAsked);
    say_line!("{}", if status == 0 { format!("{calls} acts taken back, {left} could not be") } else { "stopped: run it again for the rest".to_string() });
    Ok(if status == 0 { u8::from(left > 0) } else { status })
}
