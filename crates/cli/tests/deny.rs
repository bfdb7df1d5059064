//! Everything that is built in comes from the public registry, under a licence that `deny.toml` allows.

use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts in quotes of one list in `deny.toml`.
fn listed(name: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is there");
    let (_, rest) = text.split_once(&format!("\n{name} = [")).expect("it has the list");
    let (list, _) = rest.split_once("\n]").or_else(|| rest.split_once(']')).expect("the list ends");
    let code = list.lines().map(|line| line.split('#').next().unwrap_or_default()).collect::<String>();
    code.split('"').skip(1).step_by(2).map(String::from).collect()
}

/// All packages that this platform's build contains.
fn packages() -> Vec<Json> {
    let host = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let host = String::from_utf8_lossy(&host.stdout).into_owned();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names the host").to_string();
    let arguments = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let nodes = metadata["resolve"]["nodes"].as_array().expect("what was resolved");
    let used: BTreeSet<&str> = nodes.iter().filter_map(|node| node["id"].as_str()).collect();
    let all = metadata["packages"].as_array().expect("packages").iter();
    all.filter(|package| package["id"].as_str().is_some_and(|id| used.contains(id))).cloned().collect()
}

/// Does the expression hold when these licences are allowed? `OR` (of old: `/`), `AND`, brackets.
fn holds(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (value, rest) = any(&words, allowed);
    value && rest.is_empty()
}

fn any<'w>(words: &'w [&'w str], allowed: &BTreeSet<String>) -> (bool, &'w [&'w str]) {
    let (mut value, mut rest) = every(words, allowed);
    while let ["OR", tail @ ..] = rest {
        let (next, after) = every(tail, allowed);
        (value, rest) = (value | next, after);
    }
    (value, rest)
}

fn every<'w>(words: &'w [&'w str], allowed: &BTreeSet<String>) -> (bool, &'w [&'w str]) {
    let (mut value, mut rest) = one(words, allowed);
    while let ["AND", tail @ ..] = rest {
        let (next, after) = one(tail, allowed);
        (value, rest) = (value & next, after);
    }
    (value, rest)
}

fn one<'w>(words: &'w [&'w str], allowed: &BTreeSet<String>) -> (bool, &'w [&'w str]) {
    match words {
        ["(", inner @ ..] => match any(inner, allowed) {
            (value, [")", rest @ ..]) => (value, rest),
            _ => (false, &[]),
        },
        [name, "WITH", exception, rest @ ..] => (allowed.contains(&format!("{name} WITH {exception}")), rest),
        [name, rest @ ..] => (allowed.contains(*name), rest),
        [] => (false, &[]),
    }
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let allowed: BTreeSet<String> = ["MIT", "Apache-2.0 WITH LLVM-exception", "ISC"].map(String::from).into();
    for good in ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND ISC", "Apache-2.0 WITH LLVM-exception OR X", "X AND Y OR MIT"] {
        assert!(holds(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "Apache-2.0", "MIT AND GPL-3.0", "(MIT OR X", "MIT MIT", "(MIT OR X) AND Y"] {
        assert!(!holds(bad, &allowed), "{bad}");
    }
}

#[test]
fn licences_sources_and_banned_crates() {
    let (allowed, banned) = (listed("allow"), listed("deny"));
    assert!(allowed.contains("MIT") && banned.contains("openssl-sys"), "{allowed:?} {banned:?}");
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let mut wrong = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !holds(licence, &allowed) {
            wrong.push(format!("{name}: licence {licence:?}"));
        }
        if !package["source"].is_null() && package["source"] != registry {
            wrong.push(format!("{name}: from {}", package["source"]));
        }
        if banned.contains(name) {
            wrong.push(format!("{name}: banned"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
