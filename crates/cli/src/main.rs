//! The doors: one file a command. A command reads its flags, calls the crate that
//! does the work, prints, and gives an exit status. Nothing is decided here.

/// As `print!`, for readers that may have left: that is no reason to fail.
macro_rules! say {
    ($($text:tt)*) => { crate::common::print(emulant_machine::Stream::Out, &format!($($text)*)) };
}
macro_rules! say_line {
    ($($text:tt)*) => { crate::common::print(emulant_machine::Stream::Out, &(format!($($text)*) + "\n")) };
}
/// The same on standard error.
macro_rules! tell {
    ($($text:tt)*) => { crate::common::print(emulant_machine::Stream::Err, &format!($($text)*)) };
}
macro_rules! tell_line {
    ($($text:tt)*) => { crate::common::print(emulant_machine::Stream::Err, &(format!($($text)*) + "\n")) };
}

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
            let is_hook = std::env::args_os().any(|argument| argument == "hook");
            return ExitCode::from(match error.use_stderr() {
                // An agent would take any other status for a yes.
                true if is_hook => commands::BLOCKED,
                true => common::USAGE,
                false => 0,
            });
        }
    };
    match commands::run(cli) {
        Ok(status) => ExitCode::from(status),
        Err(trouble) => {
            tell_line!("emulant: {trouble}");
            ExitCode::from(trouble.status)
        }
    }
}
