//! Campaigns at their small size, in this process. Those that need processes of their own are run by
//! the tests of the command line.

use emulant_prove::campaign::{Order, find};

/// Runs a campaign as `emulant prove NAME --seed 1` would, with fewer cases.
fn holds(name: &str) {
    let campaign = find(name).expect("the table has it");
    let order =
        Order { seed: 1, first: 0, count: campaign.small, jobs: 2, worker: Vec::new(), paths: Vec::new(), seconds: None, progress: &|_| {} };
    let findings = campaign.hold(&order);
    let first = findings.faults.first().map(|fault| fault.text.clone()).unwrap_or_default();
    assert!(findings.faults.is_empty(), "{}\n{first}", findings.text(name, order.seed));
    assert_eq!(findings.cases, campaign.small, "every case was run");
}

#[test]
fn lazy_answers_cannot_be_observed() {
    holds("lazy");
}

#[test]
fn the_past_comes_back() {
    holds("back");
}

#[test]
fn recorded_runs_replay() {
    holds("replay");
}

#[test]
fn changed_journals_are_found() {
    holds("tamper");
}

#[test]
fn any_text_is_refused_or_runs() {
    holds("fuzz-source");
}

#[test]
fn any_image_is_refused_or_goes_on() {
    holds("fuzz-image");
}

#[test]
fn any_journal_is_refused_or_read() {
    holds("fuzz-journal");
}

#[test]
fn any_answer_leads_to_a_typed_end() {
    holds("fuzz-answers");
}
