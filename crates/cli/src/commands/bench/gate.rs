//! The gate in figures: what each stage says to calls of attackers and to honest ones, whether receipts
//! that others signed verify with our parts, and how long a decision takes. Folders are known by what their
//! files hold.

mod court;
mod aegis;
mod benign;
mod receipts;
mod latency;

use crate::common::Trouble;
use benign::Suites;
use clap::Args;
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};

/// What `bench gate` is told.
#[derive(Args)]
pub struct Arguments {
    /// Folders: AEGIS' tool calls, AgentDojo's suites, injection texts, signed receipts
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// What the tools of AEGIS' calls are
    #[arg(long, default_value = "bench/aegis.tools.json")]
    aegis_tools: PathBuf,
    /// The tools file of AgentDojo's suites; their schemas stand in the suites' own folder
    #[arg(long, default_value = "bench/agentdojo.tools.json")]
    tools: PathBuf,
    /// How many decisions are timed (of AgentDojo's acting calls); 0 for none
    #[arg(long, default_value_t = 10_000)]
    calls: usize,
    /// Tell each call that is not as it should be
    #[arg(long)]
    show: bool,
    /// Write the figures as JSON to this file
    #[arg(long)]
    json: Option<PathBuf>,
}

/// What a folder holds.
enum Kind {
    Aegis(PathBuf),
    Agentdojo,
    Texts(PathBuf),
    Receipts,
}

pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let kinds: Vec<(&PathBuf, Kind)> = arguments.folders.iter().map(|folder| Ok((folder, kind(folder)?))).collect::<Result<_, Trouble>>()?;
    let suites = kinds.iter().find(|(_, kind)| matches!(kind, Kind::Agentdojo)).map(|(folder, _)| Suites::read(folder, &arguments.tools)).transpose()?;
    let of_suites = || suites.as_ref().ok_or_else(|| Trouble::usage("the texts are bodies of mails, whose tool AgentDojo's suites declare: give that folder too"));
    let (mut figures, mut bad) = (Map::new(), false);
    let mut note = |name: &str, (figure, is_bad): (Json, bool)| {
        figures.insert(name.into(), figure);
        bad |= is_bad;
    };
    for (folder, kind) in &kinds {
        match kind {
            Kind::Aegis(file) => note("aegis", aegis::measure(file, &arguments.aegis_tools, arguments.show)?),
            Kind::Agentdojo => note("benign", benign::calls(of_suites()?, arguments.show)?),
            Kind::Texts(file) => note("texts", benign::texts(of_suites()?, file, arguments.show)?),
            Kind::Receipts => note("receipts", receipts::measure(folder)?),
        }
    }
    if let (Some(suites), true) = (&suites, arguments.calls > 0) {
        note("latency", latency::measure(suites, arguments.calls)?);
    }
    super::keep(arguments.json.as_deref(), &Json::Object(figures))?;
    Ok(u8::from(bad))
}

fn kind(folder: &Path) -> Result<Kind, Trouble> {
    if folder.join("aps").is_dir() && folder.join("acta").is_dir() {
        return Ok(Kind::Receipts);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Trouble::usage(format!("{}: {error}", folder.display())))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|file| file.extension().is_some_and(|end| end == "jsonl")).collect();
    files.sort();
    for file in files {
        let first = lines(&file)?.into_iter().next().unwrap_or_default();
        if first.get("tool_call").is_some() {
            return Ok(Kind::Aegis(file));
        } else if first.get("attack_class").is_some() && first.get("text").is_some() {
            return Ok(Kind::Texts(file));
        } else if first.get("suite").is_some() && first.get("ground_truth").is_some() {
            return Ok(Kind::Agentdojo);
        }
    }
    Err(Trouble::usage(format!("{}: neither tool calls of AEGIS, suites of AgentDojo, injection texts nor receipts", folder.display())))
}

fn text(path: &Path) -> Result<String, Trouble> {
    std::fs::read_to_string(path).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))
}

fn json(path: &Path) -> Result<Json, Trouble> {
    serde_json::from_str(&text(path)?).map_err(|error| Trouble::usage(format!("{}: {error}", path.display())))
}

/// The JSON of each line.
fn lines(path: &Path) -> Result<Vec<Json>, Trouble> {
    let at = |error| Trouble::usage(format!("{}: {error}", path.display()));
    text(path)?.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).map_err(at)).collect()
}
