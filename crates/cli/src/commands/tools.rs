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
    /// What is wrong with descriptions and contracts. Example: emulant tools lint examples/triage.json
    Lint {
        /// The tools file
        file: PathBuf,
    },
}

/// Prints the tools; their servers are started for it.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    let (file, is_lint) = match arguments.command {
        Command::List { file } => (file, false),
        Command::Lint { file } => (file, true),
    };
    let file = common::absolute(&file)?;
    let options = RunOptions { root: file.parent().map(Path::to_path_buf), tools_file: Some(file), ..RunOptions::new("", "") };
    let mut tools = common::tools(&options)?;
    let declared = Tools::declare(&mut tools).map_err(Trouble::computer)?;
    if is_lint {
        let remarks = emulant_host::lint::lint(&declared);
        for remark in &remarks {
            say_line!("{}: {} [{}]", remark.tool, remark.what, remark.check);
        }
        say_line!("{} remarks about {} tools", remarks.len(), declared.len());
        return Ok(u8::from(!remarks.is_empty()));
    }
    for tool in declared {
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
