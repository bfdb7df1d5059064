//! `emulant conform` without the rest of the workspace, for quick work on the machine:
//! `cargo run -p emulant-prove --example conform -- [--no-oracle] FILE|DIR...`

use emulant_prove::{conform, corpus, oracle::Oracle, report};
use std::path::PathBuf;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let oracle = if arguments.iter().any(|a| a == "--no-oracle") { None } else { Oracle::find(cache()) };
    let paths: Vec<PathBuf> = arguments.iter().filter(|a| !a.starts_with("--")).map(PathBuf::from).collect();
    let cases = match corpus::read(&paths) {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(64);
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let judged = conform::conform(&cases, oracle.as_ref(), threads, &|_| {});
    print!("{}", report::text(&judged));
    if let Some(oracle) = &oracle {
        oracle.keep();
    }
}

fn cache() -> Option<PathBuf> {
    std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/emulant/oracle.json"))
}
