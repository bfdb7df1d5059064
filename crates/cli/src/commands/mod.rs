//! All commands: one row here, one file each.

mod run;
mod answer;
mod resume;
mod replay;
mod fork;
mod undo;
mod why;
mod trace;
mod journal;
mod holes;
mod tools;
mod policy;
mod model;
mod conform;
mod bench;
mod report;
mod prove;
mod mcp;
mod serve;
mod search;
mod hook;

pub use hook::BLOCKED;

use crate::common::Trouble;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Runs programs that language models write: every step that leaves the program is an ask
/// that is typed, checked and recorded.
#[derive(Parser)]
#[command(name = "emulant", version, max_term_width = 100)]
pub struct Cli {
    /// Where journals and the signing key are kept [default: $XDG_STATE_HOME/emulant]
    #[arg(long, global = true, value_name = "DIR")]
    state: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($module:ident)),* $(,)?) => {
        #[derive(Subcommand)]
        enum Command {
            $( $(#[$doc])* $name($module::Arguments) ),*
        }

        /// Does what the command line says, and gives the exit status.
        pub fn run(cli: Cli) -> Result<u8, Trouble> {
            match cli.command {
                $( Command::$name(arguments) => $module::run(arguments, cli.state.as_deref()) ),*
            }
        }
    };
}

commands! {
    /// Run a program
    Run(run),
    /// Answer what a run waits for, and go on with it
    Answer(answer),
    /// Go on with a run that was killed
    Resume(resume),
    /// Run again from the record: no model, no tool, no network
    Replay(replay),
    /// Run again with another answer at one place
    Fork(fork),
    /// Take back what a run did
    Undo(undo),
    /// Show where a value in an ask came from
    Why(why),
    /// Print what happened in a run, line by line
    Trace(trace),
    /// List, show, verify and export journals
    Journal(journal),
    /// List every hole of a program with its type, before anything runs
    Holes(holes),
    /// List the tools of a tools file
    Tools(tools),
    /// Check, test, explain and try policies
    Policy(policy),
    /// List and fetch models, and fit what their confidence is worth
    Model(model),
    /// Run public corpora and compare with CPython
    Conform(conform),
    /// Measure this computer, the gate, holes and models
    Bench(bench),
    /// Report on recorded runs: accuracy, cost and regret of routing
    Report(report),
    /// Try claims about all programs on many that are made by chance
    Prove(prove),
    /// Serve programs, records and the tools of a tools file over MCP on standard input and output
    Mcp(mcp),
    /// Search a program for all instances of a task among several that a model writes
    Search(search),
    /// Serve the same over HTTP, and the model to clients of model endpoints
    Serve(serve),
    /// Judge the tool calls of a coding agent before they happen
    Hook(hook),
}
