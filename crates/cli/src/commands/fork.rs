//! `emulant fork`: the same run with another answer at one place.

use crate::common::{self, Telling, Trouble};
use clap::Args;
use emulant_host::manifest;
use emulant_host::options::{Grants, RunOptions};
use emulant_host::replay;
use std::path::{Path, PathBuf};

/// What `fork` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant fork 0qk3 --at 5 --answer false\n\n\
    Earlier answers are used again; what comes after is asked anew. Acting tools need --allow again.\n\
    An exported file may come from anybody: tools, files, policies and the model are then those given here.")]
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
    /// Tools instead of the run's own
    #[arg(long, value_name = "FILE")]
    tools: Option<PathBuf>,
    /// Folder that the program sees, as `run` has it, instead of the run's own
    #[arg(long, value_name = "DIR[:ro|:overlay|:rw]")]
    root: Option<String>,
    /// Policies instead of the run's own
    #[arg(long, value_name = "FILE")]
    policy: Vec<String>,
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
    let opening = journal.run().ok_or_else(|| Trouble::usage("the journal is empty"))?;
    let is_own = store.find(&arguments.run).is_ok();
    let grants = grants(arguments.tools, arguments.root, &arguments.policy, arguments.model, arguments.allow, is_own)?;
    let options = match is_own {
        true => RunOptions::of_fork(opening, grants),
        false => RunOptions::of_foreign(opening, grants).map_err(Trouble::usage)?,
    };
    let file = options.file.clone();
    let outcome =
        common::with_world(&options.clone(), |world| replay::fork(&journal, arguments.at, &said, options, Some(store), world))?;
    Ok(common::finish(&file, &outcome, if arguments.json { Telling::Json } else { Telling::Always }))
}

/// What the command line grants. A run from elsewhere sees the folder that `emulant run` would let it see.
fn grants(
    tools: Option<PathBuf>,
    root: Option<String>,
    policy: &[String],
    model: Option<String>,
    allow: Vec<String>,
    is_own: bool,
) -> Result<Grants, Trouble> {
    let tools_file = tools.as_deref().map(common::absolute).transpose()?;
    let root = match root {
        Some(root) => {
            let (folder, access) = super::run::root_and_access(&root);
            Some((common::absolute(&folder)?, Some(access)))
        }
        None if is_own => None,
        None => Some((super::run::root_beside(tools_file.as_deref())?, None)),
    };
    let policies = manifest::policies(policy, Path::new("")).map_err(Trouble::usage)?;
    Ok(Grants { allowed: allow.into_iter().collect(), tools_file, root, policies, model })
}
