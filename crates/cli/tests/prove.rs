//! Campaigns that need processes of their own, at their small size.

mod support;
use emulant_prove::campaign::find;
use support::{Place, corpus};

fn holds(arguments: &[&str]) {
    let place = Place::new();
    let ran = place.run(&[&["prove"], arguments].concat());
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(" 0 faults"), "{}", ran.out);
}

fn small(name: &str) {
    let count = find(name).expect("the table has it").small.to_string();
    holds(&[name, "--count", &count]);
}

#[test]
fn a_killed_run_goes_on_and_acts_once() {
    small("kill");
}

#[test]
fn a_suspended_run_goes_on_in_another_process() {
    small("suspend");
}

#[test]
fn a_waiting_run_is_small() {
    small("waiting");
}

#[test]
fn hostile_snippets_end_as_they_must() {
    let folder = corpus("limits");
    holds(&["limits", &folder.to_string_lossy()]);
}

#[test]
fn campaigns_are_listed_and_others_refused() {
    let place = Place::new();
    let listed = place.run(&["prove"]);
    assert!(listed.status == 0 && listed.out.contains("lazy ") && listed.out.contains("fuzz-journal "), "{}", listed.out);
    let wrong = place.run(&["prove", "nothing"]);
    assert_eq!(wrong.status, 64, "{}", wrong.err);
}
