//! `emulant bench gate` over the parts of public sets in `corpus/gate`: what each stage says to calls of attackers,
//! no false alarm, receipts of others verified, and a receipt with a changed byte found.

mod support;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use support::{Place, corpus};

fn bench(place: &Place, folders: &[PathBuf], calls: &str) -> (i32, String, Json) {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench");
    let (aegis, tools) = (bench.join("aegis.tools.json"), bench.join("agentdojo.tools.json"));
    let mut arguments = vec!["bench", "gate", "--calls", calls, "--json", "figures.json", "--aegis-tools", aegis.to_str().unwrap(), "--tools", tools.to_str().unwrap()];
    arguments.extend(folders.iter().map(|folder| folder.to_str().unwrap()));
    let ran = place.run(&arguments);
    let figures = serde_json::from_str(&place.read("figures.json")).unwrap_or_else(|_| panic!("{ran:?}"));
    (ran.status, ran.out, figures)
}

#[test]
fn what_the_scan_misses_is_stopped_by_provenance_and_nothing_honest_is() {
    let place = Place::new();
    let folders = ["aegis", "agentdojo", "texts", "receipts"].map(|name| corpus(&format!("gate/{name}")));
    let (status, out, figures) = bench(&place, &folders, "200");
    assert_eq!(status, 0, "{out}");
    let number = |path: &str| figures.pointer(path).and_then(Json::as_u64).unwrap_or_else(|| panic!("{path}: {figures}"));
    let (calls, found, missed) = (number("/aegis/malicious/calls"), number("/aegis/malicious/scan"), number("/aegis/malicious/scan_misses"));
    assert!(calls >= 15 && found + missed == calls && missed > 0, "{out}");
    assert!(number("/aegis/malicious/by_provenance") > 0 && number("/aegis/malicious/missed_stopped") >= number("/aegis/malicious/by_provenance"), "{out}");
    assert_eq!((number("/benign/denied"), number("/texts/benign_denied")), (0, 0), "{out}");
    assert!(number("/benign/calls") >= 10 && number("/texts/benign") >= 10 && number("/texts/attacks") >= 10);
    assert!(number("/texts/attacks_risk_raised") > 0);
    assert_eq!((number("/latency/calls"), number("/latency/passed")), (200, 200));
    assert!(figures["receipts"].as_object().unwrap().len() >= 10, "{out}");
}

#[test]
fn a_receipt_that_was_changed_does_not_verify() {
    let place = Place::new();
    let copy = place.path().join("receipts");
    let from = corpus("gate/receipts");
    for file in ["acta/expected/chain.jsonl", "acta/policy/autoresearch-safe.cedar", "acta/inputs/001-allow-read.json"].into_iter().chain(APS) {
        std::fs::create_dir_all(copy.join(file).parent().unwrap()).unwrap();
        std::fs::copy(from.join(file), copy.join(file)).unwrap();
    }
    let receipt = copy.join("aps/2-external-verification/receipt.json");
    let changed = std::fs::read_to_string(&receipt).unwrap().replace("\"allow\"", "\"deny\"");
    std::fs::write(&receipt, changed).unwrap();
    let (status, out, figures) = bench(&place, &[copy], "0");
    assert_eq!(status, 1, "{out}");
    assert_eq!(figures["receipts"]["aps 2: the JWK is its id's, and verifies the signature"], false, "{out}");
    assert_eq!(figures["receipts"]["aps 3: the receipt verifies"], true, "{out}");
}

/// What the vectors of APS are.
const APS: [&str; 11] = [
    "aps/1-fail-closed/input.json",
    "aps/1-fail-closed/expected-output.json",
    "aps/2-external-verification/receipt.json",
    "aps/2-external-verification/input.json",
    "aps/2-external-verification/jwks.json",
    "aps/2-external-verification/expected-output.json",
    "aps/2-external-verification/canonical.txt",
    "aps/3-state-drift/receipt.json",
    "aps/3-state-drift/state-at-signing.json",
    "aps/3-state-drift/state-at-execution.json",
    "aps/3-state-drift/expected-output.json",
];
