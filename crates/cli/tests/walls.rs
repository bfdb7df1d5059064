//! The table of crates in ARCHITECTURE.md and the manifests say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Crate -> crates that it may use, from the table.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let mut before: BTreeSet<String> = BTreeSet::new();
    let mut table = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let name = cells[1].trim_matches('`').to_string();
        let uses = match cells[3] {
            "all" | "all above" => before.clone(),
            list => list.split(',').map(|one| one.trim().trim_matches('`').to_string()).filter(|one| one != "-").collect(),
        };
        before.insert(name.clone());
        table.insert(name, uses);
    }
    table
}

/// Crates of ours that a manifest names outside of its dev-dependencies.
fn used(name: &str) -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).expect("each crate has a manifest");
    let plain = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    plain.lines().filter_map(|line| line.strip_prefix("emulant-")).filter_map(|rest| rest.split(['.', ' ']).next()).map(String::from).collect()
}

#[test]
fn every_crate_uses_only_what_the_map_allows() {
    let allowed = allowed();
    let folders: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .expect("the folder of crates is there")
        .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders, allowed.keys().cloned().collect(), "the map names each crate once");
    for (name, allowed) in &allowed {
        let extra: Vec<String> = used(name).difference(allowed).cloned().collect();
        assert!(extra.is_empty(), "{name} may not use {extra:?}");
    }
}

#[test]
fn the_pure_crates_do_without_std() {
    for name in ["ask", "machine", "journal"] {
        let text = fs::read_to_string(root().join("crates").join(name).join("src/lib.rs")).expect("each crate has a root");
        assert!(text.contains("#![no_std]"), "{name}");
    }
}

#[test]
fn only_compile_names_the_parser() {
    for entry in fs::read_dir(root().join("crates")).expect("the folder of crates is there") {
        let name = entry.expect("it can be listed").file_name().to_string_lossy().into_owned();
        let manifest = fs::read_to_string(root().join("crates").join(&name).join("Cargo.toml")).expect("each crate has a manifest");
        assert!(name == "compile" || !manifest.contains("ruff_"), "{name}");
    }
}
