//! The doors: one file a command. A command reads its flags, calls the crate that
//! does the work, prints, and gives an exit status. Nothing is decided here.

mod commands;
mod common;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match commands::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            // Help and version are what was asked for; everything else is wrong usage.
            return ExitCode::from(if error.use_stderr() { common::USAGE } else { 0 });
        }
    };
    match commands::run(cli) {
        Ok(status) => ExitCode::from(status),
        Err(trouble) => {
            eprintln!("emulant: {trouble}");
            ExitCode::from(trouble.status)
        }
    }
}
