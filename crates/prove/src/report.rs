//! What `conform` prints: failures, reasons by frequency, one line a corpus.

use crate::conform::{Judged, Verdict, reasons, summaries};
use std::fmt::Write;

/// Most rows of the table of reasons.
const REASONS_MAX: usize = 40;

/// The whole report as text. The last lines are `NAME: passed N of M`.
pub fn text(judged: &[Judged]) -> String {
    let mut out = String::new();
    for one in judged.iter().filter(|one| one.counts() && one.verdict != Verdict::Passed) {
        let _ = writeln!(out, "{} {}: {}: {}", one.corpus, one.id, one.verdict.name(), one.reason);
    }
    let rows = reasons(judged);
    if !rows.is_empty() {
        let _ = writeln!(out, "\nreasons:");
    }
    for (count, verdict, reason) in rows.iter().take(REASONS_MAX) {
        let _ = writeln!(out, "{count:>6}  {}: {reason}", verdict.name());
    }
    if rows.len() > REASONS_MAX {
        let _ = writeln!(out, "        and {} more", rows.len() - REASONS_MAX);
    }
    if !rows.is_empty() {
        out.push('\n');
    }
    for summary in summaries(judged) {
        let kinds: Vec<String> = summary.failures.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
        let left_out = summary.programs - summary.of;
        let left_out = if left_out == 0 { String::new() } else { format!("; {left_out} more that CPython does not pass") };
        let _ = writeln!(out, "{}: passed {} of {}{kinds}{left_out}", summary.corpus, summary.passed, summary.of);
    }
    out
}

/// The same as JSON: every program, and the summaries.
pub fn json(judged: &[Judged], oracle: Option<&str>) -> serde_json::Value {
    serde_json::json!({"cpython": oracle, "corpora": summaries(judged), "programs": judged})
}
