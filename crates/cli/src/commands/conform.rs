//! `emulant conform`: public corpora, run here and by CPython.

use crate::common::Trouble;
use clap::Args;
use emulant_prove::cpython::{self, installed::Installed};
use emulant_prove::{conform, corpus, oracle::Oracle, report};
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::path::{Path, PathBuf};

/// What `conform` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant conform ../shared/data/humaneval --json result.json\n\n\
    Formats are known by their fields: humaneval, mbpp, cruxeval, thealgorithms, classeval, and folders\n\
    of .py beside .out files. Where a CPython is found, each program also runs there, with your rights,\n\
    and only what it passes counts. The last lines read NAME: passed N of M.\n\n\
    Example: emulant conform --cpython-tests=python3.12 test_dict test_list\n\n\
    Each method runs in a machine of its own. One that needs a file, a process, a thread or the C API is\n\
    skipped, with the reason.")]
pub struct Arguments {
    /// Corpus files and folders; with --cpython-tests, names of test files
    #[arg(required_unless_present = "cpython_tests", value_name = "FILE|DIR|TEST")]
    paths: Vec<PathBuf>,
    /// Run CPython's own test files (test_dict test_list …; without names, those of the language and
    /// the modules around it), read from an installed CPython 3.12
    #[arg(long, value_name = "PYTHON", num_args = 0..=1, require_equals = true)]
    cpython_tests: Option<Option<String>>,
    /// With --cpython-tests: only methods with this text in Class.method
    #[arg(long, value_name = "TEXT", requires = "cpython_tests")]
    only: Option<String>,
    /// Do not ask CPython; count every program
    #[arg(long)]
    no_oracle: bool,
    /// Write everything as JSON to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// With --cpython-tests: write the table, the reasons and the failures as a page
    #[arg(long, value_name = "FILE", requires = "cpython_tests")]
    markdown: Option<PathBuf>,
    /// How many programs run at the same time
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// The programs want to harm: never give them to CPython, and judge how they are held
    #[arg(long, conflicts_with_all = ["no_oracle", "json", "markdown"])]
    hostile: bool,
    /// With --hostile: how many programs, from the first on
    #[arg(long, requires = "hostile", value_name = "N")]
    count: Option<u64>,
    /// With --hostile: number of the first program
    #[arg(long, requires = "hostile", value_name = "N")]
    first: Option<u64>,
}

/// Runs the corpora.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    if arguments.hostile {
        return super::prove::hostile(&arguments.paths, arguments.first, arguments.count, arguments.jobs);
    }
    if let Some(python) = &arguments.cpython_tests {
        return cpython_tests(&arguments, python.as_deref());
    }
    let cases = corpus::read(&arguments.paths).map_err(|error| Trouble::usage(error.to_string()))?;
    let oracle = if arguments.no_oracle { None } else { Oracle::find(cache()) };
    match &oracle {
        Some(oracle) => tell_line!("CPython {} judges what counts", oracle.version()),
        None if arguments.no_oracle => {}
        None => tell_line!("no CPython found: every program counts"),
    }
    let threads = arguments.threads();
    // Hidden by itself where standard error is no terminal.
    let bar = ProgressBar::with_draw_target(Some(cases.len() as u64), ProgressDrawTarget::stderr());
    let judged = conform::conform(&cases, oracle.as_ref(), threads, &|done| bar.set_position(done as u64));
    bar.finish_and_clear();
    say!("{}", report::text(&judged));
    if let Some(oracle) = &oracle {
        oracle.keep();
    }
    arguments.keep(report::json(&judged, oracle.as_ref().map(Oracle::version)))?;
    let complete = conform::summaries(&judged).iter().all(|summary| summary.passed == summary.of);
    Ok(u8::from(!complete))
}

impl Arguments {
    fn threads(&self) -> usize {
        self.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from))
    }

    /// Writes everything where it was wanted.
    fn keep(&self, json: serde_json::Value) -> Result<(), Trouble> {
        self.json.as_deref().map_or(Ok(()), |path| write(path, &json.to_string()))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    std::fs::write(path, text).map_err(|error| Trouble::computer(format!("{}: {error}", path.display())))
}

/// Runs CPython's own tests.
fn cpython_tests(arguments: &Arguments, python: Option<&str>) -> Result<u8, Trouble> {
    let installed = Installed::find(python).map_err(Trouble::usage)?;
    let names: Vec<String> = arguments.paths.iter().map(|path| path.display().to_string()).collect();
    let names = if names.is_empty() { cpython::rules::FILES.iter().map(|name| (*name).into()).collect() } else { names };
    tell_line!("the tests of CPython {}, in {}", installed.version, installed.folder.display());
    let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr());
    let progress = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    let wanted = cpython::Wanted { names, only: arguments.only.clone(), threads: arguments.threads() };
    let files = cpython::run(&installed, cpython::own_library(), &wanted, &progress);
    bar.finish_and_clear();
    say!("{}", cpython::table::text(&files));
    arguments.keep(cpython::table::json(&files, &installed.version))?;
    if let Some(path) = &arguments.markdown {
        write(path, &cpython::table::markdown(&files, &installed.version))?;
    }
    Ok(u8::from(!cpython::table::is_complete(&files)))
}

/// Where verdicts of CPython are kept between runs.
fn cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("emulant").join("oracle.json"))
}
