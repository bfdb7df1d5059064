//! `emulant hook`: the gate before the tool calls of a coding agent.

use super::mcp::Offered;
use super::run::read;
use crate::common::Trouble;
use clap::{Args, Subcommand};
use emulant_host::serve::hook;
use std::path::Path;

/// Exit status that makes an agent leave the call; every other one but 0 lets it pass.
pub const BLOCKED: u8 = 2;

/// What `hook` is told.
#[derive(Args)]
#[command(after_help = "Example: emulant hook pre-tool-use --tools tools.json --allow Read\n\n\
    In an agent's settings: {\"hooks\": {\"PreToolUse\": [{\"matcher\": \"*\", \"hooks\":\n\
    [{\"type\": \"command\", \"command\": \"emulant hook pre-tool-use --tools /etc/tools.json\"}]}]}}")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judge the call on standard input: allow, deny or ask. What cannot be judged is blocked
    PreToolUse(Offered),
}

/// Reads what the agent is about to do, and says whether it may.
pub fn run(arguments: Arguments, state: Option<&Path>) -> Result<u8, Trouble> {
    let Command::PreToolUse(offered) = arguments.command;
    let judge = move || {
        let offer = offered.offer(state, "hook")?;
        let text = read(std::io::stdin().lock(), "standard input")?;
        hook::pre_tool_use(&text, &offer).map_err(Trouble::usage)
    };
    // Also our own mistakes must not let a call pass.
    let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(judge));
    match judged.unwrap_or_else(|_| Err(Trouble::usage("the gate failed"))) {
        Ok(answer) => say_line!("{answer}"),
        Err(trouble) => return Err(Trouble { status: BLOCKED, ..trouble }),
    }
    Ok(0)
}
