//! `emulant tools`: what a tools file offers.

use crate::common::{self, Trouble};
use clap::{Args, Subcommand};
use emulant_host::answer::Tools;
use emulant_host::options::RunOptions;
use std::path::{Path, PathBuf};

/// What `tools` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant tools list examples/triage.json")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All tools: name, whether it acts, what is critical, what it does
    List {
        /// The tools file
        file: PathBuf,
    },
}

/// Prints the tools; their servers are started for it.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    let Command::List { file } = arguments.command;
    let file = common::absolute(&file)?;
    let options = RunOptions { root: file.parent().map(Path::to_path_buf), tools_file: Some(file), ..RunOptions::new("", "") };
    let mut tools = common::tools(&options)?;
    for tool in Tools::declare(&mut tools).map_err(Trouble::computer)? {
        let acts = if tool.acts { "acts " } else { "reads" };
        let critical = match (&tool.critical, tool.acts) {
            (_, false) => String::new(),
            (None, true) => "  critical: all".into(),
            (Some(critical), true) => format!("  critical: {}", critical.join(", ")),
        };
        let parameters = tool.input_schema.get("properties").and_then(|properties| properties.as_object());
        let names: Vec<&str> = parameters.map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default();
        say_line!("{acts}  {}({}){critical}", tool.name, names.join(", "));
        let first = tool.description.lines().next().unwrap_or_default();
        if !first.is_empty() {
            say_line!("         {first}");
        }
    }
    Ok(0)
}
