//! `emulant model`: which models there are, and fetching one.

use crate::common::{self, Trouble};
use clap::{Args, Subcommand};
use std::path::Path;

/// What `model` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant model pull small")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All models of the catalogue, and whether they are here
    List,
    /// Fetch the weights of one; an interrupted fetch goes on where it stopped
    Pull {
        /// default, small, test, or a full name
        name: String,
    },
}

/// Does one of them.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    match arguments.command {
        Command::List => {
            for entry in emulant_model::catalogue() {
                let here = emulant_model::cached(&entry).map_or("not fetched".into(), |path| path.display().to_string());
                say_line!("{:<8} {} ({:.2} GB, {})  {here}", entry.alias, entry.name, entry.bytes as f64 / 1e9, entry.licence);
            }
        }
        Command::Pull { name } => {
            emulant_model::find(&name).map_err(|error| Trouble::usage(error.to_string()))?;
            let path = emulant_model::pull(&name, &mut common::watcher()).map_err(Trouble::computer)?;
            say_line!("{}", path.display());
        }
    }
    Ok(0)
}
