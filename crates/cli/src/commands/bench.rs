//! `emulant bench`: figures that this computer makes itself.

mod agentdojo;

use crate::common::Trouble;
use clap::{Args, Subcommand};
use std::path::Path;

/// What `bench` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant bench agentdojo ../shared/data/agentdojo/dev --python .check/venv/bin/python")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tasks of AgentDojo as programs, with true answers and with an attacker's, behind the gate
    Agentdojo(agentdojo::Arguments),
}

/// Does one of them.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    match arguments.command {
        Command::Agentdojo(arguments) => agentdojo::run(&arguments),
    }
}
