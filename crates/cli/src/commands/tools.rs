//! `emulant tools`: what a tools file offers.

use crate::common::{self, Trouble};
use clap::{Args, Subcommand};
use emulant_host::answer::Tools;
use emulant_host::options::RunOptions;
use emulant_host::written;
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
    /// Add the functions of a lock file to a collection
    Make {
        /// What `run --lock` wrote
        lock: PathBuf,
        /// The collection
        #[arg(long, default_value = "tools.json", value_name = "FILE")]
        into: PathBuf,
    },
    /// Drop functions of a collection that say the same
    Dedup {
        /// The collection
        #[arg(default_value = "tools.json")]
        file: PathBuf,
    },
    /// Find functions by words of their names, signatures and docstrings
    Search {
        /// The words
        words: Vec<String>,
        /// The collection
        #[arg(long, default_value = "tools.json", value_name = "FILE")]
        file: PathBuf,
        /// So many at most
        #[arg(long, default_value_t = 5, value_name = "N")]
        most: usize,
    },
}

fn search(file: &Path, words: &str, most: usize) -> Result<u8, Trouble> {
    let found = written::search(file, words, most).map_err(Trouble::usage)?;
    for (score, entry) in &found {
        let part = |name: &str| entry[name].as_str().unwrap_or_default().to_string();
        say_line!("{score:.2}  {}  {}", part("signature"), part("doc").lines().next().unwrap_or_default());
    }
    Ok(u8::from(found.is_empty()))
}

/// Prints the tools; their servers are started for it.
pub fn run(arguments: Arguments, _: Option<&Path>) -> Result<u8, Trouble> {
    let (file, is_lint) = match arguments.command {
        Command::List { file } => (file, false),
        Command::Lint { file } => (file, true),
        Command::Make { lock, into } => {
            let fresh = written::make(&lock, &into).map_err(Trouble::usage)?;
            say_line!("{fresh} functions added to {}", into.display());
            return Ok(0);
        }
        Command::Dedup { file } => {
            let gone = written::dedup(&file).map_err(Trouble::usage)?;
            say_line!("{gone} functions dropped from {}", file.display());
            return Ok(0);
        }
        Command::Search { words, file, most } => return search(&file, &words.join(" "), most),
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
