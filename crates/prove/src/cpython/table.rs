//! What a campaign over CPython's tests prints.

use super::{FileResult, Outcome};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Longest reason that is shown, in characters.
const REASON_CHARS_MAX: usize = 200;

/// Failures, reasons for skipping by frequency, and a row for each file.
pub fn text(files: &[FileResult]) -> String {
    let mut out = String::new();
    for file in files {
        for (module, reason) in &file.refused {
            let _ = writeln!(out, "{module}: not run: {}", one_line(reason));
        }
        for test in file.tests.iter().filter(|test| test.outcome == Outcome::Failed) {
            let _ = writeln!(out, "{} {}.{}: {}", test.module, test.class, test.method, one_line(&test.reason));
        }
    }
    let mut skips: BTreeMap<&str, usize> = BTreeMap::new();
    for test in files.iter().flat_map(|file| &file.tests).filter(|test| test.outcome == Outcome::Skipped) {
        *skips.entry(&test.reason).or_default() += 1;
    }
    let mut skips: Vec<_> = skips.into_iter().collect();
    skips.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    if !skips.is_empty() {
        let _ = writeln!(out, "\nskipped, by reason:");
    }
    for (reason, count) in skips {
        let _ = writeln!(out, "{count:>6}  {}", one_line(reason));
    }
    let _ = writeln!(out, "\n{:<22} {:>6} {:>7} {:>7} {:>8} {:>6}", "file", "run", "passed", "failed", "skipped", "%");
    let mut sum = [0; 3];
    for file in files {
        let counts = counts(file);
        row(&mut out, &file.name, counts);
        sum = [sum[0] + counts[0], sum[1] + counts[1], sum[2] + counts[2]];
    }
    row(&mut out, "all", sum);
    out
}

/// Passed, failed, skipped. A module that was not run is one failure.
fn counts(file: &FileResult) -> [usize; 3] {
    [file.count(Outcome::Passed), file.count(Outcome::Failed) + file.refused.len(), file.count(Outcome::Skipped)]
}

fn row(out: &mut String, name: &str, [passed, failed, skipped]: [usize; 3]) {
    let run = passed + failed;
    let percent = if run == 0 { "-".into() } else { format!("{:.1}", 100.0 * passed as f64 / run as f64) };
    let _ = writeln!(out, "{name:<22} {run:>6} {passed:>7} {failed:>7} {skipped:>8} {percent:>6}");
}

/// The same as JSON.
pub fn json(files: &[FileResult], version: &str) -> serde_json::Value {
    let row = |file: &FileResult| {
        let [passed, failed, skipped] = counts(file);
        serde_json::json!({"file": file.name, "run": passed + failed, "passed": passed, "failed": failed, "skipped": skipped})
    };
    serde_json::json!({"cpython": version, "table": files.iter().map(row).collect::<Vec<_>>(), "files": files})
}

/// Did everything pass that ran?
pub fn is_complete(files: &[FileResult]) -> bool {
    files.iter().all(|file| counts(file)[1] == 0)
}

fn one_line(text: &str) -> String {
    let flat: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match flat.char_indices().nth(REASON_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &flat[..end]),
        None => flat,
    }
}
