//! `emulant holes`: what a model would be asked, before anything runs.

use crate::common::{DATA, Trouble};
use clap::Args;
use emulant_host::traceback;
use std::path::Path;

/// What `holes` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant holes --calls examples/countries.py")]
pub struct Arguments {
    /// The program
    file: String,
    /// Holes that are on besides decorated stubs and `ask`: calls, stubs, blocks, pseudo, partial
    #[arg(long, value_delimiter = ',', value_name = "KIND,...")]
    holes: Vec<String>,
    /// Show every byte that a model reads, with names in place of what only a run knows
    #[arg(long)]
    prompts: bool,
    /// Also calls of names that are defined nowhere
    #[arg(long)]
    calls: bool,
    /// Also functions without a body that carry no decorator
    #[arg(long)]
    stubs: bool,
}

/// Prints the holes.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    let opened = std::fs::File::open(&arguments.file).map_err(|error| Trouble::usage(format!("{}: {error}", arguments.file)))?;
    let text = super::run::read(opened, &arguments.file)?;
    let mut holes = emulant_compile::Holes { calls: arguments.calls, stubs: arguments.stubs, ..Default::default() };
    if let Some(word) = arguments.holes.iter().find(|word| !holes.switch_on(word)) {
        let words = emulant_compile::Holes::WORDS.join(", ");
        return Err(Trouble::usage(format!("no holes are called {word:?}; there are {words}")));
    }
    let options = emulant_compile::Options {
        file: arguments.file.clone(),
        holes,
        ..emulant_compile::Options::default()
    };
    let code = match emulant_compile::compile(&text, &options) {
        Ok(code) => code,
        Err(error) => {
            tell!("{}", traceback::rejected(&arguments.file, &error));
            return Ok(DATA);
        }
    };
    for hole in emulant_compile::holes(&code) {
        let dress = hole.kind.word();
        let name = if hole.name.is_empty() { "-" } else { &hole.name };
        say_line!("{}:{}  {dress:<4}  {name}  {}", arguments.file, hole.line, hole.shape.python());
        if arguments.prompts {
            emulant_model::prompt_text(&hole.asked).lines().for_each(|line| say_line!("    {line}"));
        }
    }
    Ok(0)
}
