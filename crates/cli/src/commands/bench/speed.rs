//! `emulant bench speed`: how fast a model reads and writes, what batching is worth, and whether
//! bits agree.

use crate::common::{self, Trouble};
use clap::Args;
use emulant_ask::{Hole, Shape, Value};
use emulant_model::{Backend, Local, Options, Spec, parse_spec};
use std::path::PathBuf;

/// What `bench speed` is told.
#[derive(Args)]
#[command(after_help = "Threads are set by RAYON_NUM_THREADS. The digest must not depend on them.")]
pub struct Arguments {
    /// Which model
    #[arg(long, value_name = "NAME|FILE", default_value = "test")]
    model: String,
    /// Holes of the batch
    #[arg(long, default_value_t = 64)]
    holes: usize,
    /// Tokens to read at once
    #[arg(long, default_value_t = 256)]
    read: usize,
    /// Tokens to write
    #[arg(long, default_value_t = 32)]
    write: usize,
}

/// Measures.
pub fn run(arguments: &Arguments) -> Result<u8, Trouble> {
    let path = weights(&arguments.model)?;
    let fresh = || Local::open(&path, &Options::default(), &mut |_| {}).map_err(Trouble::computer);
    let failed = |reason: String| Trouble::computer(reason);
    let line = |what: &str, count: f64, unit: &str, (wall, processor): (f64, f64)| {
        say_line!("{what:<34} {wall:8.2} s  {processor:8.2} s of processors  {:9.1} {unit}/s  {:8.2} ms of processors each", count / wall, processor * 1000.0 / count.max(1.0));
    };
    let clock = Clock::start();
    let mut local = fresh()?;
    line("load", 1.0, "loads", clock.read());
    let text = emulant_model::prompt_text(&question(0)).repeat(1 + arguments.read / 200);
    // Weights are prepared by their first use.
    local.speed(&text, 16, 1).map_err(failed)?;
    let clock = Clock::start();
    let read = local.speed(&text, arguments.read, 0).map_err(failed)?;
    line("read", read.read as f64, "tokens", clock.read());
    let (before, clock) = (local.speed(&text, 64, 0).map_err(failed)?, Clock::start());
    let written = local.speed(&text, 64, arguments.write).map_err(failed)?;
    let (wall, processor) = clock.read();
    let (wall, processor) = (wall - before.read_us as f64 / 1e6, processor * written.written_us as f64 / (written.read_us + written.written_us).max(1) as f64);
    line("write behind 64 tokens", written.written as f64, "tokens", (wall.max(1e-6), processor));

    let scores: Vec<Vec<f32>> = [0, 1, 100, 256].iter().map(|known| local.scores_after(&text, *known)).collect::<Result<_, _>>().map_err(failed)?;
    let bits = |row: &[f32]| row.iter().flat_map(|score| score.to_bits().to_le_bytes()).collect::<Vec<u8>>();
    let same = scores.iter().all(|row| bits(row) == bits(&scores[0]));
    say_line!("scores cold and warm: {}; their digest {}", if same { "the same bits" } else { "DIFFERENT" }, &emulant_journal::hex(&emulant_journal::sha256(&bits(&scores[0])))[..16]);

    let holes: Vec<Hole> = (0..arguments.holes).map(question).collect();
    let cold_tries = holes.len().min(3);
    let clock = Clock::start();
    for hole in &holes[..cold_tries] {
        local.forget();
        local.answer(&[hole]);
    }
    let cold = clock.read();
    line("cold, one by one", cold_tries as f64, "holes", cold);
    let warm_tries = holes.len().min(16);
    let clock = Clock::start();
    holes[..warm_tries].iter().for_each(|hole| drop(local.answer(&[hole])));
    let warm = clock.read();
    line("warm, one by one", warm_tries as f64, "holes", warm);
    local.forget();
    let (before, clock) = (local.computed(), Clock::start());
    local.answer(&holes.iter().collect::<Vec<_>>());
    let batch = clock.read();
    line("one batch, beginning included", holes.len() as f64, "holes", batch);
    let once = local.computed() - before;
    let clock = Clock::start();
    local.answer(&(arguments.holes..2 * arguments.holes).map(question).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    let warm_batch = clock.read();
    line("one batch, beginning known", holes.len() as f64, "holes", warm_batch);
    let each = |(_, processor): (f64, f64), count: usize| processor / count as f64;
    say_line!("the batch computed {once} tokens for {} holes", holes.len());
    say_line!(
        "by processor time: the batch is {:.1} times cold, and with the beginning known {:.2} times warm one by one",
        each(cold, cold_tries) / each(batch, holes.len()),
        each(warm, warm_tries) / each(warm_batch, holes.len())
    );
    Ok(u8::from(!same))
}

/// The path of the weights that `model` names.
pub fn weights(model: &str) -> Result<PathBuf, Trouble> {
    match parse_spec(model).map_err(|error| Trouble::usage(error.to_string()))? {
        Spec::Named(name) => emulant_model::pull(&name, &mut common::watcher()).map_err(Trouble::computer),
        Spec::File(path) => Ok(path),
        _ => Err(Trouble::usage("this takes a model in this process")),
    }
}

/// Wall time in seconds and processor time of this process, which a busy machine does not stretch.
struct Clock(std::time::Instant, f64);

impl Clock {
    fn start() -> Clock {
        Clock(std::time::Instant::now(), processor_seconds())
    }

    fn read(&self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), processor_seconds() - self.1)
    }
}

/// From `/proc`, in hundredths of a second; 0 where there is none.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// One of many alike holes over the same program.
fn question(number: usize) -> Hole {
    const WORDS: [&str; 8] = ["apple", "stone", "pear", "lamp", "cherry", "truck", "plum", "window"];
    Hole {
        name: "is_fruit".into(),
        signature: "def is_fruit(word: str) -> bool".into(),
        instruction: "Whether the word names a fruit.".into(),
        arguments: vec![("word".into(), Value::str(format!("{} {number}", WORDS[number % WORDS.len()])))],
        shape: Shape::Bool,
        ..Hole::default()
    }
}

