//! A ratchet: how many instructions of the processor five programs take, counted by valgrind.
//!
//! Times on shared machines are noise; these counts are the same in every run. `bench/instructions.txt` holds the
//! counts of the build for tests; a program that takes a tenth more fails, and so does one that takes a third less,
//! so that what was won is written down. `EMULANT_COUNTS=write cargo test -p emulant-stdlib --test instructions`
//! writes the file anew.

use emulant_ask::{CompileMode, Limits};
use emulant_compile::{Options as CompileOptions, compile};
use emulant_machine::{Machine, Options, Step};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs of `bench/programs` and their sizes here.
const PROGRAMS: [(&str, u32); 5] = [("loops", 60), ("dispatch", 6000), ("wordcount", 300), ("generators", 9000), ("json_parser", 60)];

fn bench() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench")
}

/// Not a test: what `counts` runs under valgrind, the program named by the environment.
#[test]
#[ignore = "run under valgrind by `counts`"]
fn one_program() {
    let name = std::env::var("EMULANT_PROGRAM").expect("a program");
    let mut source = std::fs::read_to_string(bench().join(format!("programs/{name}.py"))).expect("the program");
    if let Ok(size) = std::env::var("EMULANT_SIZE") {
        writeln!(source, "\nmain({size})").expect("a text grows");
    }
    let options = CompileOptions { file: "program.py".into(), mode: CompileMode::Exec, ..CompileOptions::default() };
    let code = compile(&source, &options).expect("it compiles");
    let step = Machine::new(emulant_stdlib::library(), Limits::default(), Options::default()).start(code);
    assert!(matches!(step, Step::Done { status: 0 }), "{step:?}");
}

/// Instructions of a run, with the call or without it.
fn count(name: &str, size: Option<u32>) -> u64 {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(std::env::current_exe().expect("this test"));
    command.args(["one_program", "--exact", "--ignored", "--test-threads=1"]).env("EMULANT_PROGRAM", name);
    if let Some(size) = size {
        command.env("EMULANT_SIZE", size.to_string());
    }
    let output = command.output().expect("valgrind runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {told}");
    let count = told.lines().find_map(|line| line.split_once("Collected :")).expect("valgrind tells a count").1;
    count.trim().parse().expect("a number")
}

#[test]
fn counts() {
    if !cfg!(debug_assertions) {
        println!("skipped: the counts are those of the build for tests");
        return;
    }
    if !Command::new("valgrind").arg("--version").output().is_ok_and(|out| out.status.success()) {
        println!("skipped: no valgrind on PATH");
        return;
    }
    let file = bench().join("instructions.txt");
    let writes = std::env::var("EMULANT_COUNTS").is_ok_and(|v| v == "write");
    if !writes && !file.exists() {
        println!("skipped: no counts are written down yet");
        return;
    }
    let counted: Vec<(&str, u64)> = PROGRAMS.iter().map(|&(name, size)| (name, count(name, Some(size)) - count(name, None))).collect();
    if writes {
        let text: String = counted.iter().map(|(name, count)| format!("{name} {count}\n")).collect();
        std::fs::write(file, text).expect("the file is written");
        return;
    }
    let text = std::fs::read_to_string(file).expect("bench/instructions.txt");
    let known: Vec<(&str, u64)> = text.lines().filter_map(|line| line.split_once(' ')).map(|(name, count)| (name, count.parse().expect("a count"))).collect();
    for (name, count) in counted {
        let (_, before) = known.iter().find(|(known, _)| *known == name).expect("every program has a count");
        println!("{name}: {count} instructions, {before} before");
        assert!(count <= before + before / 10, "{name} takes {count} instructions, {before} before");
        assert!(count >= before - before / 3, "{name} takes {count} instructions, {before} before: write the new count down");
    }
}
