//! `emulant mcp`: an MCP server on standard input and output, and its place in the files of MCP hosts.

use crate::common::{self, Trouble};
use clap::{Args, Subcommand};
use emulant_host::serve::clients::{CLIENTS, Client};
use emulant_host::serve::{self, Offer};
use std::path::{Path, PathBuf};

/// What `mcp` is told.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Example: emulant mcp --tools tools.json --allow write_file\n\n\
    In an MCP host's file: {\"mcpServers\": {\"emulant\": {\"command\": \"emulant\", \"args\": [\"mcp\"]}}}\n\
    `emulant mcp install` writes that.")]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    offered: Offered,
}

/// What clients are offered.
#[derive(Args)]
pub struct Offered {
    /// Tools that programs may call; clients may call them too, each call through the gate
    #[arg(long, value_name = "FILE")]
    tools: Option<PathBuf>,
    /// A program that is the server: it says with `emulant.server` what it offers
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Folder below which the built-in tools see files [default: that of the tools file]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// An acting tool that runs without asking
    #[arg(long, value_name = "TOOL")]
    allow: Vec<String>,
    /// The model that fills holes
    #[arg(long, value_name = "NAME|URL", default_value = "default")]
    model: String,
    /// Let the client answer approvals with `resume`
    #[arg(long)]
    client_approves: bool,
    /// Take what the client writes in a call for the user's own words, but for what earlier answers say
    #[arg(long)]
    trust_client: bool,
    /// Seconds that a run may take
    #[arg(long, value_name = "S", default_value = "120")]
    limit_seconds: u64,
}

impl Offered {
    /// As the host wants it; `client` is the name of these clients in journals.
    pub fn offer(self, state: Option<&Path>, client: &str) -> Result<Offer, Trouble> {
        emulant_model::parse_spec(&self.model).map_err(|error| Trouble::usage(format!("--model: {error}")))?;
        let offer = Offer {
            state: common::store(state)?.folder().to_path_buf(),
            client: client.into(),
            program: self.program.as_deref().map(program).transpose()?,
            tools_file: self.tools.as_deref().map(common::absolute).transpose()?,
            root: self.root.as_deref().map(common::absolute).transpose()?,
            allowed: self.allow.into_iter().collect(),
            model: self.model,
            seconds: self.limit_seconds,
            client_approves: self.client_approves,
            trusts_client: self.trust_client,
        };
        offer.check().map_err(Trouble::usage)?;
        Ok(offer)
    }
}

fn program(path: &Path) -> Result<(String, String), Trouble> {
    let name = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|error| Trouble::usage(format!("{name}: {error}")))?;
    let text = super::run::read(file, &name)?;
    Ok((name, text))
}

#[derive(Subcommand)]
enum Command {
    /// Write this server into an MCP host's file. Example: emulant mcp install --client cursor -- --tools tools.json
    Install(Install),
}

#[derive(Args)]
struct Install {
    /// The host: claude-desktop, claude-code, cursor, vscode, windsurf, gemini-cli, codex
    #[arg(long, value_name = "NAME", required_unless_present = "list")]
    client: Option<String>,
    /// List the hosts and their files
    #[arg(long)]
    list: bool,
    /// Print what would be written, and where, and write nothing
    #[arg(long)]
    print: bool,
    /// The name of the server in the file
    #[arg(long, value_name = "NAME", default_value = "emulant")]
    name: String,
    /// Another file than the host's usual one
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Flags for `emulant mcp`, behind `--`
    #[arg(last = true, value_name = "FLAG")]
    flags: Vec<String>,
}

/// Serves until the client closes standard input, or writes a file.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    match arguments.command {
        Some(Command::Install(install)) => self::install(install),
        None => {
            let offer = arguments.offered.offer(state, "stdio")?;
            serve::stdio(offer).map_err(Trouble::computer)?;
            Ok(0)
        }
    }
}

fn install(install: Install) -> Result<u8, Trouble> {
    if install.list {
        for client in CLIENTS {
            say_line!("{:<15} {}", client.name, client.path().map_err(Trouble::usage)?.display());
        }
        return Ok(0);
    }
    let client = Client::named(&install.client.unwrap_or_default()).map_err(Trouble::usage)?;
    let path = install.file.map_or_else(|| client.path(), Ok).map_err(Trouble::usage)?;
    let program = std::env::current_exe().map_err(Trouble::computer)?;
    let flags: Vec<String> = std::iter::once("mcp".to_string()).chain(install.flags).collect();
    let plan = client.plan(&path, &install.name, &program.to_string_lossy(), &flags).map_err(Trouble::usage)?;
    if install.print {
        say!("{}", plan.text);
        tell_line!("for {}", plan.path.display());
        return Ok(0);
    }
    if plan.is_there {
        tell_line!("{} has it already", plan.path.display());
        return Ok(0);
    }
    match plan.write().map_err(Trouble::computer)? {
        Some(backup) => tell_line!("wrote {}; the file before is {}", plan.path.display(), backup.display()),
        None => tell_line!("wrote {}", plan.path.display()),
    }
    Ok(0)
}
