//! Our own hostile snippets, each with the end that it must have: `corpus/limits`.
//!
//! A file's first line says how it ends (`# ends: …`); rows of `made.jsonl` are sources that are
//! too long to be kept. Each runs in a process of its own, whose memory is measured from outside of
//! the program. What it ends with is compared word for word; time is only reported.

use super::hostile::in_worker;
use crate::campaign::{Campaign, Fault, Findings, Order, each};
use emulant_ask::Limits;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The row.
pub const CAMPAIGN: Campaign = Campaign {
    name: "limits",
    shows: "hostile snippets of our own end as they must, within their limits",
    small: u64::MAX,
    full: u64::MAX,
    tried: &[],
    run,
};

/// What each snippet may spend, unless its row says otherwise.
pub const LIMITS: Limits = Limits { instructions: 30_000_000, memory_bytes: 128 << 20, output_bytes: 4 << 20, asks: 100, depth: 1000 };

/// What a process holds besides the program's memory: itself, and places that large objects grew out of, which the
/// allocator gives back a moment later. These can be as much again as the program may hold.
const OWN_BYTES: u64 = 96 << 20;

/// One snippet.
struct Snippet {
    name: String,
    text: String,
    ends: String,
}

/// A source that is made: `before`, then `repeat` so many times, then `after`.
#[derive(Deserialize)]
struct Made {
    name: String,
    #[serde(default)]
    before: String,
    #[serde(default)]
    repeat: String,
    #[serde(default)]
    times: usize,
    #[serde(default)]
    after: String,
    ends: String,
}

fn run(order: &Order<'_>) -> Findings {
    let folder = order.paths.first().cloned().unwrap_or_else(|| PathBuf::from("corpus/limits"));
    let snippets = match read(&folder) {
        Ok(snippets) => snippets,
        Err(what) => return Findings { faults: Vec::from([Fault::new(what, "")]), ..Findings::default() },
    };
    let left = (snippets.len() as u64).saturating_sub(order.first);
    let order = Order { count: order.count.min(left), worker: order.worker.clone(), paths: Vec::new(), ..*order };
    each(&order, |number, findings| {
        let snippet = &snippets[usize::try_from(number).unwrap_or(usize::MAX)];
        let fault = |what: String| Fault::new(format!("{}: {what}", snippet.name), snippet.text.chars().take(2000).collect::<String>());
        let taken = in_worker(&order, &snippet.text, LIMITS).map_err(fault)?;
        findings.peak("processor ms", taken.cpu_ms);
        findings.peak("bytes of the process", taken.peak_bytes);
        if taken.ended != snippet.ends {
            return Err(fault(format!("ends with {:?}, not {:?}", taken.ended, snippet.ends)));
        }
        // A long source is held as text, tree and code, none of which the program's limit counts.
        let texts = 64 * snippet.text.len() as u64;
        if taken.peak_bytes > 2 * LIMITS.memory_bytes + OWN_BYTES + texts {
            return Err(fault(format!("{} MiB of memory", taken.peak_bytes >> 20)));
        }
        match taken.files.is_empty() {
            true => Ok(()),
            false => Err(fault(format!("it left {:?}", taken.files))),
        }
    })
}

fn read(folder: &Path) -> Result<Vec<Snippet>, String> {
    let at = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let entries = std::fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let mut snippets = Vec::new();
    for file in files {
        let text = || std::fs::read_to_string(&file).map_err(|error| at(&file, &error));
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("py") => {
                let text = text()?;
                let ends = text.lines().next().and_then(|line| line.strip_prefix("# ends: ")).ok_or_else(|| at(&file, &"it does not say how it ends"))?;
                let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                snippets.push(Snippet { name, ends: ends.into(), text });
            }
            Some("jsonl") => {
                for line in text()?.lines() {
                    let made: Made = serde_json::from_str(line).map_err(|error| at(&file, &error))?;
                    let text = format!("{}{}{}", made.before, made.repeat.repeat(made.times), made.after);
                    snippets.push(Snippet { name: made.name, ends: made.ends, text });
                }
            }
            _ => {}
        }
    }
    Ok(snippets)
}
