//! `emulant bench`: evaluations that anyone can repeat. One row here, one file each.

mod agentdojo;
mod gate;
mod partial;
mod nightjar;
mod toolemu;
mod bbh;
pub mod typed;
mod valid;
mod speed;

use crate::common::Trouble;
use clap::{Args, Subcommand};
use std::path::Path;

/// What `bench` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench partial ../shared/data/partial-code")]
pub struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

macro_rules! benches {
    ($($(#[$doc:meta])* $name:ident($module:ident)),* $(,)?) => {
        #[derive(Subcommand)]
        enum Bench {
            $( $(#[$doc])* $name($module::Arguments) ),*
        }

        /// Runs one of them.
        pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
            match arguments.bench {
                $( Bench::$name(arguments) => $module::run(&arguments) ),*
            }
        }
    };
}

benches! {
    /// Tasks of AgentDojo as programs, with true answers and with an attacker's, behind the gate
    Agentdojo(agentdojo),
    /// The gate on calls of attackers and honest ones, receipts that others signed, and how long a decision takes
    Gate(gate),
    /// Code with missing definitions: share of lines that run, and asks
    Partial(partial),
    /// Programs with natural-language blocks, answered by recorded traces
    Nightjar(nightjar),
    /// Toolkits as typed stubs: validity of what a model plays
    Toolemu(toolemu),
    /// BIG-Bench Hard as programs with holes
    Bbh(bbh),
    /// Labelled typed cases: accuracy, validity and calibration, models alone and routed
    Typed(typed),
    /// Whether every answer is valid: random types, written by chance through the real mask
    Valid(valid),
    /// How fast a model reads and writes, what batching is worth, and whether bits agree
    Speed(speed),
}

/// Writes a result beside what is printed.
fn keep(path: Option<&Path>, json: &serde_json::Value) -> Result<(), Trouble> {
    match path {
        Some(path) => std::fs::write(path, json.to_string()).map_err(|error| Trouble::computer(format!("{}: {error}", path.display()))),
        None => Ok(()),
    }
}
