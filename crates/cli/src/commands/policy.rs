//! `emulant policy`: reading, testing and trying policies before they matter.

use crate::common::{self, DATA, Trouble};
use clap::{Args, Subcommand};
use emulant_host::cedar::Cedar;
use emulant_host::answer::Tools;
use emulant_host::manifest;
use emulant_host::options::RunOptions;
use emulant_host::policies::{self, Tests};
use std::path::{Path, PathBuf};

/// What `policy` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant policy test policies/tests/mail.json policies/mail.cedar --mutate")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Do the policies fit the tools? Example: emulant policy check examples/triage.json
    Check {
        /// The tools file
        tools: PathBuf,
        /// Policies instead of those that the tools file names (`default` is the one that comes with the program)
        #[arg(long, value_name = "FILE")]
        policy: Vec<String>,
        /// Print the schema that policies are checked against
        #[arg(long)]
        schema: bool,
    },
    /// Run a file of cases; with --mutate also under policies that differ in one place
    Test {
        /// The cases
        cases: PathBuf,
        /// The policies [default: the one that comes with the program]
        policies: Vec<String>,
        /// Tell which changes no case would notice
        #[arg(long)]
        mutate: bool,
    },
    /// Why was a call of a run decided so? Example: emulant policy explain 0qk3 12
    Explain {
        /// The run: its id, the beginning of it, or an exported file
        run: String,
        /// The entry of the call
        seq: u64,
    },
    /// The typed state of a run. Example: emulant policy state 0qk3
    State {
        /// The run: its id, the beginning of it, or an exported file
        run: String,
    },
    /// What would other policies have decided? Example: emulant policy replay 0qk3 --policy new.cedar
    Replay {
        /// Runs: ids, beginnings of them, or exported files
        #[arg(required = true)]
        runs: Vec<String>,
        /// The policies to try
        #[arg(long, value_name = "FILE", required = true)]
        policy: Vec<String>,
    },
}

/// Does one of them.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    match arguments.command {
        Command::Check { tools, policy, schema } => check(&tools, &policy, schema),
        Command::Test { cases, policies, mutate } => test(&cases, &policies, mutate),
        Command::Explain { run, seq } => {
            let lines = policies::explain(&common::journal(state, &run)?, seq).map_err(Trouble::usage)?;
            lines.iter().for_each(|line| say_line!("{line}"));
            Ok(0)
        }
        Command::State { run } => {
            for (name, value) in policies::state(&common::journal(state, &run)?).map_err(Trouble::usage)? {
                say_line!("{name} = {}", emulant_gate::shown(&value));
            }
            Ok(0)
        }
        Command::Replay { runs, policy } => replay(state, &runs, &policy),
    }
}

fn read(names: &[String]) -> Result<Vec<(String, String)>, Trouble> {
    manifest::policies(names, Path::new("")).map_err(Trouble::usage)
}

fn check(file: &Path, names: &[String], schema: bool) -> Result<u8, Trouble> {
    let file = common::absolute(file)?;
    let options = RunOptions { root: file.parent().map(Path::to_path_buf), tools_file: Some(file), ..RunOptions::new("", "") };
    let mut tools = common::tools(&options)?;
    let declared = Tools::declare(&mut tools).map_err(Trouble::computer)?;
    let mut manifest = Tools::manifest(&tools);
    if !names.is_empty() {
        manifest.policies = read(names)?;
    }
    if manifest.policies.is_empty() {
        manifest.policies = read(&["default".to_string()])?;
    }
    let fits = manifest.state(Tools::schemas(&tools)).and_then(|state| Cedar::open(&manifest.policies, &declared, &state));
    let policy = match fits {
        Ok(policy) => policy,
        Err(reason) => {
            say_line!("{reason}");
            return Ok(DATA);
        }
    };
    if schema {
        say_line!("{:#}", policy.schema);
    }
    say_line!("{} policies fit {} tools", policy.count, declared.len());
    Ok(0)
}

fn test(cases: &Path, names: &[String], mutate: bool) -> Result<u8, Trouble> {
    let text = std::fs::read_to_string(cases).map_err(|error| Trouble::usage(format!("{}: {error}", cases.display())))?;
    let tests = Tests::read(&text).map_err(|reason| Trouble { status: DATA, reason: format!("{}: {reason}", cases.display()) })?;
    let names = if names.is_empty() { vec!["default".to_string()] } else { names.to_vec() };
    let texts = read(&names)?;
    let tested = tests.run(&texts, mutate).map_err(|reason| Trouble { status: DATA, reason })?;
    for (name, expected, said) in &tested.failed {
        say_line!("{name}: expected {expected}, the policies say {said}");
    }
    for what in &tested.survived {
        say_line!("no case notices: {what}");
    }
    say_line!("{} cases hold, {} do not", tested.passed, tested.failed.len());
    if mutate {
        say_line!("{} of {} changes are noticed", tested.mutants - tested.survived.len(), tested.mutants);
    }
    Ok(u8::from(!tested.failed.is_empty() || !tested.survived.is_empty()))
}

fn replay(state: Option<&Path>, runs: &[String], names: &[String]) -> Result<u8, Trouble> {
    let policies = read(names)?;
    let (mut calls, mut changed) = (0, 0);
    for run in runs {
        let journal = common::journal(state, run)?;
        let (judged, differences) = policies::replay(&journal, policies.clone()).map_err(|reason| Trouble::usage(format!("{run}: {reason}")))?;
        calls += judged;
        changed += differences.len();
        for difference in differences {
            say_line!("{run} entry {}: {} -> {}  {}", difference.seq, difference.then, difference.now, difference.call);
            if !difference.reason.is_empty() {
                say_line!("    {}", difference.reason);
            }
        }
    }
    say_line!("{changed} of {calls} calls would be decided otherwise");
    Ok(0)
}
