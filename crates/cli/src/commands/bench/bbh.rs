//! `emulant bench bbh`: BIG-Bench Hard as programs with holes.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_ask::{Answer, Hole};
use emulant_host::answer::{Holes as _, LazyModel};
use emulant_prove::bbh;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What `bench bbh` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench bbh ../shared/data/bbh --model default\n\n\
    Without --model only tasks whose program asks nobody are run.")]
pub struct Arguments {
    /// The folder with dev.jsonl, or such a file
    path: PathBuf,
    /// The programs, one a task
    #[arg(long, default_value = "bench/bbh", value_name = "DIR")]
    programs: PathBuf,
    /// Who fills the holes
    #[arg(long, value_name = "NAME|URL")]
    model: Option<String>,
    /// Cases of each task
    #[arg(long, default_value_t = 10, value_name = "N")]
    per_task: usize,
    /// What the sample starts from
    #[arg(long, default_value_t = 7, value_name = "N")]
    seed: u64,
}

/// Runs them.
pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let cases = bbh::read(&arguments.path, arguments.per_task, arguments.seed).map_err(Trouble::usage)?;
    let programs = bbh::programs(&arguments.programs).map_err(Trouble::usage)?;
    let mut model = arguments.model.as_ref().map(|spec| LazyModel::new(spec, common::watcher()));
    let mut rows: BTreeMap<String, bbh::Row> = BTreeMap::new();
    for case in &cases {
        let Some(program) = bbh::program_of(&programs, &case.task) else { continue };
        if model.is_none() && program.contains("emulant") {
            continue;
        }
        let mut answer = |holes: &[&Hole]| -> Vec<Answer> {
            match &mut model {
                Some(model) => model.answer(holes, None),
                None => holes.iter().map(|_| Answer::Failed { reason: "no --model was given".into() }).collect(),
            }
        };
        bbh::ask(program, case, &mut answer, rows.entry(case.task.clone()).or_default());
    }
    say!("{}", bbh::report(&rows));
    Ok(0)
}
