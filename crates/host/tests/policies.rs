//! The policies that come with the project do what their tests say, and no change
//! in one place of any goes unnoticed.

use emulant_host::policies::Tests;
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

#[test]
fn the_rules_without_policies_say_what_the_default_policy_says() {
    let tests = Tests::read(&std::fs::read_to_string(folder().join("tests/default.json")).unwrap()).unwrap();
    assert_eq!(tests.run_default().unwrap(), Vec::<String>::new());
}

#[test]
fn worked_policies_hold_and_every_mutant_is_noticed() {
    if emulant_host::cedar::program().is_none() {
        return println!("skipped: emulant-cedar is not installed (./check builds it)");
    }
    let folder = folder();
    let mut changes = 0;
    for name in ["default", "mail", "money", "files", "web", "database"] {
        let read = |path: &str| std::fs::read_to_string(folder.join(path)).expect("the file is there");
        let tests = Tests::read(&read(&format!("tests/{name}.json"))).expect("the tests are well-formed");
        let text = read(&format!("{name}.cedar"));
        let tested = tests.run(&[(name.to_string(), text)], true).unwrap_or_else(|reason| panic!("{name}: {reason}"));
        assert!(tested.failed.is_empty(), "{name}: {:?}", tested.failed);
        assert!(tested.survived.is_empty(), "{name}: {:?}", tested.survived);
        changes += tested.mutants;
    }
    assert!(changes > 100, "{changes} mutants");
}
