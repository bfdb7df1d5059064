//! Samples of public corpora, and our own programs with the output that CPython gives.

use emulant_prove::conform::{Judged, Verdict, conform};
use emulant_prove::corpus;
use std::path::{Path, PathBuf};

/// Programs of `corpus/python` that pass at least; raise it when more do.
const OWN_PASS_MIN: usize = 177;

fn judged(folder: &str) -> Vec<Judged> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus").join(folder);
    let cases = corpus::read(&[path]).expect("the corpus can be read");
    conform(&cases, None, 2, &|_| {})
}

fn failures(judged: &[Judged]) -> Vec<String> {
    let failed = judged.iter().filter(|one| one.verdict != Verdict::Passed);
    failed.map(|one| format!("{} {}: {}: {}", one.corpus, one.id, one.verdict.name(), one.reason)).collect()
}

#[test]
fn samples_of_public_corpora_pass() {
    let judged = judged("conform");
    assert!(judged.len() > 40, "only {} programs were found", judged.len());
    let left = failures(&judged);
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn our_own_programs_do_what_cpython_does_without_internal_errors() {
    let judged = judged("python");
    let failed = failures(&judged);
    let internal: Vec<&String> = failed.iter().filter(|failure| failure.contains(": internal: ")).collect();
    assert!(internal.is_empty(), "{internal:?}");
    let passed = judged.len() - failed.len();
    assert!(passed >= OWN_PASS_MIN, "passed {passed} of {}:\n{}", judged.len(), failed.join("\n"));
}
