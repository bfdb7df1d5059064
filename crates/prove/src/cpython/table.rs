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
    let skips = skips(files);
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
    let _ = writeln!(out, "{name:<22} {:>6} {passed:>7} {failed:>7} {skipped:>8} {:>6}", passed + failed, percent(passed, failed));
}

/// The same as JSON.
pub fn json(files: &[FileResult], version: &str) -> serde_json::Value {
    let row = |file: &FileResult| {
        let [passed, failed, skipped] = counts(file);
        serde_json::json!({"file": file.name, "run": passed + failed, "passed": passed, "failed": failed, "skipped": skipped})
    };
    serde_json::json!({"cpython": version, "table": files.iter().map(row).collect::<Vec<_>>(), "files": files})
}

/// The same as a page: what ran, why methods were skipped, and each failure with its reason.
pub fn markdown(files: &[FileResult], version: &str) -> String {
    let mut out = format!(
        "# CPython's own tests\n\n\
        Each method of the test files of CPython {version}, read where it is installed, runs in a machine of its own; in place of\n\
        `test.support` stand small helpers. A method that needs a file, a process, a thread, the C API or a detail of CPython's\n\
        own (counts of references, bytecode, sizes) is skipped and says so. This page is written by\n\n\
        ```sh\nemulant conform --cpython-tests=python3.12 --markdown docs/cpython_tests.md\n```\n\n\
        | file | run | passed | failed | skipped | passed of run |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
    );
    let mut sum = [0; 3];
    for file in files {
        let counts = counts(file);
        markdown_row(&mut out, &format!("`{}`", file.name), counts);
        sum = [sum[0] + counts[0], sum[1] + counts[1], sum[2] + counts[2]];
    }
    markdown_row(&mut out, "all", sum);
    out.push_str("\n## Skipped\n\n| methods | why |\n| ---: | --- |\n");
    for (reason, count) in skips(files) {
        let _ = writeln!(out, "| {count} | {} |", one_line(reason).replace('|', "\\|"));
    }
    out.push_str("\n## Failures\n\nThe exception that ended the method, and the line of the test file.\n");
    for file in files.iter().filter(|file| counts(file)[1] > 0) {
        let _ = writeln!(out, "\n### `{}`\n", file.name);
        for (module, reason) in &file.refused {
            let _ = writeln!(out, "- {module} was not run: `` {} ``", one_line(reason));
        }
        for test in file.tests.iter().filter(|test| test.outcome == Outcome::Failed) {
            let _ = writeln!(out, "- {}.{}: `` {} ``", test.class, test.method, one_line(&test.reason));
        }
    }
    out
}

fn markdown_row(out: &mut String, name: &str, [passed, failed, skipped]: [usize; 3]) {
    let _ = writeln!(out, "| {name} | {} | {passed} | {failed} | {skipped} | {} |", passed + failed, percent(passed, failed));
}

/// Reasons for skipping, the most frequent first.
fn skips(files: &[FileResult]) -> Vec<(&str, usize)> {
    let mut skips: BTreeMap<&str, usize> = BTreeMap::new();
    for test in files.iter().flat_map(|file| &file.tests).filter(|test| test.outcome == Outcome::Skipped) {
        *skips.entry(&test.reason).or_default() += 1;
    }
    let mut skips: Vec<_> = skips.into_iter().collect();
    skips.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    skips
}

fn percent(passed: usize, failed: usize) -> String {
    if passed + failed == 0 { "-".into() } else { format!("{:.1}", 100.0 * passed as f64 / (passed + failed) as f64) }
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
