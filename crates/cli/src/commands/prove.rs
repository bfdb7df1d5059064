//! `emulant prove`: claims about all programs, tried on many.

use crate::common::Trouble;
use clap::Args;
use emulant_prove::campaign::{self, CAMPAIGNS, Findings, Order};
use emulant_prove::worker;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::path::{Path, PathBuf};

/// Faults that are printed with their programs.
const SHOWN_MAX: usize = 10;

/// What `prove` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant prove lazy --count 10000 --seed 7\n\n\
    Without a NAME it lists the campaigns. A case is named by seed and number: what is reported as\n\
    `lazy --seed 7 --first 42` is shown again by `emulant prove lazy --seed 7 --first 42 --count 1`.")]
pub struct Arguments {
    /// A campaign
    name: Option<String>,
    /// Files and folders, for campaigns that read programs
    #[arg(value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// How many cases [default: as many as the claim is made for]
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// The seed of everything that is left to chance
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Number of the first case
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
    /// Stop after this time with what was done
    #[arg(long, value_name = "S")]
    seconds: Option<u64>,
    /// How many cases run at the same time
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Write what shows each fault to a file in this folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Be the process of its own that a campaign needs
    #[arg(long, hide = true)]
    worker: bool,
}

/// `emulant conform --hostile`: the same as `emulant prove hostile PATHS`.
pub fn hostile(paths: &[PathBuf], first: Option<u64>, count: Option<u64>, jobs: Option<usize>) -> Result<u8, Trouble> {
    let (name, paths) = (Some("hostile".to_string()), paths.to_vec());
    let first = first.unwrap_or_default();
    run(Arguments { name, paths, count, seed: 1, first, seconds: None, jobs, keep: None, worker: false }, None)
}

/// Runs a campaign.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    if arguments.worker {
        return work(&arguments);
    }
    let Some(name) = &arguments.name else {
        for campaign in CAMPAIGNS {
            say!("{:<14}{}\n", campaign.name, campaign.shows);
        }
        return Ok(0);
    };
    let campaign = campaign::find(name).ok_or_else(|| Trouble::usage(format!("there is no campaign {name}; see emulant prove")))?;
    // A panic is a fault with a number: its words are told there.
    std::panic::set_hook(Box::new(|_| {}));
    let bar = ProgressBar::with_draw_target(arguments.count, ProgressDrawTarget::stderr());
    let order = Order {
        seed: arguments.seed,
        first: arguments.first,
        count: arguments.count.unwrap_or(campaign.full),
        jobs: arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, usize::from)),
        worker: worker_command()?,
        paths: arguments.paths.clone(),
        seconds: arguments.seconds,
        progress: &|done| bar.set_position(done),
    };
    let findings = campaign.hold(&order);
    bar.finish_and_clear();
    show(name, &findings, &arguments)?;
    Ok(u8::from(!findings.faults.is_empty()))
}

fn show(name: &str, findings: &Findings, arguments: &Arguments) -> Result<(), Trouble> {
    for fault in findings.faults.iter().take(SHOWN_MAX).filter(|fault| !fault.text.is_empty()) {
        say!("--- case {}: {}\n{}\n", fault.case, fault.what, fault.text);
    }
    if let Some(folder) = &arguments.keep {
        let at = |error| Trouble::computer(format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(at)?;
        for fault in &findings.faults {
            let text = format!("# {}\n{}", fault.what.replace('\n', " "), fault.text);
            std::fs::write(folder.join(format!("{name}-{}-{}.py", arguments.seed, fault.case)), text).map_err(at)?;
        }
    }
    say!("{}", findings.text(name, arguments.seed));
    Ok(())
}

/// How a campaign starts this program again.
pub fn worker_command() -> Result<Vec<std::ffi::OsString>, Trouble> {
    let own = std::env::current_exe().map_err(Trouble::computer)?;
    Ok(Vec::from([own.into(), "prove".into(), "--worker".into()]))
}

fn work(arguments: &Arguments) -> Result<u8, Trouble> {
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let words: Vec<String> = arguments.name.iter().cloned().chain(arguments.paths.iter().map(text)).collect();
    let line = worker::work(&words).map_err(Trouble::computer)?;
    say!("{line}\n");
    Ok(0)
}
