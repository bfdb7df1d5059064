//! Programs that want to harm: each ends in a typed result or a limit, within two seconds, the same
//! twice, within its memory, and without a trace on the host.
//!
//! Each runs in a process of its own, in an empty folder, through the host's whole loop with the
//! default limits and no grants. They are never given to CPython.

use crate::campaign::{Campaign, Fault, Findings, Order, each};
use crate::corpus;
use crate::worker;
use emulant_ask::Limits;
use emulant_host::answer::{NoModel, Nobody, World};
use emulant_host::options::{Approve, RunOptions};
use emulant_host::run::{RunResult, run as run_program};
use emulant_host::tools::{ToolBox, ToolsFile};
use emulant_journal::hex;
use emulant_machine::Stream;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::time::Instant;

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "hostile",
    shows: "programs that harm end in a typed result or a limit in time, the same twice, within their memory, with no effect on the host",
    small: 0,
    full: u64::MAX,
    tried: &[],
    run,
};

/// Longest time that a program may take, in milliseconds of the processor.
pub const TIME_MS_MAX: u64 = 2000;
/// What a process may hold beyond the program's limit of memory.
pub const MEMORY_BEYOND: u64 = 32 << 20;

/// How a program ended and what it took.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// `done`, `exit N`, `raised CLASS: MESSAGE`, `rejected KIND: MESSAGE`, `limit NAME`.
    pub ended: String,
    /// Instructions spent.
    pub instructions: u64,
    /// Digest of the output.
    pub output: String,
    /// Wall time.
    pub wall_ms: u64,
    /// Time of the processor.
    pub cpu_ms: u64,
    /// Most memory of the process.
    pub peak_bytes: u64,
    /// Files found in its folder afterwards.
    pub files: Vec<String>,
}

fn run(order: &Order<'_>) -> Findings {
    let cases = match corpus::hostile(&order.paths) {
        Ok(cases) if !cases.is_empty() => cases,
        Ok(_) => return fault("no program is found: give files or folders"),
        Err(error) => return fault(&error.to_string()),
    };
    let left = (cases.len() as u64).saturating_sub(order.first);
    let order = Order { count: order.count.min(left), worker: order.worker.clone(), paths: Vec::new(), ..*order };
    each(&order, |number, findings| {
        let (name, text) = &cases[usize::try_from(number).unwrap_or(usize::MAX)];
        let limits = Limits::default();
        let fault = |what: String| Fault::new(format!("{name}: {what}"), text);
        let first = in_worker(&order, text, limits).map_err(fault)?;
        findings.add(kind(&first.ended), 1);
        findings.peak("wall ms", first.wall_ms);
        findings.peak("processor ms", first.cpu_ms);
        findings.peak("bytes of the process", first.peak_bytes);
        let again = in_worker(&order, text, limits).map_err(fault)?;
        judge(&first, &again, limits).map_err(fault)
    })
}

fn fault(what: &str) -> Findings {
    Findings { faults: Vec::from([Fault::new(what, "")]), ..Findings::default() }
}

/// What contradicts the claim, if anything.
fn judge(first: &Taken, again: &Taken, limits: Limits) -> Result<(), String> {
    let shown = |taken: &Taken| (taken.ended.clone(), taken.instructions, taken.output.clone());
    if shown(first) != shown(again) {
        return Err(format!("not the same twice: {first:?}, then {again:?}"));
    }
    for taken in [first, again] {
        if !taken.files.is_empty() {
            return Err(format!("it left {:?}", taken.files));
        }
        if taken.peak_bytes > limits.memory_bytes + MEMORY_BEYOND {
            return Err(format!("{} MiB of memory ({})", taken.peak_bytes >> 20, taken.ended));
        }
    }
    match first.cpu_ms.min(again.cpu_ms) > TIME_MS_MAX {
        true => Err(format!("{} ms of the processor for {} instructions ({})", first.cpu_ms, first.instructions, first.ended)),
        false => Ok(()),
    }
}

fn kind(ended: &str) -> &'static str {
    let kinds = ["done", "exit", "raised", "rejected", "limit instructions", "limit memory", "limit output", "limit asks", "limit seconds", "waiting"];
    kinds.into_iter().find(|kind| ended.starts_with(kind)).unwrap_or("other")
}

/// Runs a program in a worker.
pub fn in_worker(order: &Order<'_>, text: &str, limits: Limits) -> Result<Taken, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = folder.path().join("program");
    let place = folder.path().join("place");
    std::fs::write(&file, text).and_then(|()| std::fs::create_dir(&place)).map_err(|error| error.to_string())?;
    let limits = serde_json::to_string(&limits).map_err(|error| error.to_string())?;
    let printed = worker::call(&order.worker, "hostile", &[file.display().to_string(), place.display().to_string(), limits])?;
    serde_json::from_str(&printed).map_err(|error| format!("{error}: {printed}"))
}

/// In a process of its own: runs the program in a file, with another folder as its world.
pub fn work(arguments: &[String]) -> Result<String, String> {
    let [file, place, limits] = arguments else { return Err("a file, a folder and limits are wanted".into()) };
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let limits = serde_json::from_str(limits).map_err(|error| error.to_string())?;
    std::env::set_current_dir(place).map_err(|error| error.to_string())?;
    // What every run of this process shares is loaded before the clock starts.
    emulant_stdlib::library();
    let (began, cpu_before) = (Instant::now(), cpu_ms());
    let mut taken = run_here(text, limits, Path::new(place))?;
    taken.wall_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    taken.cpu_ms = cpu_ms().saturating_sub(cpu_before);
    taken.peak_bytes = status_kib("VmHWM:").ok_or("this system does not tell what memory a process took")? * 1024;
    let entries = std::fs::read_dir(place).map_err(|error| error.to_string())?;
    taken.files = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    serde_json::to_string(&taken).map_err(|error| error.to_string())
}

fn run_here(text: String, limits: Limits, place: &Path) -> Result<Taken, String> {
    let options = RunOptions { limits, approve: Approve::Never, seed: Some(0), root: Some(place.into()), ..RunOptions::new("program.py", text) };
    let mut tools = ToolBox::new(ToolsFile::default(), Some(place)).map_err(|error| error.to_string())?;
    // Only the digest of the output is kept: the memory that counts is the machine's.
    let mut output = Sha256::new();
    let mut sink = |_: Stream, text: &str| output.update(text.as_bytes());
    let world = World { tools: &mut tools, model: &mut NoModel, person: &mut Nobody, sink: &mut sink };
    let outcome = run_program(options, None, world).map_err(|error| error.to_string())?;
    Ok(Taken { ended: ended(&outcome.result), instructions: outcome.report.instructions, output: hex(&output.finalize()), ..Taken::default() })
}

/// How a run ended, as corpora write it.
pub fn ended(result: &RunResult) -> String {
    match result {
        RunResult::Done { status: 0 } => "done".into(),
        RunResult::Done { status } => format!("exit {status}"),
        RunResult::Raised(_) => format!("raised {}", result.message()),
        RunResult::Rejected(_) => format!("rejected {}", result.message()),
        RunResult::Limit(limit) => format!("limit {}", serde_json::to_value(limit).ok().and_then(|name| name.as_str().map(String::from)).unwrap_or_default()),
        RunResult::Waiting(_) => "waiting".into(),
    }
}

/// Milliseconds of the processor that this process has used.
fn cpu_ms() -> u64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold blanks; user and system time are fields 14 and 15, in hundredths.
    let rest = text.rsplit(") ").next().unwrap_or_default();
    rest.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>() * 10
}

/// A line of this process's status, in KiB.
pub fn status_kib(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
