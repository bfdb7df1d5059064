//! `emulant bench partial`: lines reached in code whose definitions are missing.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_ask::{Answer, Hole};
use emulant_host::answer::{Holes as _, LazyModel};
use emulant_prove::partial;
use std::path::PathBuf;
use std::sync::Mutex;

/// What `bench partial` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench partial ../shared/data/partial-code\n\n\
    Each snippet runs three times: opaque values are true, or alternate. Without --model nothing is\n\
    asked; with it, what the first run forces is asked, up to --asks for each snippet.")]
pub struct Arguments {
    /// A .jsonl file of records with id and source, or a folder of such
    path: PathBuf,
    /// Who is asked when a missing value is forced
    #[arg(long, value_name = "NAME|URL")]
    model: Option<String>,
    /// Asks for each snippet, at most; afterwards a forced value is what it is without a model
    #[arg(long, default_value_t = 3, value_name = "N")]
    asks: usize,
    /// Only so many snippets
    #[arg(long, value_name = "N")]
    first: Option<usize>,
    /// List so many of the snippets that ran least
    #[arg(long, default_value_t = 0, value_name = "N")]
    show: usize,
    /// Write everything as JSON to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let mut snippets = partial::read(&arguments.path).map_err(Trouble::usage)?;
    snippets.truncate(arguments.first.unwrap_or(usize::MAX));
    let covered = match &arguments.model {
        None => without_model(&snippets),
        Some(model) => with_model(&snippets, model, arguments.asks),
    };
    say!("{}", partial::report(&covered, arguments.show));
    super::keep(arguments.json.as_deref(), &partial::to_json(&covered))?;
    Ok(0)
}

fn without_model(snippets: &[partial::Snippet]) -> Vec<partial::Covered> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (next, done) = (Mutex::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = {
                        let mut next = next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                        *next += 1;
                        *next - 1
                    };
                    let Some(snippet) = snippets.get(index) else { break };
                    let covered = partial::measure(snippet, None, 0);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, covered));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, covered)| covered).collect()
}

fn with_model(snippets: &[partial::Snippet], model: &str, asks: usize) -> Vec<partial::Covered> {
    let mut model = LazyModel::new(model, common::watcher());
    let measure = |snippet: &partial::Snippet| {
        let mut answer = |holes: &[&Hole]| -> Vec<Answer> { model.answer(holes, None) };
        partial::measure(snippet, Some(&mut answer), asks)
    };
    snippets.iter().map(measure).collect()
}
