//! `emulant conform`: public corpora, run here and by CPython.

use crate::common::Trouble;
use clap::Args;
use emulant_prove::{conform, corpus, oracle::Oracle, report};
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::path::{Path, PathBuf};

/// What `conform` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant conform ../shared/data/humaneval --json result.json\n\n\
    Formats are known by their fields: humaneval, mbpp, cruxeval, thealgorithms, classeval, and folders\n\
    of .py beside .out files. Where a CPython is found, each program also runs there, with your rights,\n\
    and only what it passes counts. The last lines read NAME: passed N of M.")]
pub struct Arguments {
    /// Corpus files and folders
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Do not ask CPython; count every program
    #[arg(long)]
    no_oracle: bool,
    /// Write everything as JSON to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How many programs run at the same time
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

/// Runs the corpora.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    let cases = corpus::read(&arguments.paths).map_err(|error| Trouble::usage(error.to_string()))?;
    let oracle = if arguments.no_oracle { None } else { Oracle::find(cache()) };
    match &oracle {
        Some(oracle) => tell_line!("CPython {} judges what counts", oracle.version()),
        None if arguments.no_oracle => {}
        None => tell_line!("no CPython found: every program counts"),
    }
    let threads = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from));
    // Hidden by itself where standard error is no terminal.
    let bar = ProgressBar::with_draw_target(Some(cases.len() as u64), ProgressDrawTarget::stderr());
    let judged = conform::conform(&cases, oracle.as_ref(), threads, &|done| bar.set_position(done as u64));
    bar.finish_and_clear();
    say!("{}", report::text(&judged));
    if let Some(oracle) = &oracle {
        oracle.keep();
    }
    if let Some(path) = &arguments.json {
        let text = report::json(&judged, oracle.as_ref().map(Oracle::version)).to_string();
        std::fs::write(path, text).map_err(|error| Trouble::computer(format!("{}: {error}", path.display())))?;
    }
    let complete = conform::summaries(&judged).iter().all(|summary| summary.passed == summary.of);
    Ok(u8::from(!complete))
}

/// Where verdicts of CPython are kept between runs.
fn cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("emulant").join("oracle.json"))
}
