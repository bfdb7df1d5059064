//! `emulant journal`: the records of runs.

use crate::common::{self, DATA, Trouble};
use clap::{Args, Subcommand};
use emulant_host::{attest, policies};
use emulant_host::replay::{self, Replayed};
use emulant_host::store::now_us;
use emulant_host::why::{self, time};
use emulant_journal::{Journal, PublicKey, State, verify};
use std::path::Path;

/// What `journal` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant journal verify 0qk3")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All runs, the newest first. Example: emulant journal list
    List,
    /// The entries of a run, one a line. Example: emulant journal show 0qk3
    Show {
        /// The run: its id, the beginning of it, or an exported file
        run: String,
    },
    /// Check every byte of a run's journal. Example: emulant journal verify run.jsonl --key 1f…
    Verify {
        /// The run: its id, the beginning of it, or an exported file
        run: String,
        /// The public key that must have signed it: 64 hex digits, or a file of them
        #[arg(long, value_name = "K")]
        key: Option<String>,
        /// Also run it again, with nobody asked, and judge each call again: the steps must be those that follow from
        /// the program and the answers, the decisions those that follow from rules and approvals
        #[arg(long)]
        replay: bool,
    },
    /// Print the exact bytes of a run's journal. Example: emulant journal export 0qk3 > run.jsonl
    Export {
        /// The run: its id or the beginning of it
        run: String,
        /// Print an in-toto statement about these bytes instead, in an envelope (DSSE) that the key here signs
        #[arg(long)]
        dsse: bool,
    },
    /// Remove finished runs, and what was kept for undoing them. Example: emulant journal prune --older-than 30d
    Prune {
        /// Runs that have not changed for so many days (d), hours (h) or minutes (m)
        #[arg(long, value_name = "AGE", value_parser = age)]
        older_than: std::time::Duration,
    },
    /// Print the public key that signs here. Example: emulant journal key
    Key,
}

/// Does one of them.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    match arguments.command {
        Command::List => list(state),
        Command::Show { run } => show(&common::journal(state, &run)?),
        Command::Verify { run, key, replay } => {
            let status = check(state, &run, key.as_deref())?;
            if status == 0 && replay { follows(&common::journal(state, &run)?) } else { Ok(status) }
        }
        Command::Export { run, dsse: true } => {
            let store = common::store(state)?;
            let statement = attest::statement(&common::journal(state, &run)?, &store.bytes_of(&run)?).map_err(Trouble::usage)?;
            say_line!("{}", attest::envelope(&statement, &store.key()?));
            Ok(0)
        }
        Command::Export { run, dsse: false } => {
            let bytes = common::store(state)?.bytes_of(&run)?;
            common::print(emulant_machine::Stream::Out, &String::from_utf8_lossy(&bytes));
            Ok(0)
        }
        Command::Prune { older_than } => {
            let age = u64::try_from(older_than.as_micros()).unwrap_or(u64::MAX);
            let (runs, kept) = common::store(state)?.prune(now_us().saturating_sub(age))?;
            runs.iter().for_each(|run| say_line!("{run}"));
            say_line!("{} runs removed, and {kept} things kept for undoing", runs.len());
            Ok(0)
        }
        Command::Key => {
            say_line!("{}", common::store(state)?.key()?.public().to_hex());
            Ok(0)
        }
    }
}

/// `30d`, `12h`, `5m`.
fn age(text: &str) -> Result<std::time::Duration, String> {
    let units = [('d', 86_400), ('h', 3600), ('m', 60)];
    let found = units.iter().find_map(|(unit, seconds)| Some(text.strip_suffix(*unit)?.parse::<u64>().ok()?.saturating_mul(*seconds)));
    found.map(std::time::Duration::from_secs).ok_or_else(|| "it reads 30d, 12h or 5m".into())
}

fn list(state: Option<&Path>) -> Result<u8, Trouble> {
    for row in common::store(state)?.list()? {
        say_line!("{}  {:<7}  {}  {:>6} entries  {}", row.id, row.state.name(), time(row.created_us), row.lines, row.file);
    }
    Ok(0)
}

fn show(journal: &Journal) -> Result<u8, Trouble> {
    for (seq, text) in why::rows(journal) {
        say_line!("{seq:>5}  {text}");
    }
    Ok(0)
}

fn check(state: Option<&Path>, run: &str, key: Option<&str>) -> Result<u8, Trouble> {
    let key = key.map(public_key).transpose()?;
    let bytes = common::store(state)?.bytes_of(run)?;
    let report = match verify(&bytes, key.as_ref()) {
        Ok(report) => report,
        Err(fault) => {
            say_line!("not sound: {fault}");
            return Ok(DATA);
        }
    };
    let end = match &report.state {
        State::Open => "open: its end is missing or not written yet".to_string(),
        State::Finished(close) => format!("finished with exit status {}", close.exit_status),
    };
    say_line!("sound: run {}, {} entries, {} of {} asks answered", report.run, report.entries, report.answered, report.asks);
    say_line!("{end}");
    for seq in &report.in_doubt {
        say_line!("in doubt: entry {seq}");
    }
    let keys: Vec<String> = report.keys.iter().map(PublicKey::to_hex).collect();
    match (key, keys.is_empty()) {
        (_, true) => say_line!("signed by nobody yet"),
        (Some(_), false) => say_line!("signed by the given key, entries 0 to {}", report.signed_entries - 1),
        (None, false) => say_line!("signed by {} (compare with a key kept elsewhere: --key)", keys.join(", ")),
    }
    Ok(0)
}

/// Does what is on record follow from the program, the answers, the rules and the approvals?
fn follows(journal: &Journal) -> Result<u8, Trouble> {
    let replayed = match replay::replay(journal, &mut |_, _| ())? {
        Replayed::Same { .. } => "the steps follow: the same asks, output and end",
        Replayed::Open { .. } => "the steps follow as far as the record goes",
        Replayed::Differs { seq, what } => {
            say_line!("the steps do not follow: entry {seq}: {what}");
            return Ok(DATA);
        }
    };
    say_line!("{replayed}");
    let (calls, differences) = policies::replay(journal, Vec::new()).map_err(Trouble::usage)?;
    for one in &differences {
        say_line!("the decision does not follow: entry {}: {}: recorded {}, it must be {}", one.seq, one.call, one.then, one.now);
    }
    if !differences.is_empty() {
        return Ok(DATA);
    }
    say_line!("the decisions follow: {calls} calls");
    Ok(0)
}

fn public_key(text: &str) -> Result<PublicKey, Trouble> {
    let from_file = || std::fs::read_to_string(text).ok().and_then(|text| PublicKey::from_hex(text.trim()));
    PublicKey::from_hex(text).or_else(from_file).ok_or_else(|| Trouble::usage(format!("--key {text}: neither a public key nor a file of one")))
}
