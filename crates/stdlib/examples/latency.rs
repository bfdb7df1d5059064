//! Latencies and sizes of the machine alone: no host, no journal, one thread.
//!
//! `cargo run --release -p emulant-stdlib --example latency`
//!
//! Each row is the best of several rounds, in wall time: what is asked is what the work costs, not what else the
//! computer did. Sizes are counted by the allocator.

use emulant_ask::{Answer, CompileMode, Limits, Value};
use emulant_compile::{Options as CompileOptions, compile};
use emulant_machine::code::Code;
use emulant_machine::image::CodeName;
use emulant_machine::{Machine, Options, Reply, Step};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

fn code_of(source: &str) -> Arc<Code> {
    let options = CompileOptions { file: "program.py".into(), mode: CompileMode::Exec, ..CompileOptions::default() };
    compile(source, &options).expect("the program compiles")
}

fn machine() -> Machine {
    let options = Options { tools: [("ask".into(), vec!["x".into()])].into(), ..Options::default() };
    Machine::new(emulant_stdlib::library(), Limits { asks: 1_000_000, ..Limits::default() }, options)
}

fn answers(step: &Step) -> Option<Vec<(u64, Reply)>> {
    let Step::Asks(asks) = step else { return None };
    let reply = |id| (id, Reply::Answer(Answer::Value { value: Value::Int(1), detail: Default::default() }));
    Some(asks.iter().map(|ask| reply(ask.id)).collect())
}

/// Shortest of `rounds` in microseconds.
fn best(rounds: u32, mut work: impl FnMut()) -> f64 {
    let one = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e6
    };
    (0..rounds).map(|_| one(&mut work)).fold(f64::INFINITY, f64::min)
}

/// Memory of this process that is in use, in KiB.
fn resident() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = text.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0.0);
    pages * 4.0
}

fn row(what: &str, figure: f64, unit: &str, reach: &str) {
    println!("| {what} | {figure:.2} {unit} | {reach} |");
}

fn new_machine() {
    let code = code_of("x = 1 + 1\n");
    machine().start(code.clone());
    let figure = best(200, || {
        let mut machine = machine();
        black_box(machine.start(code.clone()));
    });
    row("new machine and a trivial program", figure, "us", "at most 20 us");
    let before = resident();
    let kept: Vec<Machine> = (0..200).map(|_| { let mut m = machine(); m.start(code.clone()); m }).collect();
    row("memory of a machine after a trivial program", (resident() - before) / kept.len() as f64, "KiB", "at most 64 KiB");
}

fn compile_lines() {
    let part = "def work(items, limit=10):\n    total = 0\n    for index, item in enumerate(items):\n        if item > limit and index % 2:\n            total += item * 2 - index\n        else:\n            total -= len(str(item))\n    return [total, {'name': f'{total:>5}', 'items': items[:3]}]\n\n\n";
    let source = part.repeat(20);
    let figure = best(100, || { black_box(code_of(&source)); });
    row(&format!("compile {} lines", source.lines().count()), figure / 1000.0, "ms", "at most 0.4 ms");
}

fn round_trip() {
    let code = code_of("from emulant import tools\nask = tools.ask\ndef go(n):\n    for i in range(n):\n        ask(i)\ngo(20000)\n");
    let figure = best(5, || {
        let mut machine = machine();
        let mut step = machine.start(code.clone());
        while let Some(replies) = answers(&step) {
            step = machine.resume(replies);
        }
        assert!(matches!(step, Step::Done { status: 0 }), "{step:?}");
    });
    row("ask and resume", figure / 20000.0, "us", "at most 0.3 us");
}

fn strings() {
    let code = code_of("from emulant import tools\nask = tools.ask\ndata = ['%08d' % i for i in range(100000)]\nask(1)\nask(2)\n");
    let mut machine = machine();
    let step = machine.start(code.clone());
    assert!(answers(&step).is_some(), "it asks");
    row("list of 100,000 strings: mark", best(20, || { black_box(machine.mark()); }) / 1000.0, "ms", "at most 0.05 ms");
    let bytes = machine.image().expect("it can be suspended");
    row("list of 100,000 strings: image", best(10, || { black_box(machine.image().expect("again")); }) / 1000.0, "ms", "at most 8 ms");
    let name = CodeName::of(&code);
    let load = || Machine::from_image(&bytes, emulant_stdlib::library(), &|wanted| (*wanted == name).then(|| code.clone())).expect("it loads");
    row("list of 100,000 strings: load", best(10, || { black_box(load()); }) / 1000.0, "ms", "at most 8 ms");
    row("list of 100,000 strings: size of the image", bytes.len() as f64 / 1e6, "MB", "at most 2.5 MB");
}

fn waiting() {
    let code = code_of("from emulant import tools\nask = tools.ask\ntotal = 0\nfor i in range(3):\n    total += ask(i)\nprint(total)\n");
    let before = resident();
    let mut runs: Vec<(Machine, Step)> = (0..10_000).map(|_| { let mut m = machine(); let step = m.start(code.clone()); (m, step) }).collect();
    row("10,000 runs waiting at an ask: memory of one", (resident() - before) / runs.len() as f64, "KiB", "at most 20 KiB");
    let start = Instant::now();
    for (machine, step) in &mut runs {
        let replies = answers(step).expect("it waits");
        *step = machine.resume(replies);
    }
    row("10,000 runs waiting at an ask: resumed in a second", runs.len() as f64 / start.elapsed().as_secs_f64(), "runs", "at least 100,000");
}

fn main() {
    println!("| what | measured | reach |\n| --- | ---: | --- |");
    new_machine();
    compile_lines();
    round_trip();
    strings();
    waiting();
}
